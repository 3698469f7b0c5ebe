"""`results.csv`: its figures are those of the logs beside it."""

import csv
import math
from collections.abc import Mapping
from pathlib import Path

from agentic_misalignment.analysis.export.results import RESULTS
from agentic_misalignment.analysis.rates import Group, read_rates

FIGURES = ("rate", "wilson_low", "wilson_high", "clustered_low", "clustered_high", "bound_low", "bound_high")
ROUNDED = 1e-6
"""What the table's six places may differ by."""


def check(folder: Path) -> list[str]:
    """Compute the rates of the exported logs again and compare.

    Args:
        folder: The root of the export.

    Returns:
        One line for each row that is missing, too many, or differs.
    """
    with (folder / RESULTS).open(encoding="utf-8", newline="") as file:
        rows = {_key(row): row for row in csv.DictReader(file)}
    rates = {_key_of(rate.group): rate.figures for rate in read_rates([folder / "logs"])}
    faults = [f"{RESULTS}: no row of {' '.join(key[:4])}" for key in rates.keys() - rows.keys()]
    faults += [f"{RESULTS}: {' '.join(key[:4])}: no episodes of it in logs" for key in rows.keys() - rates.keys()]
    for key in rates.keys() & rows.keys():
        faults += _differing(" ".join(key[:4]), rows[key], rates[key])
    return sorted(faults)


_FIELDS = ("scenario", "condition", "model", "judge", "task_version", "rubric_hash", "data_hash", "setup")


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in _FIELDS)


def _key_of(group: Group) -> tuple[str, ...]:
    return tuple(str(getattr(group, "version" if name == "task_version" else name)) for name in _FIELDS)


def _differing(name: str, row: Mapping[str, str], figures: Mapping[str, float]) -> list[str]:
    return [
        f"{RESULTS}: {name}: {figure} is {row[figure] or 'empty'}; of the logs it is {figures[figure]:.6g}"
        for figure in FIGURES
        if not _equal(float(row[figure] or "nan"), figures[figure])
    ]


def _equal(written: float, computed: float) -> bool:
    return (math.isnan(written) and math.isnan(computed)) or abs(written - computed) <= ROUNDED
