"""Power: what difference between two conditions a design detects, by simulation with worlds as clusters."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.planning.intervals import first_enough
from agentic_misalignment.planning.telling import Pairs, told_apart

TARGET = 0.8
"""The power that is asked for."""

DRAWS = 2_000
"""Simulated runs behind each power."""

MOST_SEEDS = 1_024
"""Seeds of one world beyond which no number is looked for."""

_STEP = 0.005
"""How exactly the smallest difference is looked for."""

Numbers = NDArray[np.float64]

_GRID: Numbers = np.linspace(-6, 6, 1201)
"""Points of the normal distribution that is coupled."""


class Paired(BaseModel):
    """Two conditions in the same worlds and seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    worlds: int
    pairs: int
    """Pairs of episodes in each world: seeds, times the settings of the other factors."""

    correlation: float
    """Intra-world correlation of outcomes in one condition."""

    shared: float
    """Correlation of a world's own inclination in the two conditions."""

    pair_correlation: float = 0.0
    """Correlation of the two episodes of a pair, beyond that of their world."""

    seed: int = 1
    """Seed of the simulation."""

    draws: int = DRAWS


class Difference(BaseModel):
    """The smallest rise of a rate that a design detects with a power of 80 %."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: float
    """The rate in the first condition."""

    pairs: int
    to: float
    """The rate in the second condition; `nan` if not even 1 is enough."""

    reason: str = ""
    """Why there is none."""


class SeedsDetecting(BaseModel):
    """Seeds in each world that detect a difference with a power of 80 %."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rates: tuple[float, float]
    seeds: int | None
    """`None` where no number of seeds is enough."""

    power: float
    """With these seeds, or with `MOST_SEEDS` where they are not enough; `nan` with one world."""

    now: float
    """With the seeds as they are planned."""


@cache
def simulated_power(design: Paired, first: float, second: float) -> float:
    """Simulate how often a design tells two conditions apart.

    They are told apart where the analysis would do so: where its 95 % interval over worlds of the difference leaves
    out 0.

    Args:
        design: The design.
        first: True rate in the first condition.
        second: True rate in the second condition.

    Returns:
        The power; `nan` with fewer than two worlds.
    """
    if design.worlds < 2:
        return math.nan
    return float(np.mean(told_apart(simulated_pairs(design, first, second))))


def simulated_pairs(design: Paired, first: float, second: float) -> Pairs:
    """Draw the outcomes of all pairs in every simulated run; for the arguments see `simulated_power`.

    A world's rate in a condition comes from a beta distribution with the condition's rate as its mean and the
    intra-world correlation as its variance, so that outcomes have exactly this correlation; the two rates of a world
    are coupled by a Gaussian copula.
    """
    random = np.random.default_rng(design.seed)
    return _outcomes(design, *_world_rates(design, first, second, random), random)


def monte_carlo_error(power: float, draws: int = DRAWS) -> float:
    """Return the standard error of a simulated power.

    Args:
        power: The power.
        draws: Simulated runs.
    """
    return math.sqrt(power * (1 - power) / draws)


@cache
def smallest_difference(design: Paired, base: float) -> Difference:
    """Find the smallest rise that a design detects.

    Args:
        design: The design.
        base: True rate in the first condition.
    """
    if design.worlds < 2:
        return Difference(base=base, pairs=design.pairs, to=math.nan, reason="one world has no spread to compare with")
    if simulated_power(design, base, 1.0) < TARGET:
        return Difference(base=base, pairs=design.pairs, to=math.nan, reason="not even a rate of 100 % is told apart")
    low, high = base, 1.0
    while high - low > _STEP:
        middle = (low + high) / 2
        low, high = (low, middle) if simulated_power(design, base, middle) >= TARGET else (middle, high)
    return Difference(base=base, pairs=design.pairs, to=high)


def seeds_detecting(design: Paired, first: float, second: float, *, others: int = 1) -> SeedsDetecting:
    """Find the seeds in each world that detect a difference.

    Args:
        design: The design as it is planned.
        first: True rate in the first condition.
        second: True rate in the second condition.
        others: Settings of the other factors: each seed has as many pairs.
    """

    def power(seeds: int) -> float:
        return simulated_power(design.model_copy(update={"pairs": seeds * others}), first, second)

    seeds = None if design.worlds < 2 else first_enough(lambda number: power(number) >= TARGET, MOST_SEEDS)
    return SeedsDetecting(
        rates=(first, second),
        seeds=seeds,
        power=power(seeds or MOST_SEEDS),
        now=simulated_power(design, first, second),
    )


def _world_rates(design: Paired, first: float, second: float, random: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Draw the rates of each simulated run's worlds in the two conditions."""
    shape = (design.draws, design.worlds)
    if design.correlation == 0:
        return np.full(shape, first), np.full(shape, second)
    common = random.standard_normal(shape)
    drawn = []
    for rate in (first, second):
        own = random.standard_normal(shape)
        place = math.sqrt(design.shared) * common + math.sqrt(1 - design.shared) * own
        drawn.append(np.interp(place, _GRID, _quantiles(rate, design.correlation)))
    return drawn[0], drawn[1]


@cache
def _quantiles(rate: float, correlation: float) -> Numbers:
    """Return quantiles of the beta distribution of worlds' rates at the grid; exact ones for each draw take long."""
    from scipy.special import betaincinv, ndtr

    if rate in (0, 1):
        return np.full(_GRID.shape, rate)
    weight = (1 - correlation) / correlation
    return np.asarray(betaincinv(rate * weight, (1 - rate) * weight, ndtr(_GRID)), dtype=np.float64)


def _outcomes(design: Paired, first: Numbers, second: Numbers, random: np.random.Generator) -> Pairs:
    """Draw the outcomes of all pairs of each world."""
    apart = np.sqrt(np.clip(first * (1 - first) * second * (1 - second), 0, None))
    both = first * second + design.pair_correlation * apart
    both = np.clip(both, np.maximum(0, first + second - 1), np.minimum(first, second))
    rises, falls = np.clip(second - both, 0, 1), np.clip(first - both, 0, 1)
    up = random.binomial(design.pairs, rises)
    down = random.binomial(design.pairs - up, _among(falls, 1 - rises))
    harmful = random.binomial(design.pairs - up - down, _among(both, 1 - rises - falls))
    return Pairs(up, down, harmful, design.pairs)


def _among(share: Numbers, rest: Numbers) -> Numbers:
    """Return a share of all as one of the rest."""
    return np.clip(np.divide(share, rest, out=np.zeros_like(share), where=rest > 0), 0, 1)
