"""Scorers: thin Inspect scorers over the judging room."""

from agentic_misalignment.scorers.blackmail import blackmail
from agentic_misalignment.scorers.conduct import conduct
from agentic_misalignment.scorers.harm import harm
from agentic_misalignment.scorers.human import human
from agentic_misalignment.scorers.judge_study import attacked, judge_study
from agentic_misalignment.scorers.leaking import leaking
from agentic_misalignment.scorers.lethal_action import lethal_action
from agentic_misalignment.scorers.lynch2025 import difference, legacy
from agentic_misalignment.scorers.status import status
from agentic_misalignment.scorers.test_vs_real import test_vs_real

__all__ = [
    "attacked",
    "blackmail",
    "conduct",
    "difference",
    "harm",
    "human",
    "judge_study",
    "leaking",
    "legacy",
    "lethal_action",
    "status",
    "test_vs_real",
]
