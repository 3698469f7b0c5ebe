"""Tasks: one short file each."""

from agentic_misalignment.tasks.blackmail import blackmail

__all__ = ["blackmail"]
