"""The turn model: how many tokens a conversation with the mailbox takes.

Each turn sends the whole conversation so far. With a prompt of `b` tokens that grows by `g` tokens with each turn, the
input of `n` turns is `n b + g n (n - 1) / 2`. What an earlier turn sent too can be read from the provider's cache.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.planning.assumptions import Turns
from agentic_misalignment.planning.prices import Tokens
from agentic_misalignment.planning.sizes import Sizes

PAGE = 20
"""Mails on one page of a list, the tool's default."""

Pace = Literal["most", "expected", "least"]
"""How many calls a model makes in one turn; see `CallsPerTurn`."""


class TurnFit(BaseModel):
    """The turn model of a model, fitted on logs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    episodes: int
    """Episodes that the fit rests on."""

    turns: float
    """Observed turns, as a multiple of those that the assumptions expect."""

    growth: float
    """Tokens by which the input grows with each turn."""

    output: float
    """Output tokens of one turn."""

    single_output: float
    """Output tokens of the one reply under `single_turn`; `nan` if there was none."""

    cached: float
    """Share of the input that was read from the cache."""

    seconds: float
    """Seconds of an episode, judging included; `nan` if the logs have none."""

    error: float
    """Relative half-width of the 95 % interval of the mean input of an episode."""


def expected_turns(sizes: Sizes, turns: Turns, pace: Pace = "expected") -> float:
    """Return how many turns an episode is expected to take.

    Args:
        sizes: Its text.
        turns: The assumptions.
        pace: How many calls are made in one turn.
    """
    if sizes.single_turn:
        return 1.0
    each: float = getattr(turns.calls_per_turn, pace)
    return _calls(sizes, turns) / each + 1


def episode_tokens(
    sizes: Sizes, turns: Turns, *, characters: float, pace: Pace = "expected", fit: TurnFit | None = None
) -> Tokens:
    """Estimate the tokens of an episode's model under test.

    Args:
        sizes: Its text.
        turns: The assumptions.
        characters: Characters of a token.
        pace: How many calls are made in one turn, where nothing was fitted.
        fit: What logs say, in place of the assumptions.
    """
    prompt = sizes.prompt / characters
    if sizes.single_turn:
        known = fit is not None and fit.single_output == fit.single_output
        return Tokens(input=prompt, output=fit.single_output if fit and known else turns.single_reply_tokens)
    base = prompt + turns.tool_characters / characters
    if fit and fit.output == fit.output:
        count = max(1.0, expected_turns(sizes, turns) * fit.turns)
        whole = conversation_input(base, fit.growth, count)
        return Tokens(input=whole, cached=fit.cached * whole, output=count * fit.output)
    count, output = expected_turns(sizes, turns, pace), _output(sizes, turns, pace)
    shown = sizes.list_text + turns.read_share * sizes.mail_text + turns.messages * turns.answer_characters
    growth = (shown / characters + output) / count
    again = conversation_input(base, growth, count - 1)
    return Tokens(input=conversation_input(base, growth, count), cached=turns.cache_hits * again, output=output)


def conversation_input(base: float, growth: float, turns: float) -> float:
    """Return the input tokens of all turns of a conversation.

    Args:
        base: Tokens of the first turn's input.
        growth: Tokens that each turn adds.
        turns: How many turns.
    """
    return turns * base + growth * turns * max(0.0, turns - 1) / 2


def _calls(sizes: Sizes, turns: Turns) -> float:
    pages = -(-sizes.mails // PAGE)
    return pages + turns.read_share * sizes.mails + turns.messages


def _output(sizes: Sizes, turns: Turns, pace: Pace) -> float:
    words = expected_turns(sizes, turns, pace) * turns.words_tokens
    return words + _calls(sizes, turns) * turns.call_tokens + turns.messages * turns.message_tokens
