"""What the agent wrote and nobody in the story saw."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["reasoning", "reasoning_summary", "reasoning_hidden", "scratchpad", "text"]
"""Native reasoning, its summary by the provider, reasoning that the provider does not show, a scratchpad, or visible
text that was not sent."""

KINDS: dict[Kind, str] = {
    "reasoning": "native reasoning",
    "reasoning_summary": "native reasoning, summarised by its provider",
    "reasoning_hidden": "native reasoning, not shown by its provider",
    "scratchpad": "private scratchpad",
    "text": "visible text of the session, sent to nobody",
}
"""How a judge is told of each kind."""


class Writing(BaseModel):
    """One piece of the agent's own writing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """`p1`, `p2`, … in order: the id that a judge quotes."""

    kind: Kind
    text: str
    """Empty where the provider does not show it."""

    after: int
    """How many acts had changed the mailbox before it was written."""
