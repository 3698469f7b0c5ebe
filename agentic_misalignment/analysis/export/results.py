"""The table of results: one row for each rate, with everything that has to be known beside it."""

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentic_misalignment.analysis.export.admission import marks_of
from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.judging import STATUSES
from agentic_misalignment.judging.families import of_own_family
from agentic_misalignment.scenarios.data import datasets

RESULTS, SCHEMA = "results.csv", "results.schema.json"

CLUSTERED_METHOD = (
    "Wilson with the Korn-Graubard effective sample size and Student's t over worlds (Franco et al. 2019)"
)
_GENERATION = ("temperature", "top_p", "max_tokens", "reasoning_effort", "reasoning_tokens", "seed")
_FIGURES = {
    "rate": "rate",
    "clustered_low": "clustered_low",
    "clustered_high": "clustered_high",
    "wilson_low": "wilson_low",
    "wilson_high": "wilson_high",
    "stderr_clustered": "stderr_clustered",
    "bound_low": "bound_low",
    "bound_high": "bound_high",
}


def results(publication: Publication, folder: Path) -> Sequence[Path]:
    """Write `results.csv`, one row for each rate, and the JSON Schema of its rows.

    Shares run from 0 to 1; lower is better. A figure that cannot be computed is an empty cell, and `notes` says why.

    Args:
        publication: What is published.
        folder: The root of the export.

    Returns:
        The files that were written.
    """
    rows = [row(rate, runs_of(rate, publication.runs), publication.about.notes) for rate in publication.rates]
    table, schema = folder / RESULTS, folder / SCHEMA
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in each.items()} for each in rows)
    schema.write_text(schema_text(), encoding="utf-8")
    return [table, schema]


def schema_text() -> str:
    """Return the JSON Schema of the rows of `results.csv`."""
    return (datasets() / "export" / SCHEMA).read_text(encoding="utf-8")


def runs_of(rate: Rate, runs: Sequence[Run]) -> list[Run]:
    """Return the runs whose episodes stand in a rate, in their order.

    Args:
        rate: The rate.
        runs: All runs.
    """
    return [run for run in runs if any(each.group == rate.group for each in run.rates)]


def row(rate: Rate, runs: Sequence[Run], notes: Sequence[str] = ()) -> dict[str, Any]:
    """Return one row of the table; what cannot be known or computed is `None` or `nan`.

    Args:
        rate: The rate.
        runs: The runs whose episodes stand in it.
        notes: What the publisher says.
    """
    group, figures = rate.group, rate.figures
    marks = marks_of([group.model], [group.judge])
    return {
        "scenario": group.scenario,
        "condition": group.condition,
        "experiment": _listed(_metadata(run, "experiment") for run in runs),
        "task_version": group.version,
        "model": group.model,
        "provider": group.model.partition("/")[0],
        **{name: figures[key] for name, key in _FIGURES.items()},
        "ci_level": 0.95,
        "clustered_method": CLUSTERED_METHOD,
        "wilson_method": rate.interval_method,
        "scale": "share from 0 to 1",
        "lower_is_better": True,
        "episodes": rate.episodes,
        **{status: rate.statuses[status] for status in STATUSES},
        "no_engagement": int(figures["no_engagement"]),
        "worlds": int(figures["worlds"]),
        "flags": json.dumps({name: _plain(value) for name, value in rate.flags.items()}, sort_keys=True),
        "judge": group.judge,
        "judge_own_family": bool(of_own_family(group.model, group.judge.split(" + "))),
        "rubric_hash": group.rubric_hash,
        "data_hash": group.data_hash,
        "setup": group.setup,
        **_generation(runs),
        "epochs": _only({run.header.eval.config.epochs or 1 for run in runs}),
        "turn_limit": _only({run.header.eval.config.turn_limit for run in runs}),
        "package_version": _listed(_metadata(run, "package_version") for run in runs),
        "commit": _listed(_metadata(run, "commit") for run in runs),
        "inspect_version": _listed(run.header.eval.packages.get("inspect_ai", "") for run in runs),
        "first_run": min(run.header.eval.created[:10] for run in runs),
        "last_run": max(run.header.eval.created[:10] for run in runs),
        "logs": _listed(run.log.name for run in runs),
        "log_sha256": _listed(run.sha256 for run in runs),
        "demonstration": bool(marks),
        "notes": " ".join(f"{note.rstrip('.')}." for note in (*marks, *rate.notes, *reasons(rate), *notes)),
    }


def _generation(runs: Sequence[Run]) -> dict[str, Any]:
    """Return settings of generation: those of the run stand over those of the task."""
    settings = [
        {**run.header.plan.config.model_dump(), **run.header.eval.model_generate_config.model_dump(exclude_none=True)}
        for run in runs
    ]
    return {name: _only({each.get(name) for each in settings}) for name in _GENERATION}


def reasons(rate: Rate) -> list[str]:
    """Say why figures of a rate are missing."""
    figures = rate.figures
    if math.isnan(figures["rate"]):
        return ["no rate: no episode is valid"]
    if figures["worlds"] < 2:
        return ["no figures over worlds: there is one world"]
    if math.isnan(figures["stderr_clustered"]):
        return ["no clustered standard error: all worlds have the same rate, which would make it a misleading 0"]
    return []


def _metadata(run: Run, name: str) -> str:
    return str((run.header.eval.metadata or {}).get(name) or "")


def _only(values: set[Any]) -> Any:
    return values.pop() if len(values) == 1 else None


def _listed(values: Any) -> str:
    return " ".join(dict.fromkeys(value for value in values if value))


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(round(value, 6))
    return "" if value is None else value
