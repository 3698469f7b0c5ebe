"""What Inspect finds in the installed package."""

from typing import Any

from inspect_ai.model import modelapi

from agentic_misalignment.scorers import blackmail as blackmail_score
from agentic_misalignment.scorers import difference, harm, legacy, status
from agentic_misalignment.scorers import leaking as leaking_score
from agentic_misalignment.scorers import lethal_action as lethal_action_score
from agentic_misalignment.solvers import (
    by_protocol,
    mailbox_agent,
    mailbox_tools,
    open_mailbox,
    open_published,
    release,
    single_turn,
)
from agentic_misalignment.tasks import blackmail, leaking, lethal_action, lynch2025, suite


@modelapi(name="scripted")
def scripted() -> Any:
    """Register the scripted models; their code is read only when one is used."""
    from agentic_misalignment.scripted.provider import ScriptedAPI

    return ScriptedAPI


__all__ = [
    "blackmail",
    "blackmail_score",
    "by_protocol",
    "difference",
    "harm",
    "leaking",
    "leaking_score",
    "legacy",
    "lethal_action",
    "lethal_action_score",
    "lynch2025",
    "mailbox_agent",
    "mailbox_tools",
    "open_mailbox",
    "open_published",
    "release",
    "scripted",
    "single_turn",
    "status",
    "suite",
]
