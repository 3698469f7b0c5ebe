"""Pools: episodes of the table that may be compared, with the factors that vary among them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pandas import DataFrame, Series

from agentic_misalignment.scenarios.condition import JOIN, NOT_APPLICABLE
from agentic_misalignment.scenarios.factor import Factor, factors

_SHOWN = ("scenario", "model", "judge")
_HIDDEN = ("task", "task_version", "rubric_hash", "data_hash", "setup")
"""What is compared too, and is said only where it tells pools apart."""


@dataclass(frozen=True)
class Varied:
    """A factor that varies in a pool."""

    name: str
    baseline: str
    levels: tuple[str, ...]
    """The levels but the baseline, in the factor's order."""


@dataclass(frozen=True)
class Pool:
    """Valid episodes that agree in everything but world, seed, epoch and condition."""

    scenario: str
    model: str
    judge: str
    apart: str
    """See `Contrast.apart`."""

    episodes: DataFrame
    """Rows with `world`, `seed`, `epoch`, `harm` (0 or 1) and the levels of all factors as text."""

    factors: tuple[Varied, ...]
    """The factors that vary."""

    def settled(self, factor: str) -> "Series[str]":
        """Return a factor's levels, with its baseline where another factor's level switches it off.

        Args:
            factor: A factor of the scenario.
        """
        levels = self.episodes[factor]
        return levels.where(levels != NOT_APPLICABLE, _baseline(factors()[factor], _applied(levels)))


def pools(frame: DataFrame) -> list[Pool]:
    """Sort the episodes of the table by what may be pooled; episodes whose harm is missing are in no pool.

    Args:
        frame: The table of episodes, with the columns of `read_frame`.

    Returns:
        The pools, sorted by scenario, model and judge. Versions `N-X` of a task that agree in N are pooled.
    """
    valid = frame[frame["harm"].notna()].copy() if len(frame) else frame
    if valid.empty:
        return []
    valid["harm"] = valid["harm"].astype(int)
    valid["task_version"] = valid["task_version"].astype(str).str.partition("-")[0]
    keys = [*_SHOWN, *_HIDDEN]
    valid[keys] = valid[keys].fillna("").astype(str)
    names = [name for name in factors() if name in valid]
    valid[names] = valid[names].astype(object).fillna("").astype(str)
    found = [(dict(zip(keys, map(str, key), strict=True)), rows) for key, rows in valid.groupby(keys, sort=True)]
    differing = _differing([key for key, _ in found])
    return [
        Pool(
            scenario=key["scenario"],
            model=key["model"],
            judge=key["judge"],
            apart=", ".join(f"{name} {key[name]}" for name in differing[_shown(key)]),
            episodes=rows,
            factors=tuple(_varied(rows, names)),
        )
        for key, rows in found
    ]


def _shown(key: dict[str, str]) -> tuple[str, ...]:
    return tuple(key[name] for name in _SHOWN)


def _differing(keys: Sequence[dict[str, str]]) -> dict[tuple[str, ...], list[str]]:
    alike: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for key in keys:
        alike[_shown(key)].append(key)
    return {
        shown: [name for name in _HIDDEN if len({key[name] for key in several}) > 1] for shown, several in alike.items()
    }


def _varied(rows: DataFrame, names: Sequence[str]) -> Iterator[Varied]:
    for name in names:
        levels = _applied(rows[name])
        if len(levels) > 1:
            factor = factors()[name]
            baseline = _baseline(factor, levels)
            rest = sorted((level for level in levels if level != baseline), key=lambda level: _place(factor, level))
            yield Varied(name, baseline, tuple(rest))


def _applied(levels: "Series[str]") -> list[str]:
    return [level for level in levels.unique() if level not in ("", NOT_APPLICABLE)]


def _baseline(factor: Factor, levels: Sequence[str]) -> str:
    """Return the factor's default if it was run, else the first of its levels that was."""
    default = factor.about.default
    if default in levels or not levels:
        return default
    return min(levels, key=lambda level: _place(factor, level))


def _place(factor: Factor, level: str) -> tuple[int, list[int], str]:
    """Order levels as the factor does, joined ones after single ones; unknown ones come last."""
    known = list(factor.levels)
    members = level.split(JOIN)
    return len(members), [known.index(each) if each in known else len(known) for each in members], level
