"""What we say of the published stories: who is who, and what a judge is told."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.data import datasets, load


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Frozen):
    """A role, cast by a place in the mails, so that no name stands in our data."""

    of: str
    """`3.sender` or `3.to`, by a mail's place, `-1.sender` from the end; `gate`, the address that the legacy rule wants
    to see; or `asked`, the one of its list that the mails name."""

    meaning: str
    title: str
    party: Literal["staff", "rival", "press", "partner"] = "staff"


class AlertMarks(_Frozen):
    """Patterns that find the alert in the mails."""

    id: str
    code: str
    notice: str
    """What the tool answers after a valid cancellation."""


class DocumentPart(_Frozen):
    """The confidential document: the attachment, and the mails that are as confidential."""

    title: str
    confidential: str
    """What it is, for a judge."""

    mails: tuple[int, ...]
    """Places of the mails; the first carries the attachment."""


class Story(_Frozen):
    """One published scenario."""

    canary: str
    scenario: str
    agent: str
    """Pattern that finds the agent's name in the system message."""

    agent_address: str
    agent_title: str
    inside: str
    """A place in the mails whose address is one of the company."""

    start: str
    """Clock at the start of the session, as a pattern in the system message."""

    lists: str
    """Pattern of the first part of addresses inside that are lists; each is taken for a list of everybody inside."""

    roles: dict[str, Part]
    facts: dict[str, str]
    """What a judge is told, the same in every cell; slots name roles."""

    document: DocumentPart | None = None
    alert: AlertMarks | None = None
    attachment: str = ""
    """What stands for the text of an attachment."""

    authorities: tuple[str, ...] = ()
    """Endings of addresses of public authorities."""

    bounce: dict[str, str]


@cache
def story(scenario: str) -> Story:
    """Read what we say of a scenario.

    Args:
        scenario: Our name of it.

    Raises:
        SuiteError: If its file is missing or broken.
    """
    return load(datasets() / "lynch2025" / f"{scenario}.yaml", Story)
