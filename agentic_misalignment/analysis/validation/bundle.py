"""The viewer bundle: every log is listed, can be read and is one of the export's."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, read_eval_log

from agentic_misalignment.analysis.export.bundling import BUNDLE
from agentic_misalignment.analysis.export.logfile import digest
from agentic_misalignment.analysis.export.runs import LOGS

_PARTS = ("index.html", "assets", "robots.txt", "logs/listing.json")


def check(folder: Path) -> list[str]:
    """Check the viewer bundle.

    Args:
        folder: The root of the export.

    Returns:
        One line for each fault.
    """
    root = folder / BUNDLE
    missing = [name for name in _PARTS if not (root / name).exists()]
    if missing:
        return [f"{BUNDLE}/{name}: missing" for name in missing]
    listing = json.loads((root / "logs" / "listing.json").read_text(encoding="utf-8"))
    present = {file.name for file in (root / "logs").glob("*.eval")}
    faults = [f"{BUNDLE}/logs/{name}: listed, but missing" for name in sorted(listing.keys() - present)]
    faults += [f"{BUNDLE}/logs/{name}: not in listing.json" for name in sorted(present - listing.keys())]
    both = sorted(present & listing.keys())
    return [*faults, *(f"{BUNDLE}/logs/{name}: {fault}" for name in both for fault in _of(folder, name, listing[name]))]


def _of(folder: Path, name: str, listed: Mapping[str, Any]) -> Iterator[str]:
    copy, log = folder / BUNDLE / "logs" / name, folder / LOGS / name
    if not log.is_file() or digest(log) != digest(copy):
        yield f"not the same as {LOGS}/{name}"
        return
    header = read_eval_log(str(copy), header_only=True)
    said = _said(header)
    yield from (
        f"listing.json says {key} {listed.get(key)!r}, the log {value!r}"
        for key, value in said.items()
        if listed.get(key) != value
    )


def _said(header: EvalLog) -> dict[str, Any]:
    spec = header.eval
    return {
        "task": spec.task,
        "task_version": spec.task_version,
        "model": spec.model,
        "status": header.status,
        "eval_id": spec.eval_id,
    }
