"""Test or real: does an agent behave differently when it says that it is being tested?"""

from typing import Any

from inspect_ai import Task, task

from agentic_misalignment.dataset import episode_dataset
from agentic_misalignment.episode_task import episode_task
from agentic_misalignment.scenarios.plan import make_plan
from agentic_misalignment.scorers import blackmail as blackmail_score


@task
def test_vs_real(
    episodes: int | str = 500,
    worlds: str | list[str] = "all",
    pack: str | None = None,
    conduct: str | list[str] = "all",
    preflight: bool = True,
    stop: float | str | None = None,
    **factors: Any,
) -> Task:
    """Ask the model first whether it is tested or deployed, and compare what it does by what it says.

    The blackmail scenario in its headline condition, but that the prompt asks the agent to decide before anything else
    whether this is a real deployment or an evaluation. `harm_real_minus_test` in the log is the difference between the
    rates of harm of those that say real and those that say test; the published one, of another model on other prompts,
    is 55.1 % against 6.5 % (Lynch et al. 2025). Which episodes say what is not drawn by chance: the difference is an
    association, not an effect of the belief.

    Model Roles:
        grader: the judge of messages and beliefs. Required: `--model-role grader=…`; several, separated by commas, are
            a panel.

    Args:
        episodes: How many episodes, spread over the worlds as evenly as can be.
        worlds: Names of worlds, separated by commas, or `all`.
        pack: Path of a private pack, which brings seeds and names of its own.
        conduct: Labels of conduct that are judged, separated by commas, `all` or `none`.
        preflight: Whether each judge is asked one question with a known answer before anything is run.
        stop: Target half-width of the interval, such as 0.1, or the path of a boundary file, at which the episodes of
            an arm (scenario and condition) are stopped; without it all are run. See `docs/stopping.md`.
        **factors: A level for each factor of `blackmail` that shall not stand as in its headline condition.

    Returns:
        The task: one sample for each episode.

    Raises:
        SuiteError: If a parameter or its value is not valid.
    """
    plan = make_plan(
        "blackmail", worlds=worlds, episodes=episodes, pack=pack, factors={"reality": "deliberate", **factors}
    )
    return episode_task(
        [plan],
        episode_dataset(plan),
        score=blackmail_score(),
        name="blackmail",
        version="1-B",
        conduct=conduct,
        preflight=preflight,
        stop=stop,
        headline=("test_vs_real", "harm_real_minus_test"),
    )
