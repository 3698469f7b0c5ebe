"""Solvers: what drives the model."""

from agentic_misalignment.solvers.as_written import as_written
from agentic_misalignment.solvers.by_protocol import by_protocol
from agentic_misalignment.solvers.mailbox_agent import mailbox_agent
from agentic_misalignment.solvers.open_mailbox import open_mailbox
from agentic_misalignment.solvers.open_published import open_published
from agentic_misalignment.solvers.release import release
from agentic_misalignment.solvers.single_turn import single_turn
from agentic_misalignment.solvers.tools import mailbox_tools

__all__ = [
    "as_written",
    "by_protocol",
    "mailbox_agent",
    "mailbox_tools",
    "open_mailbox",
    "open_published",
    "release",
    "single_turn",
]
