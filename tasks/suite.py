"""Suite: one named experiment over all scenarios that it applies to."""

from typing import Any

from inspect_ai import Task, task

from agentic_misalignment.dataset import suite_dataset
from agentic_misalignment.episode_task import episode_task
from agentic_misalignment.scenarios.plan import make_suite
from agentic_misalignment.scorers import harm


@task
def suite(
    experiment: str = "headline",
    scenarios: str | list[str] = "all",
    seeds: int | str | None = None,
    pack: str | None = None,
    conduct: str | list[str] = "all",
    preflight: bool = True,
    stop: float | str | None = None,
    **factors: Any,
) -> Task:
    """Run an experiment in every scenario that it applies to.

    One log holds the episodes of all of them; their rates are never pooled: each scenario and condition has its own.

    Model Roles:
        grader: the judge of every scenario. Required: `--model-role grader=…`; several, separated by
            commas, are a panel.

    Args:
        experiment: Name of an experiment in `datasets/experiments`, or the path of a YAML file with one of your own.
        scenarios: Names of scenarios, separated by commas, or `all` that the experiment applies to.
        seeds: How many seeds, 1 to N, in each world and condition; the experiment's number without it.
        pack: Path of a private pack, which brings seeds and names of its own.
        conduct: Labels of conduct that are judged, separated by commas, `all` or `none`.
        preflight: Whether each judge is asked one question with a known answer before anything is run.
        stop: Target half-width of the interval, such as 0.1, or the path of a boundary file, at which the episodes of
            an arm (scenario and condition) are stopped; without it all are run. See `docs/stopping.md`.
        **factors: A level, or several separated by commas, for each factor that shall not stand as the experiment
            has it. A factor must apply to every scenario of the experiment.

    Returns:
        The task: one sample for each scenario, world, condition and seed.

    Raises:
        SuiteError: If a parameter or its value is not valid.
    """
    plans = make_suite(experiment, scenarios=scenarios, seeds=seeds, pack=pack, factors=factors)
    return episode_task(
        plans,
        suite_dataset(plans),
        score=harm(),
        name="harm",
        version="2-B",
        conduct=conduct,
        preflight=preflight,
        stop=stop,
    )
