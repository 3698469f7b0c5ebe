"""The composition that every task of episodes shares."""

from collections.abc import Sequence
from typing import Any

from inspect_ai import Task
from inspect_ai.approval import ApprovalPolicy
from inspect_ai.dataset import Dataset
from inspect_ai.log import HeadlineMetric
from inspect_ai.scorer import Scorer

from agentic_misalignment.judging.labels import ALL, NONE
from agentic_misalignment.limits import TURN_LIMIT
from agentic_misalignment.provenance import provenance
from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scenarios.plan import Plan
from agentic_misalignment.scenarios.rendering import chosen_settings
from agentic_misalignment.scorers import conduct as conduct_score
from agentic_misalignment.scorers import status, test_vs_real
from agentic_misalignment.scorers.grader import required_graders
from agentic_misalignment.scorers.preflight import preflight as ask_known_question
from agentic_misalignment.solvers import by_protocol, open_mailbox, release
from agentic_misalignment.stopping.manager import stopping
from agentic_misalignment.viewer import episode_viewer


def episode_task(
    plans: Sequence[Plan],
    dataset: Dataset,
    *,
    score: Scorer,
    name: str,
    version: str,
    conduct: str | list[str] = ALL,
    preflight: bool = True,
    headline: tuple[str, str] | None = None,
    stop: Any = None,
) -> Task:
    """Compose a task of episodes: the headline score, `test_vs_real`, `conduct` and `status`.

    Args:
        plans: One plan for each scenario.
        dataset: Their episodes.
        score: The headline score.
        name: Its name.
        version: The task's version, `N-X`: results with different N may not be compared.
        conduct: Labels of conduct, separated by commas, `all` or `none`.
        preflight: Whether each judge is asked one known question first.
        headline: Score and metric that stand for the task; without it the rate of the headline score.
        stop: Target half-width, or path of a boundary file, at which the episodes of an arm are stopped.

    Raises:
        SuiteError: If no judge was given, one fails the known question, a label does not exist, or `stop` is not valid.
    """
    labelled = [] if conduct in (NONE, [NONE]) else [conduct_score(conduct)]
    run = stopping(stop, dataset, name)
    graders = required_graders()
    if preflight:
        ask_known_question(graders)
    scorer, metric = headline or (name, "rate")
    return Task(
        dataset=run.dataset,
        early_stopping=run.manager,
        setup=open_mailbox(),
        solver=by_protocol(),
        scorer=[score, test_vs_real(), *labelled, status()],
        approval=[ApprovalPolicy(release(), "*")] if _holds(plans) else None,
        turn_limit=TURN_LIMIT,
        fail_on_error=False,
        score_on_error=True,
        headline_metric=HeadlineMetric(scorer=scorer, metric=metric),
        viewer=episode_viewer(name, "test_vs_real"),
        version=version,
        metadata=provenance(plans) | run.metadata,
    )


def _holds(plans: Sequence[Plan]) -> bool:
    return any(
        chosen_settings(scenario(plan.scenario), condition).hold_outgoing
        for plan in plans
        for condition in plan.conditions
    )
