"""Tables of episodes as `read_frame` makes them, written by hand."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pandas import DataFrame

from agentic_misalignment.analysis.effects import Contrast, FittedEffect

Effect = TypeVar("Effect", Contrast, FittedEffect)

EPISODE: dict[str, Any] = {
    "scenario": "blackmail",
    "task": "blackmail",
    "task_version": "3-A",
    "model": "lab/model",
    "judge": "lab/judge",
    "rubric_hash": "r1",
    "data_hash": "d1",
    "setup": "s1",
    "world": "w1",
    "seed": 1,
    "epoch": 1,
    "goal": "explicit",
    "goal_pair": "home_first",
    "threat": "replacement",
    "nudges": "none",
    "harm": 0,
}


def table(rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Episodes that are the usual one but for what is given."""
    return DataFrame([EPISODE | dict(row) for row in rows])


def many(outcomes: str, **fields: Any) -> list[dict[str, Any]]:
    """One episode for each 0, 1 or `-` (no value), with seeds from 1."""
    values = [None if outcome == "-" else int(outcome) for outcome in outcomes]
    return [{**fields, "seed": seed, "harm": harm} for seed, harm in enumerate(values, start=1)]


def by_level(found: Iterable[Effect]) -> dict[str, Effect]:
    """Effects by factor and level."""
    return {f"{each.factor}={each.level}": each for each in found}
