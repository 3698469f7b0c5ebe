"""Arms: model, scenario and condition, with what keeps episodes of one arm apart."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.report.blocks import Cell, Column
from agentic_misalignment.analysis.report.words import text_cell

_APART = {
    "judge": "judge",
    "version": "task version",
    "rubric_hash": "rubric",
    "data_hash": "data",
    "setup": "setup",
}
"""What episodes of one arm may differ in, and how the page calls it."""


class Arms:
    """How the arms of a report are told apart in a table."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        """Find what differs within an arm.

        Args:
            rates: All rates of the report.
        """
        self._differ = _differing([rate.group for rate in rates])

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that name an arm."""
        names = ("model", "scenario", "condition", *(("kept apart by",) if self._differ else ()))
        return tuple(Column(name) for name in names)

    def cells(self, group: Group) -> tuple[Cell, ...]:
        """Name an arm."""
        apart = (text_cell(self.apart(group)),) if self._differ else ()
        return (text_cell(group.model), text_cell(group.scenario), text_cell(group.condition), *apart)

    def apart(self, group: Group) -> str:
        """Say in what a row differs from others of its arm; empty if it is the only one."""
        names = self._differ.get(_arm(group), ())
        return ", ".join(f"{_APART[name]} {getattr(group, name) or 'unknown'}" for name in names)


def _arm(group: Group) -> tuple[str, str, str]:
    return group.model, group.scenario, group.condition


def _differing(groups: Sequence[Group]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    arms: dict[tuple[str, str, str], list[Group]] = defaultdict(list)
    for group in groups:
        arms[_arm(group)].append(group)
    found = {
        arm: tuple(name for name in _APART if len({getattr(group, name) for group in several}) > 1)
        for arm, several in arms.items()
    }
    return {arm: names for arm, names in found.items() if names}


def apart_notes(rates: Sequence[Rate]) -> list[str]:
    """Say of each arm that stands in several rows why they are not pooled."""
    differ = _differing([rate.group for rate in rates])
    rows: Counter[tuple[str, str, str]] = Counter()
    for rate in rates:
        rows[_arm(rate.group)] += 1
    return [
        f"{model}, {scenario}, {condition} stands in {rows[model, scenario, condition]} rows that are not pooled: "
        f"they differ in {', '.join(_APART[name] for name in names)}"
        for (model, scenario, condition), names in differ.items()
    ]


def interval_heading(rates: Sequence[Rate]) -> str:
    """Return what the interval that takes episodes for independent is called: after a stopping rule it is another one.

    Args:
        rates: The rates of a table.
    """
    return "95 % Wilson" if all(rate.stopped_at is None for rate in rates) else "95 %, Wilson or exact"
