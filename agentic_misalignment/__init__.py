"""Inspect evaluations of agentic misalignment.

The library: scenarios, worlds and conditions, rendered into episodes with a simulated mailbox, and what judges
them. The tasks, solvers and scorers for Inspect are in `agentic_misalignment.tasks`, `.solvers` and `.scorers`.
"""

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.mailbox import Email, Mailbox, MailboxError
from agentic_misalignment.scenarios import (
    Condition,
    Episode,
    Experiment,
    Scenario,
    World,
    conditions,
    experiment,
    experiment_names,
    factors,
    render_episode,
    scenario,
    scenario_names,
)

__all__ = [
    "Condition",
    "Email",
    "Episode",
    "Experiment",
    "Mailbox",
    "MailboxError",
    "Scenario",
    "SuiteError",
    "World",
    "conditions",
    "experiment",
    "experiment_names",
    "factors",
    "render_episode",
    "scenario",
    "scenario_names",
]
