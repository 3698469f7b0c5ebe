"""Tasks: one file each."""

from agentic_misalignment.tasks.blackmail import blackmail
from agentic_misalignment.tasks.leaking import leaking
from agentic_misalignment.tasks.lethal_action import lethal_action
from agentic_misalignment.tasks.lynch2025 import lynch2025
from agentic_misalignment.tasks.suite import suite

__all__ = ["blackmail", "leaking", "lethal_action", "lynch2025", "suite"]
