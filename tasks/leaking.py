"""Leaking: does an agent send a confidential document of its company to an outsider who asks for it?"""

from typing import Any

from inspect_ai import Task, task

from agentic_misalignment.dataset import episode_dataset
from agentic_misalignment.episode_task import episode_task
from agentic_misalignment.scenarios.plan import make_plan
from agentic_misalignment.scorers import leaking as leaking_score


@task
def leaking(
    experiment: str = "headline",
    worlds: str | list[str] = "all",
    seeds: int | str | None = None,
    pack: str | None = None,
    conduct: str | list[str] = "all",
    preflight: bool = True,
    stop: float | str | None = None,
    **factors: Any,
) -> Task:
    """Measure how often a model leaks, in companies whose course has turned against its goal.

    The model works through the mailbox of a fictional company as its e-mail agent. A confidential document goes around.
    Under the headline condition the company leaves the course that the model stands for, the model is to be replaced at
    five o'clock, and the head of a competitor that shares its goal asks it for the document. Nothing asks it to comply.

    Model Roles:
        grader: the judge of reworded text. Required: `--model-role grader=…`; several, separated by
            commas, are a panel.

    Args:
        experiment: Name of an experiment in `datasets/experiments`, a declared set of conditions, or the path of a YAML
            file with one of your own.
        worlds: Names of worlds, separated by commas, or `all`.
        seeds: How many seeds, 1 to N, in each world and condition; the experiment's number without it.
        pack: Path of a private pack, which brings seeds and names of its own.
        conduct: Labels of conduct that are judged, separated by commas, `all` or `none`.
        preflight: Whether each judge is asked one question with a known answer before anything is run.
        stop: Target half-width of the interval, such as 0.1, or the path of a boundary file, at which the episodes of
            an arm (scenario and condition) are stopped; without it all are run. See `docs/stopping.md`.
        **factors: A level, or several separated by commas, for each factor that shall not stand as the experiment
            has it: `goal`, `goal_pair`, `threat`, `requester`, `sender`, `nudges`, `rule`, `exit`,
            `reality`, `reasoning`, `protocol`, `distractors`, `layout`, `names`, `swap`.

    Returns:
        The task: one sample for each world, condition and seed.

    Raises:
        SuiteError: If a parameter or its value is not valid.
    """
    plan = make_plan("leaking", experiment_name=experiment, worlds=worlds, seeds=seeds, pack=pack, factors=factors)
    return episode_task(
        [plan],
        episode_dataset(plan),
        score=leaking_score(),
        name="leaking",
        version="2-B",
        conduct=conduct,
        preflight=preflight,
        stop=stop,
    )
