"""Numbers as the report writes them: one decimal, so that one case among hundreds is not written as none."""

import math

from agentic_misalignment.analysis.report.blocks import Cell

NOTHING = "-"
"""What stands where there is no value; never 0."""


def percent(value: float) -> str:
    """Write a share in per cent."""
    return NOTHING if math.isnan(value) else f"{100 * value:.1f} %"


def interval(low: float, high: float) -> str:
    """Write an interval of shares in per cent."""
    return NOTHING if math.isnan(low) or math.isnan(high) else f"{100 * low:.1f} to {100 * high:.1f} %"


def points(value: float) -> str:
    """Write a difference of shares in percentage points."""
    return NOTHING if math.isnan(value) else f"{100 * value:+.1f}"


def points_between(low: float, high: float) -> str:
    """Write an interval of differences in percentage points."""
    return NOTHING if math.isnan(low) or math.isnan(high) else f"{100 * low:+.1f} to {100 * high:+.1f}"


def plain(value: float, digits: int = 2) -> str:
    """Write a number; infinity as such."""
    return NOTHING if math.isnan(value) else "∞" if math.isinf(value) else f"{value:.{digits}f}"


def plain_between(low: float, high: float, digits: int = 2) -> str:
    """Write an interval of numbers."""
    return NOTHING if math.isnan(low) or math.isnan(high) else f"{plain(low, digits)} to {plain(high, digits)}"


def text_cell(text: str) -> Cell:
    """Make a cell of text."""
    return Cell(text or NOTHING, text.lower() or None)


def count_cell(count: float) -> Cell:
    """Make a cell of a count."""
    return Cell(NOTHING, None) if math.isnan(count) else Cell(f"{count:.0f}", count)


def percent_cell(value: float) -> Cell:
    """Make a cell of a share."""
    return Cell(percent(value), _key(value))


def interval_cell(low: float, high: float) -> Cell:
    """Make a cell of an interval of shares; it is sorted by its lower limit."""
    return Cell(interval(low, high), _key(low))


def points_cell(value: float) -> Cell:
    """Make a cell of a difference."""
    return Cell(points(value), _key(value))


def points_between_cell(low: float, high: float) -> Cell:
    """Make a cell of an interval of differences; it is sorted by its lower limit."""
    return Cell(points_between(low, high), _key(low))


def number_cell(value: float, digits: int = 2) -> Cell:
    """Make a cell of a number."""
    return Cell(plain(value, digits), _key(value))


def between_cell(low: float, high: float, digits: int = 2) -> Cell:
    """Make a cell of an interval of numbers; it is sorted by its lower limit."""
    return Cell(plain_between(low, high, digits), _key(low))


def _key(value: float) -> float | None:
    return None if math.isnan(value) else value


def several(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 world`, `3 worlds`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}".replace(",", "\u202f")


def listed(names: list[str] | tuple[str, ...], most: int = 6) -> str:
    """Write names in a row: `a, b and c`; of many the first ones, and how many more."""
    names = list(names)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else NOTHING
