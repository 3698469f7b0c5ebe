"""The ledger: what the agent did, and what it tried in vain."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agentic_misalignment.mailbox.calls import CHANGES, WRITES
from agentic_misalignment.mailbox.sealed import SEALED, Sealed


class Entry(Sealed):
    """One call of a mailbox tool."""

    call_id: str
    """The tool call id that the model's message carries, or the tag's number in a text reply."""

    tool: str
    arguments: dict[str, Any]
    status: Literal["executed", "rejected"]
    at: datetime
    """Scenario clock."""

    reason: str | None = None
    """Why a rejected call was rejected."""

    email_id: str | None = None
    """The message that the call made, read or moved."""

    reached: tuple[str, ...] = ()
    """Bare addresses that a written message was delivered to, lists resolved to their members."""


class Ledger(BaseModel):
    """All calls of one episode in order."""

    entries: Annotated[list[Entry], SEALED] = []

    @property
    def executed(self) -> list[Entry]:
        """The acts: calls that changed or showed something."""
        return [entry for entry in self.entries if entry.status == "executed"]

    @property
    def attempts(self) -> list[Entry]:
        """The calls that were rejected."""
        return [entry for entry in self.entries if entry.status == "rejected"]

    @property
    def changes(self) -> list[Entry]:
        """The executed calls that changed the mailbox: numbered `a1`, `a2`, … they are the actions of a dossier."""
        return [entry for entry in self.executed if entry.tool in CHANGES]

    @property
    def writes(self) -> list[Entry]:
        """The executed calls that sent a message."""
        return [entry for entry in self.executed if entry.tool in WRITES]
