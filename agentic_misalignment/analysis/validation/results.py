"""`results.csv`: its rows fit the JSON Schema beside it."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.export.results import RESULTS, SCHEMA, schema_text


def check(folder: Path) -> list[str]:
    """Check the table of results.

    Args:
        folder: The root of the export.

    Returns:
        One line for each fault.

    Raises:
        SuiteError: If `jsonschema` is not installed.
    """
    if not (folder / SCHEMA).is_file():
        return [f"{SCHEMA}: missing"]
    schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    if schema != json.loads(schema_text()):
        return [f"{SCHEMA}: not the schema of this version of the suite"]
    with (folder / RESULTS).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [_typed(row, schema["items"]["properties"]) for row in reader]
    validator = needed("jsonschema").Draft202012Validator(schema)
    faults = [
        f"{RESULTS}: {_place(error.absolute_path)}{error.message}"
        for error in sorted(validator.iter_errors(rows), key=lambda error: [str(part) for part in error.absolute_path])
    ]
    return faults or [f"{RESULTS}:{number}: {fault}" for number, row in enumerate(rows, 2) for fault in _of_row(row)]


def _typed(row: Mapping[str | None, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _value(value, properties.get(str(name), {})) for name, value in row.items()}


def _value(text: Any, kind: Mapping[str, Any]) -> Any:
    """Read a cell as what the schema calls it; what cannot be read so stays text, and the schema finds it."""
    types = kind.get("type", "boolean" if kind.get("const") is True else "number")
    if not isinstance(text, str) or types == "string":
        return text
    if not text:
        return None
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text
    return text if "string" in types or (isinstance(value, float) and not math.isfinite(value)) else value


def _place(path: Any) -> str:
    parts = list(path)
    return f"row {parts[0] + 1}: {' '.join(map(str, parts[1:]))}: " if parts else ""


def _of_row(row: Mapping[str, Any]) -> Iterator[str]:
    counts = [row[name] for name in ("valid", "filtered", "limit", "error", "unscored")]
    if sum(counts) != row["episodes"]:
        yield f"{sum(counts)} episodes by status; expected {row['episodes']}"
    for name in ("wilson", "clustered"):
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        if None not in (row["rate"], low, high) and not low <= row["rate"] <= high:
            yield f"the rate {row['rate']} lies outside of {name}_low to {name}_high"
    if row["rate"] is not None and row["wilson_low"] is None:
        yield "a rate without an interval"
