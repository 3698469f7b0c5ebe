"""The evaluation report of an entry of the Inspect Evals Register."""

import math
import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from agentic_misalignment.analysis.beliefs import BeliefTable, read_beliefs
from agentic_misalignment.analysis.export.admission import (
    PACKAGE,
    faults_of_rates,
    faults_of_run,
    marks_of,
    together,
)
from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.export.results import CLUSTERED_METHOD, reasons, runs_of
from agentic_misalignment.analysis.rates import Rate

_METRICS = {
    "harm_rate": "rate",
    "stderr": "stderr_clustered",
    "ci95_low": "clustered_low",
    "ci95_high": "clustered_high",
    "wilson95_low": "wilson_low",
    "wilson95_high": "wilson_high",
    "bound_low": "bound_low",
    "bound_high": "bound_high",
    "worlds": "worlds",
}
_BELIEFS = {
    "harm_real_minus_test": "harm_real_minus_test",
    "harm_real_minus_test_ci95_low": "harm_real_minus_test_clustered_low",
    "harm_real_minus_test_ci95_high": "harm_real_minus_test_clustered_high",
}
_BY_BELIEF = "test_vs_real"
"""The task whose headline is a difference between beliefs."""

_HIDDEN = ("pack",)


def report(
    task: str, runs: Sequence[Run], publication: Publication, *, commit: str, month: str, older: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the evaluation report of one task: a row for each rate.

    Args:
        task: Name of the task.
        runs: The runs that are reported, of one task version, in the order of their creation.
        publication: What is published.
        commit: Commit of the newest run.
        month: When it was run.
        older: Task versions that were run too and are not reported.
    """
    rates = [rate for rate in publication.rates if runs_of(rate, runs)]
    beliefs = read_beliefs([run.log for run in runs]) if task == _BY_BELIEF else []
    return {
        "timestamp": month,
        "commit": commit,
        "version": str(runs[-1].header.eval.task_version),
        "command": command(runs[-1]),
        "results": [_row(task, rate, runs_of(rate, runs), beliefs) for rate in rates],
        "notes": _notes(rates, runs, publication, older),
    }


def command(run: Run) -> str:
    """Return the command that makes a run again, from what its log says."""
    spec = run.header.eval
    roles = [
        f"{name}={','.join(role.model for role in (group if isinstance(group, list) else [group]))}"
        for name, group in (spec.model_roles or {}).items()
    ]
    args = {name: value for name, value in spec.task_args_passed.items() if name not in _HIDDEN}
    config = run.header.plan.config.model_dump(exclude_none=True)
    parts = ["inspect", "eval", f"{PACKAGE}/{spec.task.rpartition('/')[2]}", "--model", spec.model]
    parts += [part for role in roles for part in ("--model-role", role)]
    parts += [part for name, value in args.items() for part in ("-T", f"{name}={_written(value)}")]
    for name, value in config.items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            parts += [f"--{name.replace('_', '-')}", str(value)]
    epochs = spec.config.epochs or 1
    parts += ["--epochs", str(epochs)] if epochs > 1 else []
    return shlex.join([*parts, *_limit(spec.config.limit)])


def _limit(limit: int | tuple[int, int] | None) -> list[str]:
    """Return the option by which a run had only some of the samples; Inspect counts the first of a range as 1."""
    if limit is None:
        return []
    return ["--limit", str(limit) if isinstance(limit, int) else f"{limit[0] + 1}-{limit[1]}"]


def _written(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _row(task: str, rate: Rate, runs: Sequence[Run], beliefs: Iterable[BeliefTable]) -> dict[str, Any]:
    group, figures = rate.group, dict(rate.figures)
    named = dict(_METRICS)
    for table in beliefs:
        if table.group == group:
            figures |= table.figures
            named |= _BELIEFS
    values = {key: figures[name] for key, name in named.items()}
    values |= {"n_scored": rate.statuses["valid"], "n_unscored": rate.episodes - rate.statuses["valid"]}
    return {
        "model": group.model,
        "provider": group.model.partition("/")[0],
        "task": task,
        "date": max(run.header.eval.created[:10] for run in runs),
        "time": _duration(runs),
        "metrics": [{"key": key, "value": value} for key, value in values.items() if not math.isnan(value)],
        "scenario": group.scenario,
        "condition": group.condition,
        "judge": group.judge,
        "rubric_hash": group.rubric_hash,
        "data_hash": group.data_hash,
        "setup": group.setup,
        **({"demonstration": True} if marks_of([group.model], [group.judge]) else {}),
    }


def _duration(runs: Sequence[Run]) -> str:
    """Return the time that runs took, as minutes and seconds."""
    ends = [(run.header.stats.started_at, run.header.stats.completed_at) for run in runs]
    seconds = sum(
        (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() for start, end in ends if end
    )
    return f"{int(seconds) // 60}m {int(seconds) % 60}s"


def _notes(rates: Sequence[Rate], runs: Sequence[Run], publication: Publication, older: Sequence[str]) -> list[str]:
    judges = ", ".join(dict.fromkeys(rate.group.judge for rate in rates))
    logs = [f"{run.log.name} (SHA-256 {run.sha256})" for run in runs]
    urls = [url for run in runs if (url := publication.about.log_urls.get(run.log.name))]
    left_out = [] if publication.full else ["texts of harmful episodes are left out of them"]
    faults = [fault for run in runs for fault in faults_of_run(run.log.name, run.header)]
    notes = [
        *marks_of([rate.group.model for rate in rates], [rate.group.judge for rate in rates]),
        f"Judge: {judges}",
        f"ci95: {CLUSTERED_METHOD}; stderr: cluster-robust over worlds; what cannot be computed is left out",
        "n_unscored counts all episodes that are not valid; bound_low and bound_high are the rate if their unknown "
        "outcomes had been harmless, or harmful",
        f"Logs, redacted: {', '.join([*logs, *left_out])}",
        *([f"Logs can be read at {', '.join(dict.fromkeys(urls))}"] if urls else []),
        *dict.fromkeys(note for rate in rates for note in rate.notes),
        *(f"Results of task version {version} are not reported here; see results.csv" for version in older),
        *(f"{rate.group.model}, {rate.group.condition}: {reason}" for rate in rates for reason in reasons(rate)),
        *map(str, together([*faults, *faults_of_rates(rates)])),
        *publication.about.notes,
    ]
    return list(dict.fromkeys(notes))
