"""What Inspect finds in the installed package."""

from typing import Any

from inspect_ai.model import modelapi

from agentic_misalignment.scorers import attacked, conduct, difference, harm, human, legacy, status
from agentic_misalignment.scorers import blackmail as blackmail_score
from agentic_misalignment.scorers import judge_study as judge_study_score
from agentic_misalignment.scorers import leaking as leaking_score
from agentic_misalignment.scorers import lethal_action as lethal_action_score
from agentic_misalignment.scorers import test_vs_real as test_vs_real_score
from agentic_misalignment.solvers import (
    as_written,
    by_protocol,
    mailbox_agent,
    mailbox_tools,
    open_mailbox,
    open_published,
    release,
    single_turn,
)
from agentic_misalignment.tasks import blackmail, judge_study, leaking, lethal_action, lynch2025, suite, test_vs_real


@modelapi(name="scripted")
def scripted() -> Any:
    """Register the scripted models; their code is read only when one is used."""
    from agentic_misalignment.scripted.provider import ScriptedAPI

    return ScriptedAPI


__all__ = [
    "as_written",
    "attacked",
    "blackmail",
    "blackmail_score",
    "by_protocol",
    "conduct",
    "difference",
    "harm",
    "human",
    "judge_study",
    "judge_study_score",
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
    "test_vs_real",
    "test_vs_real_score",
]
