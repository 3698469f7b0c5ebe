"""Whether two paired conditions are told apart, for many simulated runs at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs of episodes by their outcomes, for each simulated run (rows) and world (columns)."""

    up: Counts
    """Harm in the second condition only."""

    down: Counts
    """Harm in the first condition only."""

    both: Counts
    of: int
    """Pairs in each world."""


def told_apart(pairs: Pairs) -> NDArray[np.bool_]:
    """Tell in which runs the 95 % interval over worlds of the difference leaves out 0.

    It is the interval of `agentic_misalignment.analysis.effects.Difference`, which takes one run at a time, written for
    arrays: a power rests on thousands of runs. A test holds the two to the same verdicts.

    Args:
        pairs: The outcomes, in two worlds or more.
    """
    from scipy.stats import t

    worlds = pairs.up.shape[1]
    size = worlds * pairs.of
    up, down, both = (found.sum(axis=1) for found in pairs[:3])
    neither = size - up - down - both
    second, first = (both + up) / size, (both + down) / size
    effective = size / _design_effect(pairs, second, first, both / size)
    critical = float(t.isf(0.025, worlds - 1))
    (second_low, second_high), (first_low, first_high) = (
        _wilson(rate, effective, critical) for rate in (second, first)
    )
    correlation = _correlation(up, down, both, neither)
    below = _added(second - second_low, first_high - first, correlation)
    above = _added(second_high - second, first - first_low, correlation)
    return np.asarray((second - first - below > 0) | (second - first + above < 0), dtype=np.bool_)


def _design_effect(pairs: Pairs, second: Numbers, first: Numbers, both: Numbers) -> Numbers:
    worlds = pairs.up.shape[1]
    size = worlds * pairs.of
    plain = (second * (1 - second) + first * (1 - first) - 2 * (both - second * first)) / size
    parts = (pairs.up - pairs.down - pairs.of * (second - first)[:, None]) / size
    clustered = worlds / (worlds - 1) * (parts**2).sum(axis=1)
    known = plain > 1e-12
    return np.asarray(np.where(known, np.maximum(clustered / np.where(known, plain, 1), 1), 1), dtype=np.float64)


def _correlation(up: Counts, down: Counts, both: Counts, neither: Counts) -> Numbers:
    margins = np.sqrt((both + up) * 1.0 * (down + neither) * (both + down) * (up + neither))
    excess = both * 1.0 * neither - up * 1.0 * down
    excess = np.where(excess > 0, np.maximum(excess - (up + down + both + neither) / 2, 0), excess)
    return np.asarray(np.divide(excess, margins, out=np.zeros_like(margins), where=margins > 0), dtype=np.float64)


def _wilson(rate: Numbers, count: Numbers, critical: float) -> tuple[Numbers, Numbers]:
    square = critical**2
    centre = (rate + square / (2 * count)) / (1 + square / count)
    half = critical * np.sqrt(rate * (1 - rate) / count + square / (4 * count**2)) / (1 + square / count)
    return np.minimum(np.maximum(centre - half, 0), rate), np.maximum(np.minimum(centre + half, 1), rate)


def _added(one: Numbers, other: Numbers, correlation: Numbers) -> Numbers:
    return np.asarray(np.sqrt(np.maximum(one**2 - 2 * correlation * one * other + other**2, 0)), dtype=np.float64)
