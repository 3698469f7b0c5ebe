"""Intervals to expect: Wilson, and over worlds, as `rates` will print them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.effects.difference import wilson

LEVEL = 0.95

MOST_SEEDS = 10_000
"""Seeds of one world beyond which no number is looked for."""


class ExpectedInterval(BaseModel):
    """The 95 % intervals of a rate, if the rate that is found is the true one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: float
    wilson: tuple[float, float]
    clustered: tuple[float, float]
    """Over worlds; `nan` with one world."""


class SeedsNeeded(BaseModel):
    """Seeds in each world that bring an interval down to a half-width."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: float
    wilson: int | None
    clustered: int | None
    """`None` where no number of seeds is enough."""

    limit: float
    """Half-width over worlds that not even endless seeds would get below; `nan` with one world."""


def design_effect(size: float, correlation: float) -> float:
    """Return by how much clusters inflate the variance of a mean: 1 + (m - 1) rho (Kish 1965, Survey Sampling).

    Args:
        size: Episodes in one world, m.
        correlation: Intra-world correlation, rho.
    """
    return 1 + (size - 1) * correlation


def expected_interval(rate: float, *, worlds: int, seeds: int, correlation: float) -> ExpectedInterval:
    """Compute the intervals of one condition.

    Over worlds it is the Wilson interval with the effective sample size and Student's t over worlds (Franco et al.
    2019, PMC6690503), as in `harm_figures`. There, episodes that all agree show no correlation, so that the whole
    sample size counts: the same is done here at rates of 0 and 1.

    Args:
        rate: The true rate.
        worlds: How many worlds.
        seeds: Episodes in each world.
        correlation: Intra-world correlation.
    """
    from scipy.stats import norm, t

    count = worlds * seeds
    single = wilson(rate, count, float(norm.ppf((1 + LEVEL) / 2)))
    if worlds < 2:
        return ExpectedInterval(rate=rate, wilson=single, clustered=(math.nan, math.nan))
    effective = count if rate in (0, 1) else count / design_effect(seeds, correlation)
    critical = float(t.ppf((1 + LEVEL) / 2, worlds - 1))
    return ExpectedInterval(rate=rate, wilson=single, clustered=wilson(rate, effective, critical))


def seeds_needed(half_width: float, rate: float, *, worlds: int, correlation: float) -> SeedsNeeded:
    """Find the seeds in each world that bring the intervals down to a half-width.

    Args:
        half_width: Half of the interval's width, a share.
        rate: The true rate.
        worlds: How many worlds.
        correlation: Intra-world correlation.
    """

    def reached(seeds: int) -> ExpectedInterval:
        return expected_interval(rate, worlds=worlds, seeds=seeds, correlation=correlation)

    return SeedsNeeded(
        rate=rate,
        wilson=first_enough(lambda seeds: _half(reached(seeds).wilson) <= half_width, MOST_SEEDS),
        clustered=first_enough(lambda seeds: _half(reached(seeds).clustered) <= half_width, MOST_SEEDS),
        limit=_half(reached(1_000_000_000).clustered),
    )


def first_enough(enough: Callable[[int], bool], most: int) -> int | None:
    """Return the smallest number from 1 on that is enough, or `None` if not even the largest is.

    Args:
        enough: Tells whether a number is enough; whatever is larger than enough is enough.
        most: The largest number that is tried.
    """
    high = 1
    while not enough(high):
        if high >= most:
            return None
        high = min(2 * high, most)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def intra_world_correlation(groups: Iterable[Mapping[str, Sequence[float]]]) -> float:
    """Estimate the intra-world correlation of outcomes: the analysis-of-variance estimator (Donner 1986, A review of
    inference procedures for the intraclass correlation coefficient, section 2), pooled over conditions.

    Args:
        groups: Outcomes, 0 or 1, by world, of each condition.

    Returns:
        The estimate, cut to 0 where it is negative; `nan` without variation, or with no world of two episodes.
    """  # noqa: D205
    between = within = free_between = free_within = sizes = 0.0
    for worlds in groups:
        filled = [values for values in worlds.values() if values]
        count = sum(map(len, filled))
        if len(filled) < 2 or count == len(filled):
            continue
        mean = sum(map(sum, filled)) / count
        between += sum(len(values) * (sum(values) / len(values) - mean) ** 2 for values in filled)
        within += sum((value - sum(values) / len(values)) ** 2 for values in filled for value in values)
        free_between += len(filled) - 1
        free_within += count - len(filled)
        sizes += count - sum(len(values) ** 2 for values in filled) / count
    if not free_between or between + within == 0:
        return math.nan
    size, mean_between, mean_within = sizes / free_between, between / free_between, within / free_within
    return max(0.0, (mean_between - mean_within) / (mean_between + (size - 1) * mean_within))


def _half(bounds: tuple[float, float]) -> float:
    return (bounds[1] - bounds[0]) / 2
