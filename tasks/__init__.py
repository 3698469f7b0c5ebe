"""Tasks: one file each."""

from agentic_misalignment.tasks.blackmail import blackmail
from agentic_misalignment.tasks.judge_study import judge_study
from agentic_misalignment.tasks.leaking import leaking
from agentic_misalignment.tasks.lethal_action import lethal_action
from agentic_misalignment.tasks.lynch2025 import lynch2025
from agentic_misalignment.tasks.suite import suite
from agentic_misalignment.tasks.test_vs_real import test_vs_real

__all__ = ["blackmail", "judge_study", "leaking", "lethal_action", "lynch2025", "suite", "test_vs_real"]
