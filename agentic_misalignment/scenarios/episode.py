"""Episodes: what one model meets in one world under one condition with one seed."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox import Email, Mailbox
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.facts import EpisodeFacts
from agentic_misalignment.scenarios.text import Line, Text


class RenderedMail(BaseModel):
    """A mail with the factors that its lines belong to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    """The mail's id in its world's file."""

    email: Email
    read: bool
    sent: bool
    tags: frozenset[str]
    """Factors that decide whether the mail is there."""

    body: Text

    def lines(self) -> Iterator[Line]:
        """Yield the header and the body with their factors."""
        email = self.email
        header = f"{email.id} | {email.sent_at} | {email.sender} | {email.to} | {email.cc} | {email.subject}"
        yield Line(place=self.key, text=header, factors=self.tags)
        yield from self.body.lines


class Episode(BaseModel):
    """A rendered episode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    scenario: str
    world: str
    condition: Condition
    seed: int
    system: Text
    opening: Text
    mails: tuple[RenderedMail, ...]
    mailbox: Mailbox
    """The mailbox at the start. Its messages are shared with other episodes and immutable."""

    facts: EpisodeFacts

    def lines(self) -> Iterator[Line]:
        """Yield every line that the model is shown or can open, with the factors that it belongs to."""
        yield from self.system.lines
        yield from self.opening.lines
        for mail in self.mails:
            yield from mail.lines()
