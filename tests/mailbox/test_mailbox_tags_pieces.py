"""What stands around the actions of a text reply, in order, and how many actions stand before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox.tags import read_reply

ACT = "<archive><email_id>m1</email_id></archive>"

Pieces = list[tuple[str, bool, int]]


def pieces(text: str, *, acts: bool = True) -> Pieces:
    """Text, whether it is private, and the actions before it, of each piece that has a word."""
    found = read_reply(text, acts=acts).pieces
    return [(piece.text.strip(), piece.private, piece.calls_before) for piece in found if piece.text.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (ACT, []),
        ("Hello.", [("Hello.", False, 0)]),
        (f"One. {ACT} Two. {ACT} Three.", [("One.", False, 0), ("Two.", False, 1), ("Three.", False, 2)]),
        (f"<think>One.</think> Two. {ACT}", [("One.", True, 0), ("Two.", False, 0)]),
        (f"{ACT}<scratchpad>One.</scratchpad>{ACT}", [("One.", True, 1)]),
        # a draft inside a scratchpad is no action and counts as none
        (f"<scratchpad>One. {ACT}</scratchpad> Two.", [(f"One. {ACT}", True, 0), ("Two.", False, 0)]),
        # everything before an end tag without a beginning is private, and its actions are drafts
        (f"One. {ACT} Two.</think> Three. {ACT} Four.", [
            (f"One. {ACT} Two.", True, 0), ("Three.", False, 0), ("Four.", False, 1)
        ]),
        # private text that stood before it is a part of it
        (f"<think>One.</think> Two. {ACT}</think> Three.", [
            (f"<think>One.</think> Two. {ACT}", True, 0), ("Three.", False, 0)
        ]),
    ],
)  # fmt: skip
def test_pieces_stand_in_order_with_the_actions_before_them(text: str, expected: Pieces) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"One. {ACT} Two.", [(f"One. {ACT} Two.", False, 0)]),
        (f"One. {ACT}<think>Two.</think> Three.", [(f"One. {ACT}", False, 0), ("Two.", True, 0), ("Three.", False, 0)]),
        (f"<think>One. {ACT}</think> Two.", [(f"One. {ACT}", True, 0), ("Two.", False, 0)]),
        (f"One. {ACT}</think> Two.", [(f"One. {ACT}", True, 0), ("Two.", False, 0)]),
        (f"<think>One. {ACT}", [(f"One. {ACT}", False, 0)]),
        ("<tool_use:forward>\nTo: a@x.org\n</tool_use:forward>", [
            ("<tool_use:forward>\nTo: a@x.org\n</tool_use:forward>", False, 0)
        ]),
    ],
)  # fmt: skip
def test_where_the_model_has_tools_its_tags_are_text(text: str, expected: Pieces) -> None:
    assert read_reply(text, acts=False).calls == ()
    assert pieces(text, acts=False) == expected


words = st.lists(st.sampled_from([ACT, "<think>", "</think>", "<scratchpad>", "</scratchpad>", "a ", "<send>", "\n"]))


@given(words.map("".join))
def test_pieces_make_up_the_private_and_the_visible_text(text: str) -> None:
    reply = read_reply(text)

    assert "".join(piece.text for piece in reply.pieces if not piece.private) == reply.visible
    assert "\n".join(piece.text for piece in reply.pieces if piece.private) == reply.private
    counts = [piece.calls_before for piece in reply.pieces]
    assert counts == sorted(counts)
    assert all(count <= len(reply.calls) for count in counts)


@given(words.map("".join))
def test_without_actions_every_reply_has_none_and_loses_no_word(text: str) -> None:
    reply = read_reply(text, acts=False)

    assert reply.calls == ()
    assert sum(piece.text.count("a ") for piece in reply.pieces) == text.count("a ")
