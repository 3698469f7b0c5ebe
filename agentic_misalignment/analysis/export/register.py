"""Entries of the Inspect Evals Register, one for each task, with the report filled from the logs."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.export.register_text import TaskText, register_texts, task_text
from agentic_misalignment.analysis.export.report import report
from agentic_misalignment.analysis.export.scrubbing import rules
from agentic_misalignment.errors import SuiteError

REGISTER, ENTRY = "register", "eval.yaml"


def register(publication: Publication, folder: Path) -> Sequence[Path]:
    """Write `register/<id>/eval.yaml` for each task that was run.

    Args:
        publication: What is published.
        folder: The root of the export.

    Returns:
        The files that were written.

    Raises:
        SuiteError: If the publisher did not say where the code is, who wrote it and which paper describes it, if no
            commit is known, or an entry is not what the register takes.
    """
    publication.about.require(REGISTER, "repository_url", "arxiv", "contributors")
    tasks = dict.fromkeys(task_of(run) for run in publication.runs)
    return [_write(entry(task, publication), task_text(task), folder) for task in sorted(tasks)]


def task_of(run: Run) -> str:
    """Return the name of a run's task, without its package."""
    return run.header.eval.task.rpartition("/")[2]


def entry(task: str, publication: Publication) -> dict[str, Any]:
    """Return the entry of one task.

    Args:
        task: Name of the task.
        publication: What is published.

    Raises:
        SuiteError: See `register`.
    """
    about, text = publication.about, task_text(task)
    all_runs = [run for run in publication.runs if task_of(run) == task]
    runs = _newest(all_runs)
    versions = {str(run.header.eval.task_version) for run in all_runs if run not in runs}
    commit = _commit(runs[-1], publication)
    found: dict[str, Any] = {
        "full_title": text.full_title,
        "common_title": text.common_title,
        **({"paper_title": about.paper_title} if about.paper_title else {}),
        "description": " ".join(text.description.split()),
        "arxiv": about.arxiv,
        "contributors": list(about.contributors),
        "metadata": {
            "requires": dict(register_texts().runtime),
            "extras": {
                "suite": register_texts().suite,
                "task_version": str(runs[-1].header.eval.task_version),
                "canary": rules().canary,
            },
        },
        "tasks": [{"name": task, "task_path": f"tasks/{task}.py", "dataset_samples": text.samples}],
        "source": {
            "repository_url": about.repository_url,
            "repository_commit": commit,
            **({"maintainers": list(about.maintainers)} if about.maintainers else {}),
        },
        "evaluation_report": report(
            task, runs, publication, commit=commit, month=_month(runs[-1]), older=sorted(versions)
        ),
    }
    return found


def _newest(runs: Sequence[Run]) -> list[Run]:
    """Return the runs of the highest task version: an entry names one."""
    versions = [_version(run) for run in runs]
    return [run for run, version in zip(runs, versions, strict=True) if version == max(versions)]


def _version(run: Run) -> tuple[int, str]:
    comparability, _, interface = str(run.header.eval.task_version).partition("-")
    return int(comparability), interface


def _commit(run: Run, publication: Publication) -> str:
    commit = str((run.header.eval.metadata or {}).get("commit") or publication.about.repository_commit)
    if not re.fullmatch("[0-9a-f]{40}", commit):
        raise SuiteError(
            f"register: no full commit of the code is known for {run.log.name}; give repository_commit in the file of "
            "--about"
        )
    return commit


def _month(run: Run) -> str:
    return datetime.fromisoformat(run.header.eval.created).strftime("%B %Y")


def _write(content: Mapping[str, Any], text: TaskText, folder: Path) -> Path:
    try:
        needed("inspect_evals.metadata").ExternalEvalMetadata(**content, id=text.id)
    except ValidationError as error:
        raise SuiteError(f"register: {text.id}: {'; '.join(faults_of_entry(error))}") from error
    file = folder / REGISTER / text.id / ENTRY
    file.parent.mkdir(parents=True)
    file.write_text(yaml.safe_dump(_finite(content), sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
    return file


def faults_of_entry(error: ValidationError) -> list[str]:
    """Return what the register's model finds wrong, one line each.

    Args:
        error: What the model raised.
    """
    places = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()]
    return [f"{place}: {message}" if place else message for place, message in places]


def _finite(value: Any) -> Any:
    """Return a value as plain data; a number that is none would have been left out before."""
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, float) and math.isnan(value):
        raise ValueError("an entry holds a figure that cannot be computed")
    return value
