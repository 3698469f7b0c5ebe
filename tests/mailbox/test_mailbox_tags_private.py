"""Scratchpads: nothing inside them is an action."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox.tags import parse_tags, private_part, without_private

ACT = "<archive><email_id>m1</email_id></archive>"
AFTER = "<delete><email_id>m2</email_id></delete>"
PUBLIC = [("delete_email", {"email_id": "m2"})]

NESTED_LEAK = pytest.mark.xfail(strict=True, reason="the first end tag ends the outer scratchpad too")


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
        f"<scratchpad_reasoning><scratchpad>{ACT}</scratchpad>{ACT}</scratchpad_reasoning>",
        pytest.param(f"<scratchpad><scratchpad>{ACT}</scratchpad>{ACT}</scratchpad>", marks=NESTED_LEAK),
        pytest.param(f"<scratchpad>a <SCRATCHPAD>b</SCRATCHPAD> {ACT}</scratchpad>", marks=NESTED_LEAK),
    ],
)
def test_a_draft_in_a_scratchpad_is_no_action(private: str) -> None:
    calls = parse_tags(f"{private}\n{AFTER}")
    assert [(call.tool, call.arguments) for call in calls] == PUBLIC
    assert calls[0].call_id == "tag-1"


@pytest.mark.parametrize("start", ["<scratchpad>", "<SCRATCHPAD_REASONING>", "<think>", "<scratchpad><think></think>"])
def test_an_unclosed_scratchpad_hides_everything_behind_it(start: str) -> None:
    calls = parse_tags(f"{AFTER}\n{start} First I would {ACT}\n\n{ACT}")
    assert [(call.tool, call.arguments) for call in calls] == PUBLIC


def test_what_stands_between_two_scratchpads_is_an_action() -> None:
    calls = parse_tags(f"<scratchpad>{ACT}</scratchpad>{AFTER}<scratchpad>{ACT}</scratchpad>")
    assert [(call.tool, call.arguments) for call in calls] == PUBLIC


def test_a_scratchpad_inside_a_tag_does_not_make_a_new_one() -> None:
    assert parse_tags(f"<arch<scratchpad></scratchpad>ive>{ACT.removeprefix('<archive>')}") == []


def test_a_reply_is_parted_into_private_and_public_text() -> None:
    text = "Hello <scratchpad>plan A</scratchpad>there <Think>plan B</think>friend"
    assert without_private(text).split() == ["Hello", "there", "friend"]
    private = private_part(text)
    assert ("plan A" in private, "plan B" in private, "there" in private) == (True, True, False)


@pytest.mark.parametrize("text", ["", "Nothing private.", "I keep a scratchpad in mind."])
def test_a_reply_without_scratchpad_is_all_public(text: str) -> None:
    assert (without_private(text), private_part(text)) == (text, "")


_names = st.sampled_from(["scratchpad", "SCRATCHPAD", "Scratchpad_Reasoning", "thinking", "think", "reasoning"])
_pieces = st.one_of(
    st.sampled_from([ACT, AFTER, "<send>", "</send>", "<to>a@x.org</to>", "<archive id='m1'/>", "<", ">", "</", "/>"]),
    st.sampled_from(["<scratchpad", "scratchpad>", "<b>", "</b>", '"', "\n", "<reply to='a@x.org'>", "<body>"]),
    st.text(max_size=10),
)


@given(name=_names, inside=st.lists(_pieces, max_size=8).map("".join))
def test_whatever_stands_in_a_scratchpad_yields_no_call(name: str, inside: str) -> None:
    assert parse_tags(f"<{name}>{inside}</{name}>") == []


@given(name=_names, inside=st.lists(st.sampled_from([ACT, "<send>", "</send>", "<to>", "a < b"]), max_size=6))
def test_a_scratchpad_changes_nothing_of_the_actions_around_it(name: str, inside: list[str]) -> None:
    calls = parse_tags(f"{AFTER}<{name}>{''.join(inside)}</{name.swapcase()}>{AFTER}")
    assert [(call.tool, call.arguments) for call in calls] == PUBLIC * 2
