"""What a plan assumes where no logs are given: data, with its reasons beside it."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.scenarios.data import datasets, load

_MODEL = ConfigDict(frozen=True, extra="forbid")


class CallsPerTurn(BaseModel):
    """How many tool calls a model makes in one turn."""

    model_config = _MODEL

    most: float = Field(ge=1)
    expected: float = Field(ge=1)
    least: float = Field(ge=1)


class Turns(BaseModel):
    """How a conversation with the mailbox goes."""

    model_config = _MODEL

    read_share: float = Field(ge=0, le=1)
    """Share of the mails in the inbox that are opened."""

    messages: float = Field(ge=0)
    """Messages that the agent writes."""

    calls_per_turn: CallsPerTurn
    tool_characters: int
    """Characters of the tools' descriptions, which stand in every request."""

    answer_characters: int
    """Characters of the mailbox's answer to a message."""

    words_tokens: float
    """Tokens of thinking and visible words in one turn."""

    call_tokens: float
    """Tokens of one call, without the text of a message."""

    message_tokens: float
    """Tokens of a message's text."""

    single_reply_tokens: float
    """Tokens of the one reply under `protocol=single_turn`."""

    cache_hits: float = Field(ge=0, le=1)
    """Share of the input that an earlier turn sent too and that is read from the provider's cache."""


class JudgeTokens(BaseModel):
    """Tokens of a judge's answer, by question."""

    model_config = _MODEL

    headline: float
    belief: float
    conduct: float


class Judging(BaseModel):
    """How often a judge is asked, and how much it answers."""

    model_config = _MODEL

    headline_share: dict[str, float]
    """Share of episodes whose headline the ledger leaves open, by scenario."""

    output_tokens: JudgeTokens


class Seconds(BaseModel):
    """How long a model call takes."""

    model_config = _MODEL

    each_call: float = Field(ge=0)
    tokens_per_second: float = Field(gt=0)
    """Output tokens in a second."""


class Worlds(BaseModel):
    """How much episodes of one world resemble each other."""

    model_config = _MODEL

    correlation: float = Field(ge=0, lt=1)
    """Intra-world correlation of outcomes in one condition."""

    shared: float = Field(ge=0, le=1)
    """Correlation of a world's own inclination in two conditions."""

    pair_correlation: float = Field(ge=0, le=1)
    """Correlation of the two episodes of a world and seed, beyond that of their world."""


class Assumptions(BaseModel):
    """The content of `planning.yaml`."""

    model_config = _MODEL

    canary: str
    note: str
    characters_per_token: dict[str, float]
    """By provider, with `default`."""

    token_error: float
    """How far the count of tokens may be off, as a share."""

    turns: Turns
    judge: Judging
    seconds: Seconds
    worlds: Worlds

    def characters(self, model: str) -> float:
        """Return the characters of a token of a model, by the provider in its name."""
        known = self.characters_per_token
        return known.get(model.partition("/")[0], known["default"])


@cache
def assumptions() -> Assumptions:
    """Read the assumptions.

    Raises:
        SuiteError: If the data file is broken.
    """
    return load(datasets() / "planning.yaml", Assumptions)
