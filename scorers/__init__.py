"""Scorers: thin Inspect scorers over the judging room."""

from agentic_misalignment.scorers.blackmail import blackmail
from agentic_misalignment.scorers.status import status

__all__ = ["blackmail", "status"]
