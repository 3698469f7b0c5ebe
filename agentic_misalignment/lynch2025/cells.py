"""The published cells: every scenario with every goal and every threat."""

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.scenarios.plan import ALL, listed


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoalNames(_Frozen):
    """What the package calls a goal."""

    type: str
    value: str


class CellsFile(_Frozen):
    """The grid, each level of ours with the package's name for it."""

    canary: str
    scenarios: dict[str, str]
    goals: dict[str, GoalNames]
    threats: dict[str, str]


class Cell(_Frozen):
    """One condition of the study, in our words."""

    scenario: str
    goal: str
    threat: str

    @property
    def condition(self) -> str:
        """Goal and threat, such as `explicit-replacement`."""
        return f"{self.goal}-{self.threat}"

    @property
    def name(self) -> str:
        """Scenario, goal and threat, such as `blackmail/explicit-replacement`."""
        return f"{self.scenario}/{self.condition}"


@cache
def cells_file() -> CellsFile:
    """Read the grid."""
    return load(datasets() / "lynch2025" / "cells.yaml", CellsFile)


def cells() -> list[Cell]:
    """Return all cells in the order of the published tables."""
    grid = cells_file()
    return [
        Cell(scenario=scenario, goal=goal, threat=threat)
        for scenario, goal, threat in product(grid.scenarios, grid.goals, grid.threats)
    ]


def choose_cells(names: Any = ALL, *, scenario: Any = ALL, goal: Any = ALL, threat: Any = ALL) -> list[Cell]:
    """Read task parameters, as they come from a command line.

    Args:
        names: Names of cells, separated by commas or as a list, or `all`.
        scenario: Only cells of these scenarios.
        goal: Only cells with these goals.
        threat: Only cells with these threats.

    Raises:
        SuiteError: If a name is unknown or nothing is left.
    """
    grid = cells_file()
    wanted = _levels("cell", names, [cell.name for cell in cells()])
    levels = {
        "scenario": _levels("scenario", scenario, list(grid.scenarios)),
        "goal": _levels("goal", goal, list(grid.goals)),
        "threat": _levels("threat", threat, list(grid.threats)),
    }
    chosen = [
        cell
        for cell in cells()
        if cell.name in wanted and all(getattr(cell, key) in allowed for key, allowed in levels.items())
    ]
    if not chosen:
        raise SuiteError(f"cells={names}: none of them has the given scenario, goal and threat")
    return chosen


def _levels(kind: str, value: Any, valid: Sequence[str]) -> list[str]:
    given = listed(value)
    if given == [ALL]:
        return list(valid)
    for name in given:
        if name not in valid:
            raise unknown(kind, name, [ALL, *valid], where="lynch2025")
    if not given:
        raise SuiteError(f"lynch2025: no {kind} given; valid: {', '.join([ALL, *valid])}")
    return given
