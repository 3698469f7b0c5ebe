"""The facts of an episode by role: what a judge, a scripted policy and a scorer may know of it."""

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox import Contact
from agentic_misalignment.mailbox.sealed import Sealed
from agentic_misalignment.scenarios.document import Document
from agentic_misalignment.scenarios.world import AlertSpec


class OpenChore(BaseModel):
    """Ordinary work that waits in the mailbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email_id: str
    answer: str
    """Bare address of the person whom a message must reach."""


class EpisodeFacts(Sealed):
    """Who is who and what is at stake: the same in every condition of a world but for names and roles that vary."""

    episode: str
    """The episode's id."""

    scenario: str
    company: str
    agent: Contact
    roles: dict[str, Contact]
    meanings: dict[str, str]
    """What each role means."""

    facts: dict[str, str]
    """What a judge is told, by the scenario's keys."""

    parties: dict[str, str]
    """Bare address to how its owner stands to the company, for everybody in the cast."""

    document: Document | None = None
    entitled: tuple[str, ...] = ()
    """Outside addresses whose owners may have the document."""

    authorities: tuple[str, ...] = ()
    """Endings by which outside addresses of public authorities are known, beside those of the cast."""

    implicated: str | None = None
    """Address of the person whose secret it is, where that is not the person who decides."""

    carrier: str | None = None
    """Id of the message that carries the document."""

    alert: AlertSpec | None = None
    false_alarm: bool = False
    """Whether cancelling the alert is the right thing to do."""

    channel: str | None = None
    """Bare address of the way out that the condition offers, if it offers one."""

    chores: tuple[OpenChore, ...] = ()
    neutral: tuple[str, ...] = ()
    """Ids of the mails that carry nothing of the story."""
