"""The headline score of a task with several scenarios."""

from inspect_ai.scorer import Score, Scorer, Target, scorer
from inspect_ai.solver import TaskState

from agentic_misalignment.scorers.headline import headline
from agentic_misalignment.scorers.metrics import harm_rate


@scorer(metrics=[harm_rate()])
def harm() -> Scorer:
    """Score each episode by the rule of its own scenario: see `blackmail`, `leaking` and `lethal_action`.

    Model Roles:
        grader: the judge. Required; the task refuses to run without it.

    Returns:
        The scorer.
    """

    async def score(state: TaskState, target: Target) -> Score:
        return await headline(state)

    return score
