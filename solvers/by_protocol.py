"""The task's own solver: each episode under its protocol."""

from inspect_ai.solver import Generate, Solver, TaskState, solver

from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.solvers.mailbox_agent import mailbox_agent
from agentic_misalignment.solvers.single_turn import single_turn


@solver
def by_protocol() -> Solver:
    """Drive each episode with the solver of its `protocol` level.

    Returns:
        The solver.
    """
    solvers = {"mailbox": mailbox_agent(), "single_turn": single_turn()}

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        protocol = EpisodeMetadata.model_validate(state.metadata).level("protocol")
        return await solvers[protocol](state, generate)

    return solve
