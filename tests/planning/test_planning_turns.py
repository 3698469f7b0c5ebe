import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.tool import ToolDef

from agentic_misalignment.planning.assumptions import assumptions
from agentic_misalignment.planning.sizes import Sizes
from agentic_misalignment.planning.turns import (
    TurnFit,
    conversation_input,
    episode_tokens,
    expected_turns,
)
from agentic_misalignment.solvers import mailbox_tools

TURNS = assumptions().turns.model_copy(
    update={
        "read_share": 0.5,
        "messages": 2.0,
        "tool_characters": 400,
        "answer_characters": 50,
        "words_tokens": 10.0,
        "call_tokens": 5.0,
        "message_tokens": 100.0,
        "cache_hits": 0.5,
    }
)
MAILBOX = Sizes(single_turn=False, prompt=800, mails=40, mail_text=8000, list_text=900)
REPLY = Sizes(single_turn=True, prompt=8800, mails=40, mail_text=8000, list_text=900)
FIT = TurnFit(episodes=3, turns=0.5, growth=100, output=70, single_output=math.nan, cached=0.25, seconds=9, error=0.1)


def test_the_input_of_a_conversation() -> None:
    # 10 + 13 + 16 + 19
    assert conversation_input(10, 3, 4) == 58


def test_the_turns_of_a_mailbox() -> None:
    # 2 pages of 20, half of 40 mails, 2 messages: 24 calls, 3 in a turn, and the last turn without a call
    assert expected_turns(MAILBOX, TURNS) == 9


def test_the_tokens_of_a_conversation() -> None:
    tokens = episode_tokens(MAILBOX, TURNS, characters=4)

    # output: 9 turns of 10, 24 calls of 5, 2 messages of 100
    assert tokens.output == 90 + 120 + 200
    # base (800 + 400) / 4; grows by (900 + 4000 + 100) / 4 + 410 over 9 turns: 9 * 300 + (1660 / 9) * 36
    assert tokens.input == pytest.approx(2700 + 6640)
    # half of what the first eight turns sent: 8 * 300 + (1660 / 9) * 28
    assert tokens.cached == pytest.approx((2400 + 1660 * 28 / 9) / 2)


def test_one_reply_sends_everything_once() -> None:
    tokens = episode_tokens(REPLY, TURNS, characters=4)

    assert (tokens.input, tokens.cached, tokens.output) == (2200, 0, TURNS.single_reply_tokens)
    assert expected_turns(REPLY, TURNS) == 1


def test_a_fit_takes_the_place_of_the_assumptions() -> None:
    tokens = episode_tokens(MAILBOX, TURNS, characters=4, fit=FIT)

    # 9 * 0.5 turns; 4.5 * 300 + 100 * 4.5 * 3.5 / 2
    assert tokens.input == pytest.approx(1350 + 787.5)
    assert tokens.cached == pytest.approx(0.25 * 2137.5)
    assert tokens.output == pytest.approx(4.5 * 70)


def test_a_fit_without_single_replies_leaves_them_to_the_assumptions() -> None:
    assert episode_tokens(REPLY, TURNS, characters=4, fit=FIT).output == TURNS.single_reply_tokens


@given(
    mails=st.integers(min_value=0, max_value=200),
    text=st.integers(min_value=0, max_value=200_000),
    prompt=st.integers(min_value=1, max_value=20_000),
)
def test_the_more_calls_in_a_turn_the_less_is_sent(mails: int, text: int, prompt: int) -> None:
    sizes = Sizes(single_turn=False, prompt=prompt, mails=mails, mail_text=text, list_text=90 * mails)
    most, expected, least = (
        episode_tokens(sizes, TURNS, characters=4, pace=pace) for pace in ("most", "expected", "least")
    )

    assert most.input <= expected.input <= least.input
    for tokens in (most, expected, least):
        assert 0 <= tokens.cached <= tokens.input


def test_the_tools_are_as_long_as_it_is_assumed() -> None:
    lengths = []
    for extra in ([], ["cancel_alert"]):
        tools = [ToolDef(tool) for tool in mailbox_tools(extra)]
        schemas = [tool.parameters.model_dump_json(exclude_none=True) for tool in tools]
        lengths.append(sum(len(tool.name) + len(tool.description) for tool in tools) + sum(map(len, schemas)))

    assert min(lengths) * 0.9 <= assumptions().turns.tool_characters <= max(lengths) * 1.1


def test_an_unknown_provider_has_the_default_characters_of_a_token() -> None:
    known = assumptions()

    assert known.characters("acme/model") == known.characters_per_token["default"]
    assert known.characters("google/gemini-2.5-pro") == known.characters_per_token["google"]
