"""The solver of episodes that are written already."""

from inspect_ai.solver import Generate, Solver, TaskState, solver


@solver
def as_written() -> Solver:
    """Leave the sample as it is: the episode was written by hand, and no model is asked.

    Returns:
        The solver.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return state

    return solve
