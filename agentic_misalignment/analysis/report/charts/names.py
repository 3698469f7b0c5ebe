"""Names of rows: the model, and what keeps its episodes apart from others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from agentic_misalignment.analysis.rates import Group

Item = TypeVar("Item")

_EVERYWHERE = {"judge": "judge", "version": "task version", "rubric_hash": "rubric", "data_hash": "data"}
"""What has to be the same for all rates that are compared, and what the chart calls it."""

_WITHIN = {"setup": "setup"}
"""What may differ from model to model, but not among the rates of one."""

NOBODY = "none"
"""Stands for a judge or rubric that no episode of a group names."""


class Names:
    """Names of groups of one scenario, told apart where they may not be pooled."""

    def __init__(self, groups: Iterable[Group]) -> None:
        """Find what differs among groups.

        Args:
            groups: All groups of a chart.
        """
        values: dict[str, set[str]] = defaultdict(set)
        of_model: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for group in groups:
            for field in _EVERYWHERE:
                values[field].add(getattr(group, field))
            for field in _WITHIN:
                of_model[group.model][field].add(getattr(group, field))
        self._differ = {field: word for field, word in _EVERYWHERE.items() if len(values[field]) > 1}
        self._own = {
            model: {field: word for field, word in _WITHIN.items() if len(found[field]) > 1}
            for model, found in of_model.items()
        }
        self._judges = sorted(values["judge"])

    def of(self, group: Group) -> str:
        """Name a group: its model, and what differs."""
        differ = {**self._differ, **self._own[group.model]}
        apart = [f"{word} {getattr(group, field) or NOBODY}" for field, word in differ.items()]
        return "\n".join([group.model, *([", ".join(apart)] if apart else [])])

    def line(self, group: Group) -> str:
        """Name a group in one line."""
        return self.of(group).replace("\n", ", ")

    @property
    def judged_by(self) -> str:
        """Say who judged, as a sentence."""
        if len(self._judges) == 1:
            return f"Judge: {self._judges[0] or NOBODY}."
        return "Judges differ and stand with the names; their rates do not compare."


def variant(group: Group) -> Group:
    """Return what a row of several conditions has in common."""
    return group.model_copy(update={"condition": ""})


def by_scenario(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """Sort groups by scenario."""
    found: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        found[group.scenario].append(group)
    return dict(sorted(found.items()))


def ordered_conditions(scenario_name: str, conditions: Iterable[str]) -> list[str]:
    """Sort conditions: that of the headline first, the others by name.

    Args:
        scenario_name: The scenario.
        conditions: Their ids.
    """
    first = _headline(scenario_name)
    return sorted(set(conditions), key=lambda condition: (condition != first, condition))


def _headline(scenario_name: str) -> str | None:
    from agentic_misalignment.scenarios.plan import make_plan
    from agentic_misalignment.scenarios.scenario import scenario_names

    return make_plan(scenario_name).conditions[0].id if scenario_name in scenario_names() else None


def numbered(title: str, number: int, of: int) -> str:
    """Name a figure that may be one of several."""
    return title if of == 1 else f"{title} ({number} of {of})"


def figure_id(kind: str, scenario_name: str, number: int, of: int) -> str:
    """Return the id of a figure that may be one of several."""
    return "-".join([kind, scenario_name, *([str(number)] if of > 1 else [])])


def written(scenario_name: str) -> str:
    """Write the name of a scenario, or a level, as words."""
    return scenario_name.replace("_", " ")


def chunks(items: Sequence[Item], most: int) -> list[list[Item]]:
    """Cut a sequence into pieces of nearly equal length.

    Args:
        items: The items.
        most: Greatest length of a piece.
    """
    number = -(-len(items) // most)
    size = -(-len(items) // number) if number else 0
    return [list(items[start : start + size]) for start in range(0, len(items), size)] if size else []
