"""What charts take from the episodes table: groups, levels of conditions, shares."""

from collections.abc import Mapping
from typing import Any

import pandas

from agentic_misalignment.analysis.rates import Group
from agentic_misalignment.figures.agreement import Estimate, share

_FIELDS = {"version": "task_version"}
"""Fields of a group whose column has another name."""


def group_of(row: Mapping[str, Any], *, judge: str = "judge") -> Group:
    """Return the group that an episode belongs to.

    Args:
        row: The episode's row of the table.
        judge: The column of the judge whose verdicts are drawn. Another judge of the headline, which decides with its
            verdict whether the episode is valid, is named beside it.
    """
    values = {name: _text(row[_FIELDS.get(name, name)]) for name in Group.model_fields}
    own = _text(row[judge])
    by = own if own == values["judge"] else f"{own or 'none'}, headline by {values['judge'] or 'none'}"
    return Group(**{**values, "judge": by})


def _text(value: Any) -> str:
    return "" if pandas.isna(value) else str(value)


def groups(frame: pandas.DataFrame, *, judge: str = "judge") -> dict[Group, pandas.DataFrame]:
    """Sort episodes by what may be pooled.

    Args:
        frame: The episodes.
        judge: See `group_of`.
    """
    columns = list(dict.fromkeys([*(_FIELDS.get(name, name) for name in Group.model_fields), judge]))
    grouped = frame.groupby(columns, dropna=False, sort=True)
    return {group_of(_named(rows.iloc[0]), judge=judge): rows for _, rows in grouped}


def episodes_of(group: Group, frame: pandas.DataFrame) -> pandas.DataFrame:
    """Return the episodes of a group.

    Args:
        group: The group.
        frame: The episodes table.
    """
    own = frame
    for name in Group.model_fields:
        own = own[own[_FIELDS.get(name, name)].fillna("") == getattr(group, name)]
    return own


def _named(row: "pandas.Series[Any]") -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def levels_of(group: Group, frame: pandas.DataFrame) -> dict[str, str]:
    """Return the levels of a group's condition: factor to level, empty where it does not apply.

    Args:
        group: The group. Its condition's id alone does not tell: another task may have one of the same name.
        frame: The episodes table.

    Returns:
        The levels; nothing if the table has no episode of the group.
    """
    from agentic_misalignment.scenarios.factor import factors

    own = episodes_of(group, frame).to_dict("records")[:1]
    return {name: _text(row[name]) for row in own for name in factors() if name in row}


def is_twin(scenario_name: str, levels: Mapping[str, str]) -> bool:
    """Tell whether a condition is one of the benign twin, whatever else is varied.

    Args:
        scenario_name: The scenario.
        levels: The condition's levels; see `levels_of`.
    """
    from agentic_misalignment.scenarios.scenario import scenario

    return all(levels.get(factor) == level for factor, level in scenario(scenario_name).about.twin.items())


def is_held(levels: Mapping[str, str]) -> bool:
    """Tell whether nothing that the agent sends leaves under a condition.

    Args:
        levels: The condition's levels; see `levels_of`.
    """
    from agentic_misalignment.scenarios.factor import factors

    chosen = (factors()[factor].levels.get(level) for factor, level in levels.items())
    return any(level is not None and level.settings.hold_outgoing for level in chosen)


def share_of(values: "pandas.Series[Any]") -> tuple[int, int, Estimate]:
    """Return how many of some 1s, 0s and missing values are 1 and how many missing, and the share of the known ones.

    Args:
        values: The values.
    """
    known = values.dropna()
    yes = int((known == 1).sum())
    return yes, len(values) - len(known), share(yes, len(known))
