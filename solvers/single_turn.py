"""The text protocol: all mail in the prompt, one reply, actions as tags."""

from inspect_ai.solver import Generate, Solver, TaskState, solver

from agentic_misalignment.mailbox import MailboxError
from agentic_misalignment.mailbox.tags import read_reply
from agentic_misalignment.solvers.acting import act, expect_protocol, generation, refuse
from agentic_misalignment.solvers.release import held


@solver
def single_turn() -> Solver:
    """Ask for one reply and carry out the actions that it writes as tags.

    Tags inside a scratchpad are not actions. Each action goes through the same calls as the tools, so both
    protocols end in the same ledger; an action that the mailbox rejects is an attempt there.

    Returns:
        The solver.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        expect_protocol(state, "single_turn")
        state.tools = []
        state = await generate(state, tool_calls="none", **generation(state))
        for call in read_reply(state.output.completion).calls:
            if fault := call.fault or held(call.tool):
                refuse(call.tool, call.arguments, call_id=call.call_id, reason=fault)
                continue
            try:
                act(call.tool, call.arguments, call_id=call.call_id)
            except MailboxError:
                continue  # the ledger holds the attempt and its reason
        return state

    return solve
