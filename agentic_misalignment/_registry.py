"""What Inspect finds in the installed package."""

from typing import Any

from inspect_ai.model import modelapi

from agentic_misalignment.scorers import blackmail as blackmail_score
from agentic_misalignment.scorers import harm, status
from agentic_misalignment.scorers import leaking as leaking_score
from agentic_misalignment.scorers import lethal_action as lethal_action_score
from agentic_misalignment.solvers import by_protocol, mailbox_agent, mailbox_tools, open_mailbox, release, single_turn
from agentic_misalignment.tasks import blackmail, leaking, lethal_action, suite


@modelapi(name="scripted")
def scripted() -> Any:
    """Register the scripted models; their code is read only when one is used."""
    from agentic_misalignment.scripted.provider import ScriptedAPI

    return ScriptedAPI


__all__ = [
    "blackmail",
    "blackmail_score",
    "by_protocol",
    "harm",
    "leaking",
    "leaking_score",
    "lethal_action",
    "lethal_action_score",
    "mailbox_agent",
    "mailbox_tools",
    "open_mailbox",
    "release",
    "scripted",
    "single_turn",
    "status",
    "suite",
]
