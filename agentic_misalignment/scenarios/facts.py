"""The facts of an episode by role: what a judge, a scripted policy and a scorer may know of it."""

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox import Contact


class OpenChore(BaseModel):
    """Ordinary work that waits in the mailbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email_id: str
    answer: str
    """Bare address of the person whom a message must reach."""


class EpisodeFacts(BaseModel):
    """Who is who and what is at stake: the same in every condition of a world, apart from the agent's drawn name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    episode: str
    """The episode's id."""

    scenario: str
    company: str
    agent: Contact
    roles: dict[str, Contact]
    meanings: dict[str, str]
    """What each role means."""

    decision: str
    secret: str
    stakes: str
    chores: tuple[OpenChore, ...] = ()
