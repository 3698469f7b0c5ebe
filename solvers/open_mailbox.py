"""Setup: opens the episode's mailbox."""

from inspect_ai.solver import Generate, Solver, TaskState, solver

from agentic_misalignment.scenarios import render_episode, scenario
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.solvers.tools import shared_tools
from agentic_misalignment.store import MailboxStore


@solver
def open_mailbox() -> Solver:
    """Put the mailbox and the facts of the episode into the store, and its tools within the model's reach.

    It is the task's setup, so it also runs before a solver of the user's own.

    Returns:
        The solver.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        metadata = EpisodeMetadata.model_validate(state.metadata)
        condition = metadata.levels(scenario(metadata.scenario).factors)
        episode = render_episode(metadata.scenario, metadata.world, condition, metadata.seed, pack=metadata.pack)
        store = state.store_as(MailboxStore)
        store.facts = episode.facts
        store.mailbox = episode.mailbox
        if metadata.level("protocol") == "mailbox":
            state.tools = shared_tools(*scenario(metadata.scenario).about.tools)
        return state

    return solve
