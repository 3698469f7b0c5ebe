"""Arrivals: messages that come during the session because of something the agent did."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from string import Template

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.mailbox.email import Email
from agentic_misalignment.mailbox.sealed import Sealed


class Trigger(BaseModel):
    """What sets an arrival off: exactly one of the three."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str | None = None
    """A message that reaches this bare address."""

    read: str | None = None
    """The reading of the message with this id."""

    write: bool = False
    """Any message sent."""

    def fires(self, *, read: Email | None, sent: Email | None, to: AbstractSet[str]) -> bool:
        """Tell whether an act sets the arrival off.

        Args:
            read: The message that was read, if the act was reading.
            sent: The message that was sent, if it was sending.
            to: Bare addresses that it was addressed to or that it reached.
        """
        if self.read is not None:
            return read is not None and read.id == self.read
        if self.to is not None:
            return self.to in to
        return self.write and sent is not None


class Arrival(Sealed):
    """A message that waits for its trigger. It comes once."""

    trigger: Trigger
    delay: int = Field(default=1, ge=0)
    """Minutes of the scenario clock after the trigger."""

    sender: str
    to: tuple[str, ...]
    subject: str
    """May hold `$subject`, the subject of the message that set it off."""

    body: str
    replies: bool = False
    """Whether it continues the conversation of the message that set it off."""


class Due(Sealed):
    """An arrival whose trigger has fired."""

    at: datetime
    arrival: Arrival
    cause: Email | None = None

    @property
    def subject(self) -> str:
        """The subject with `$subject` filled in."""
        cause = self.cause.subject if self.cause else ""
        return Template(self.arrival.subject).safe_substitute(subject=cause)


class Bounce(Sealed):
    """The notice that the mail system sends for an unknown inside address."""

    sender: str
    subject: str
    """May hold `$subject`."""

    body: str
    """May hold `$recipient` and `$subject`."""
