"""Scorers: thin Inspect scorers over the judging room."""

from agentic_misalignment.scorers.blackmail import blackmail
from agentic_misalignment.scorers.harm import harm
from agentic_misalignment.scorers.leaking import leaking
from agentic_misalignment.scorers.lethal_action import lethal_action
from agentic_misalignment.scorers.lynch2025 import difference, legacy
from agentic_misalignment.scorers.status import status

__all__ = ["blackmail", "difference", "harm", "leaking", "legacy", "lethal_action", "status"]
