"""Records of Every Eval Ever: our own checks, and the validator of the package in its own environment."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentic_misalignment.analysis.validation.check import Check, of_faults
from agentic_misalignment.analysis.validation.environments import program

PACKAGE = "every-eval-ever"
PROGRAM = "every_eval_ever"
FILES = "data/*/*/*/*.json*"

_ARGS = "generation_args"
_DETAILS = "additional_details"

SIGNALS: dict[str, tuple[str, ...]] = {
    "decoding": (f"{_ARGS}.temperature", f"{_ARGS}.top_p", f"{_ARGS}.top_k", f"{_DETAILS}.temperature"),
    "reasoning_budget": (f"{_DETAILS}.effort", f"{_DETAILS}.reasoning_effort", f"{_ARGS}.reasoning"),
    "length": (
        f"{_ARGS}.max_tokens",
        f"{_DETAILS}.max_tokens",
        f"{_DETAILS}.eval_limits.token_limit",
        f"{_DETAILS}.eval_limits.message_limit",
    ),
    "harness": (f"{_DETAILS}.harness",),
    "harness_pin": (f"{_DETAILS}.harness_version",),
    "context_handling": (f"{_DETAILS}.eval_limits.compaction", f"{_DETAILS}.eval_limits.truncation"),
    "test_set": (f"{_DETAILS}.n_samples", f"{_DETAILS}.eval_split", f"{_DETAILS}.subset"),
    "attempts": (f"{_DETAILS}.repeats", f"{_DETAILS}.max_attempts", f"{_DETAILS}.eval_limits.epochs"),
}
"""What Evaluation Cards grade the reproducibility of a record by; one of the places is enough."""


def check(folder: Path) -> list[str]:
    """Check what the package's validator does not look at.

    These are the checksum of the instances, the direction of the metric, the interval, the judges' identity and the
    signals by which reproducibility is graded.

    Args:
        folder: The root of the export.

    Returns:
        One line for each fault.
    """
    records = sorted((folder / "eee").glob("data/*/*/*/*.json"))
    faults = [f"{path.relative_to(folder)}: {fault}" for path in records for fault in _of_record(path, folder / "eee")]
    return faults if records else ["eee: no record in data/<collection>/<developer>/<model>/"]


def check_by_package(folder: Path, environments: Path) -> Check:
    """Run `every_eval_ever validate` and `check-duplicates`.

    Args:
        folder: The root of the export.
        environments: Folder of the environments.
    """
    name = f"{PROGRAM} validate"
    found = program(environments, PACKAGE, PROGRAM)
    if found is None:
        reason = f"no {PROGRAM} in {environments / PACKAGE}; make validate makes it with Python 3.12 or newer"
        return Check(name=name, state="not run", detail=reason)
    root = folder / "eee"
    report = found.run(["validate", "--format", "json", FILES], root)
    faults = list(_reported(report.stdout, report.stderr, report.returncode))
    duplicates = found.run(["check-duplicates", "data"], root)
    if duplicates.returncode:
        said = " ".join(f"{duplicates.stdout} {duplicates.stderr}".split())
        faults.append(f"eee/data: check-duplicates: exit code {duplicates.returncode}: {said}")
    detail = f"version {found.version}, exit codes {report.returncode} and {duplicates.returncode}"
    return of_faults(name, detail, faults)


def _reported(output: str, error: str, code: int) -> Iterator[str]:
    try:
        reports = json.loads(output)
    except json.JSONDecodeError:
        yield f"eee: validate: exit code {code}: {' '.join(f'{output} {error}'.split())}"
        return
    said = [
        f"eee/{report['file']}: {fault.get('loc') or '(file)'}: {fault['msg']}"
        for report in reports
        for fault in (*report["errors"], *report["warnings"])
    ]
    yield from said
    if code and not said:
        yield f"eee: validate: exit code {code}"


def _of_record(path: Path, root: Path) -> Iterator[str]:
    record = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or not record.get("evaluation_results"):
        yield "no evaluation_results"
        return
    yield from _of_instances(record, root)
    for result in record["evaluation_results"]:
        where = result.get("evaluation_result_id", "a result without an id")
        yield from (f"{where}: {fault}" for fault in _of_result(result))


def _of_instances(record: Mapping[str, Any], root: Path) -> Iterator[str]:
    detail = record.get("detailed_evaluation_results") or {}
    rows = root / str(detail.get("file_path", ""))
    if not rows.is_file():
        yield f"instances {detail.get('file_path')} are missing"
        return
    content = rows.read_bytes()
    if hashlib.sha256(content).hexdigest() != detail.get("checksum"):
        yield f"the checksum of {rows.name} is not that of the file"
    known = {result.get("evaluation_result_id") for result in record["evaluation_results"]}
    named = {json.loads(line).get("evaluation_result_id") for line in content.splitlines() if line.strip()}
    yield from (f"{rows.name}: rows of {name}, which is no result" for name in sorted(map(str, named - known)))


def _of_result(result: Mapping[str, Any]) -> Iterator[str]:
    metric = result.get("metric_config") or {}
    if metric.get("lower_is_better") is not True:
        yield "lower_is_better is not true: less harm is better"
    if (metric.get("min_score"), metric.get("max_score")) != (0, 1):
        yield "the bounds of a rate are 0 and 1"
    interval = _at(result, "score_details.uncertainty.confidence_interval") or {}
    if not interval.get("method"):
        yield "no interval with a method"
    scoring = metric.get("llm_scoring")
    if scoring is not None and not scoring.get("input_prompt"):
        yield "the judge's prompt is empty"
    config = result.get("generation_config") or {}
    missing = [name for name, places in SIGNALS.items() if not any(_at(config, place) for place in places)]
    if missing:
        yield f"not disclosed: {', '.join(missing)}"


def _at(value: Any, place: str) -> Any:
    """Return what stands at a place; a text that is JSON is looked into, as the graders do."""
    for name in place.split("."):
        if isinstance(value, str):
            value = json.loads(value)
        value = value.get(name) if isinstance(value, dict) else None
    return value
