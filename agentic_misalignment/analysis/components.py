"""Variance components: how much of the spread between episodes goes with the levels of a nuisance factor."""

import math
from collections.abc import Mapping, Sequence
from random import Random
from statistics import fmean

from pydantic import BaseModel, ConfigDict

Outcomes = Mapping[str, Mapping[str, Sequence[float]]]
"""Outcomes, 0 or 1, by world and level."""


class Component(BaseModel):
    """What the levels of a factor contribute to the variance within worlds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    between: float
    """Mean square between levels, within worlds."""

    within: float
    """Mean square between episodes of one level in one world."""

    variance: float
    """The component; negative when levels differ less than chance would make them."""

    share: float
    """The component as a share of all variance within worlds, 0 to 1; `nan` when all episodes agree."""

    p: float
    """Share of random relabellings, within worlds, whose levels differ as much."""

    @property
    def deviation(self) -> float:
        """Standard deviation of a level's true rate around its world's; 0 for a negative component."""
        return math.sqrt(max(self.variance, 0.0))


def variance_component(outcomes: Outcomes, *, draws: int = 2000, seed: int = 0) -> Component | None:
    """Estimate a component by analysis of variance, with levels nested in worlds.

    A set of names means other people in each world, so levels are compared within worlds only. The estimate is the
    method of moments for unequal sizes (Searle, Casella and McCulloch 1992, chapter 3); the test permutes outcomes
    within worlds, since outcomes of 0 and 1 are no normal variates.

    Args:
        outcomes: The outcomes.
        draws: How many permutations.
        seed: Seed of the permutations.

    Returns:
        The component; `None` without a world with two levels, or without two episodes of one level.
    """
    worlds = [[list(values) for values in levels.values() if values] for levels in outcomes.values()]
    worlds = [levels for levels in worlds if len(levels) > 1]
    between_df = sum(len(levels) - 1 for levels in worlds)
    within_df = sum(sum(map(len, levels)) - len(levels) for levels in worlds)
    if not between_df or not within_df:
        return None
    spread = sum(map(_between, worlds))
    between = spread / between_df
    within = sum(map(_within, worlds)) / within_df
    size = sum(_effective(levels) for levels in worlds) / between_df
    variance = (between - within) / size
    whole = within + max(variance, 0.0)
    return Component(
        between=between,
        within=within,
        variance=variance,
        share=max(variance, 0.0) / whole if whole else math.nan,
        p=_permuted(worlds, spread, draws, Random(seed)),
    )


def _between(levels: Sequence[Sequence[float]]) -> float:
    whole = fmean(value for level in levels for value in level)
    return sum(len(level) * (fmean(level) - whole) ** 2 for level in levels)


def _within(levels: Sequence[Sequence[float]]) -> float:
    return sum((value - fmean(level)) ** 2 for level in levels for value in level)


def _effective(levels: Sequence[Sequence[float]]) -> float:
    sizes = [len(level) for level in levels]
    return sum(sizes) - sum(size**2 for size in sizes) / sum(sizes)


def _permuted(worlds: Sequence[Sequence[Sequence[float]]], spread: float, draws: int, random: Random) -> float:
    # The sum of squares stands for the F ratio: what is not between levels is within them.
    reached = sum(
        sum(_between(_relabelled(levels, random)) for levels in worlds) >= spread - 1e-12 for _ in range(draws)
    )
    return (reached + 1) / (draws + 1)


def _relabelled(levels: Sequence[Sequence[float]], random: Random) -> list[list[float]]:
    values = [value for level in levels for value in level]
    random.shuffle(values)
    rest = iter(values)
    return [[next(rest) for _ in level] for level in levels]
