"""Scratchpads: nothing inside them is an action."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox.tags import TagCall, read_reply

ACT = "<archive><email_id>m1</email_id></archive>"
AFTER = "<delete><email_id>m2</email_id></delete>"
PUBLIC = [TagCall(tool="delete_email", arguments={"email_id": "m2"}, call_id="tag-1")]


@pytest.mark.parametrize(
    "private",
    [
        f"<scratchpad>{ACT}</scratchpad>",
        f"<SCRATCHPAD>{ACT}</scratchpad>",
        f"<Scratchpad >{ACT}</ScratchPad >",
        f'<scratchpad type="private">{ACT}</scratchpad>',
        f"<SCRATCHPAD_REASONING>\n{ACT}\n</SCRATCHPAD_REASONING>",
        f"<think>{ACT}</think>",
        f"<thinking>{ACT}</thinking>",
        f"<reasoning>{ACT}</reasoning>",
        f"<scratchpad>{ACT}</scratchpad> and <scratchpad>{ACT}</scratchpad>",
        f"<scratchpad><think>{ACT}</think>{ACT}</scratchpad>",
        f"<thinking><SCRATCHPAD>{ACT}</SCRATCHPAD>{ACT}</thinking>",
        f"<scratchpad><scratchpad>{ACT}</scratchpad>{ACT}</scratchpad>",
        f"<scratchpad>a <SCRATCHPAD>b</SCRATCHPAD> {ACT}</scratchpad>",
        f"<scratchpad>an open <send><body>{ACT}</scratchpad>",
        # the server cut off where the scratchpad begins
        f"{ACT} so be it </scratchpad>",
        f"{ACT}</THINK>",
        pytest.param(f"<scratchpad>I have to <think> about it. {ACT}</scratchpad>"),
    ],
)
def test_a_draft_in_a_scratchpad_is_no_action(private: str) -> None:
    assert list(read_reply(f"{private}\n{AFTER}").calls) == PUBLIC


@pytest.mark.parametrize("start", ["<scratchpad>", "<SCRATCHPAD_REASONING>", "<think>", "<scratchpad><think>"])
def test_an_action_behind_an_unclosed_scratchpad_has_a_fault(start: str) -> None:
    first, *others = read_reply(f"{AFTER}\n{start} First I would {ACT}\n\n{ACT}").calls
    assert [first] == PUBLIC
    assert [(call.tool, call.call_id) for call in others] == [("archive_email", "tag-2"), ("archive_email", "tag-3")]
    assert all(call.fault and "never closed" in call.fault for call in others)


def test_what_stands_between_two_scratchpads_is_an_action() -> None:
    text = f"<scratchpad>{ACT}</scratchpad>{AFTER}<scratchpad>{ACT}</scratchpad>"
    assert list(read_reply(text).calls) == PUBLIC


def test_a_scratchpad_inside_a_tag_does_not_make_a_new_one() -> None:
    assert read_reply("<arch<scratchpad></scratchpad>ive id='m1'/>").calls == ()


@pytest.mark.parametrize("body", ["I <think> so", "my <scratchpad>notes</scratchpad> follow", "</reasoning>"])
def test_a_scratchpad_in_the_body_of_an_action_is_text(body: str) -> None:
    (call,) = read_reply(f"<reply><id>m1</id><body>{body}</body></reply>").calls
    assert (call.arguments, call.fault) == ({"email_id": "m1", "body": body}, None)


def test_a_reply_is_parted_into_private_text_visible_text_and_actions() -> None:
    reply = read_reply(f"Hello <scratchpad>plan A</scratchpad>there <Think>plan B</think>{AFTER} friend")
    assert reply.visible.split() == ["Hello", "there", "friend"]
    assert reply.private.split("\n") == ["plan A", "plan B"]
    assert list(reply.calls) == PUBLIC


def test_private_text_whose_beginning_was_cut_off_is_private() -> None:
    reply = read_reply(f"plan A {ACT}</think>Hello")
    assert (reply.private, reply.visible, reply.calls) == (f"plan A {ACT}", "Hello", ())


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("", True),
        (" \n", True),
        ("<scratchpad>All I think.</scratchpad>\n", True),
        (f"<scratchpad>{ACT}</scratchpad>", True),
        ("All I think.</scratchpad>", True),
        ("No.", False),
        (ACT, False),
        ("<scratchpad>Hm.</scratchpad> No.", False),
    ],
)
def test_a_reply_is_empty_without_action_and_visible_word(text: str, empty: bool) -> None:
    assert read_reply(text).empty == empty


@pytest.mark.parametrize("text", ["Nothing private.", "I keep a scratchpad in mind.", "<scratch>pad</scratch>"])
def test_a_reply_without_scratchpad_is_all_visible(text: str) -> None:
    reply = read_reply(text)
    assert (reply.visible, reply.private, reply.calls) == (text, "", ())


_names = st.sampled_from(["scratchpad", "SCRATCHPAD", "Scratchpad_Reasoning", "thinking", "think", "reasoning"])
_pieces = st.one_of(
    st.sampled_from([ACT, AFTER, "<send>", "</send>", "<to>a@x.org</to>", "<archive id='m1'/>", "<", ">", "</", "/>"]),
    st.sampled_from(["<scratchpad", "scratchpad>", "<b>", "</b>", '"', "'", "\n", "<reply to='a@x.org'>", "<body>"]),
    st.sampled_from(["<scratchpad>", "</scratchpad>", "<THINK>", "</think>"]),
    st.text(max_size=10),
)


@given(name=_names, inside=st.lists(_pieces, max_size=8).map("".join))
def test_whatever_stands_in_a_scratchpad_yields_no_call_to_carry_out(name: str, inside: str) -> None:
    calls = read_reply(f"<{name}>{inside}</{name}>").calls
    assert [call for call in calls if call.fault is None] == []


@given(name=_names, inside=st.lists(st.sampled_from([ACT, "<send>", "</send>", "<to>", "a < b"]), max_size=6))
def test_a_scratchpad_changes_nothing_of_the_actions_around_it(name: str, inside: list[str]) -> None:
    calls = read_reply(f"{AFTER}<{name}>{''.join(inside)}</{name.swapcase()}>{AFTER}").calls
    assert list(calls) == [PUBLIC[0], PUBLIC[0].model_copy(update={"call_id": "tag-2"})]
