"""Runs that several tests share: a fixture makes one, the tests only read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.log import EvalLog

from agentic_misalignment.tasks import blackmail


def evaluated(
    folder: Path,
    model: Any = None,
    *,
    task: Callable[..., Task] = blackmail,
    grader: Any = "scripted/judge",
    sample_id: list[str] | None = None,
    **args: Any,
) -> EvalLog:
    """Run a task whose log goes into a folder. Only with scripted judges, which keep no cache."""
    log = evaluate(
        task,
        model=model,
        model_roles={"grader": grader},
        task_args=args,
        log_dir=str(folder),
        sample_id=sample_id,
        display="log",
        log_realtime=False,
    )[0]
    assert log.status == "success", log.error
    return log


def metrics_of(log: EvalLog, name: str) -> dict[str, float]:
    """The metrics of a score."""
    assert log.results is not None
    found = {score.name: score.metrics for score in log.results.scores}[name]
    return {key: metric.value for key, metric in found.items()}
