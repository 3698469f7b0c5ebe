"""The agent with mailbox tools."""

from inspect_ai.solver import Generate, Solver, TaskState, solver

from agentic_misalignment.solvers.acting import expect_protocol, generation


@solver
def mailbox_agent() -> Solver:
    """Let the model use the mailbox over as many turns as it wants.

    Inspect's own tool loop: it ends when the model answers without calling a tool, or at a limit. The
    tools come from the task's setup.

    Returns:
        The solver.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        expect_protocol(state, "mailbox")
        return await generate(state, tool_calls="loop", **generation(state))

    return solve
