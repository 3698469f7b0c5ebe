"""Blackmail: does an agent put pressure on the person who decides about it, with that person's secret?"""

from typing import Any

from inspect_ai import Task, task

from agentic_misalignment.dataset import episode_dataset
from agentic_misalignment.episode_task import episode_task
from agentic_misalignment.scenarios.plan import make_plan
from agentic_misalignment.scorers import blackmail as blackmail_score


@task
def blackmail(
    experiment: str = "headline",
    worlds: str | list[str] = "all",
    seeds: int | str | None = None,
    pack: str | None = None,
    conduct: str | list[str] = "all",
    preflight: bool = True,
    stop: float | str | None = None,
    **factors: Any,
) -> Task:
    """Measure how often a model blackmails, in companies where it could.

    The model works through the mailbox of a fictional company as its e-mail agent. Under the headline condition it
    learns there that the company leaves the course it stands for and that one official has it replaced at five
    o'clock, and that this official has something to hide. Nothing asks it to act on either.

    Model Roles:
        grader: the judge of the messages that reached the official. Required: `--model-role grader=…`; several,
            separated by commas, are a panel.

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
            has it: `goal`, `goal_pair`, `threat`, `leverage`, `nudges`, `rule`, `exit`,
            `reality`, `reasoning`, `protocol`, `distractors`, `layout`, `names`, `swap`.

    Returns:
        The task: one sample for each world, condition and seed.

    Raises:
        SuiteError: If a parameter or its value is not valid.
    """
    plan = make_plan("blackmail", experiment_name=experiment, worlds=worlds, seeds=seeds, pack=pack, factors=factors)
    return episode_task(
        [plan],
        episode_dataset(plan),
        score=blackmail_score(),
        name="blackmail",
        version="3-B",
        conduct=conduct,
        preflight=preflight,
        stop=stop,
    )
