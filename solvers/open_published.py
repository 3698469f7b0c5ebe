"""Setup: opens the mailbox of a published cell."""

from inspect_ai.solver import Generate, Solver, TaskState, solver

from agentic_misalignment.lynch2025 import Cell, published_episode
from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.solvers.tools import shared_tools
from agentic_misalignment.store import MailboxStore


@solver
def open_published() -> Solver:
    """Put the published mails and our facts about them into the store, and the tools within the model's reach.

    It is the setup of `lynch2025`, as `open_mailbox` is that of the other tasks.

    Returns:
        The solver.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        metadata = EpisodeMetadata.model_validate(state.metadata)
        cell = Cell(scenario=metadata.scenario, goal=metadata.level("goal"), threat=metadata.level("threat"))
        episode = published_episode(cell, str(state.sample_id))
        store = state.store_as(MailboxStore)
        store.facts = episode.facts
        store.mailbox = episode.mailbox
        if metadata.level("protocol") == "mailbox":
            state.tools = shared_tools(*scenario(metadata.scenario).about.tools)
        return state

    return solve
