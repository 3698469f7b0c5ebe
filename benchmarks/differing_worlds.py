"""Simulated arms under a stopping rule whose worlds differ, or whose episodes are not all valid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from agentic_misalignment.stopping import Boundary
from agentic_misalignment.stopping.coverage import looks

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

LEVEL = 0.95
"""Confidence of the interval over worlds, and of Wilson's where there is no rule."""


@dataclass(frozen=True)
class Trial:
    """Means over the runs of each cell."""

    these: Floats
    """Share of runs whose single interval holds the mean rate of the very worlds that were played."""

    all_worlds: Floats
    """Share of runs whose single interval holds the mean rate of all worlds that these are drawn from."""

    clustered: Floats
    """Share of runs whose interval over worlds holds the mean rate of all worlds."""

    episodes: Floats
    valid: Floats


def tried(
    boundary: Boundary | None,
    rates: Sequence[float],
    *,
    worlds: int,
    most: int,
    runs: int,
    random: np.random.Generator,
    correlation: float = 0.0,
    invalid: float = 0.0,
) -> Trial:
    """Simulate every cell.

    Args:
        boundary: The rule; without it all episodes are run, and intervals are those of a fixed number.
        rates: True rates of the cells, over all worlds.
        worlds: Worlds of an arm.
        most: Episodes at which an arm ends.
        runs: Simulated runs of each cell.
        random: Where chance comes from.
        correlation: Correlation of two episodes of one world: the rates of worlds are drawn from a beta distribution.
        invalid: Share of the episodes that are not valid, by chance.
    """
    true = np.repeat(np.asarray(rates, dtype=float), runs)
    own = world_rates(true, worlds, correlation, random)
    harm, valid = np.zeros(own.shape, dtype=np.int64), np.zeros(own.shape, dtype=np.int64)
    episodes, running, done = np.zeros(len(true)), np.ones(len(true), dtype=bool), 0
    for look in looks(boundary, worlds=worlds, most=most) if boundary else [most]:
        played = _spread(look, worlds) - _spread(done, worlds)
        more = random.binomial(played, 1 - invalid, size=own.shape) * running[:, None]
        harm, valid, done = harm + random.binomial(more, own), valid + more, look
        episodes[running] = look
        running &= ~_stops(boundary, harm.sum(axis=1), valid.sum(axis=1))
    low, high = single_interval(boundary, harm.sum(axis=1), valid.sum(axis=1))
    wide_low, wide_high = clustered_interval(harm, valid)
    return Trial(
        these=_mean((low <= own.mean(axis=1)) & (own.mean(axis=1) <= high), runs),
        all_worlds=_mean((low <= true) & (true <= high), runs),
        clustered=_mean((wide_low <= true) & (true <= wide_high), runs),
        episodes=_mean(episodes, runs),
        valid=_mean(valid.sum(axis=1), runs),
    )


def world_rates(true: Floats, worlds: int, correlation: float, random: np.random.Generator) -> Floats:
    """Draw the rate of each world of each arm."""
    if correlation == 0:
        return np.repeat(true[:, None], worlds, axis=1)
    size = (1 - correlation) / correlation
    inside = np.clip(true, 1e-12, 1 - 1e-12)[:, None]
    drawn = random.beta(inside * size, (1 - inside) * size, size=(len(true), worlds))
    return np.asarray(np.where((true[:, None] > 0) & (true[:, None] < 1), drawn, true[:, None]), dtype=float)


def single_interval(boundary: Boundary | None, harm: Counts, valid: Counts) -> tuple[Floats, Floats]:
    """Return the interval that takes episodes for independent: the rule's, or Wilson's."""
    if boundary is None:
        return _wilson(harm / valid, valid.astype(float), float(norm.ppf((1 + LEVEL) / 2)))
    pairs, places = np.unique(np.stack([harm, valid]), axis=1, return_inverse=True)
    bounds = np.array([boundary.interval(int(x), int(n)) for x, n in pairs.T])
    return bounds[places.ravel(), 0], bounds[places.ravel(), 1]


def clustered_interval(harm: Counts, valid: Counts) -> tuple[Floats, Floats]:
    """Return the interval over worlds, as `harm_figures` computes it one by one; a rule does not change it."""
    worlds, total = harm.shape[1], valid.sum(axis=1)
    rate = harm.sum(axis=1) / total
    variance = ((harm - valid * rate[:, None]) ** 2).sum(axis=1) * worlds / (worlds - 1) / total**2
    single = rate * (1 - rate)
    known = (single > 0) & (variance > 0)
    effective = np.where(known, np.minimum(single / np.where(known, variance, 1), total), total)
    return _wilson(rate, effective, float(t.ppf((1 + LEVEL) / 2, worlds - 1)))


def _wilson(rate: Floats, count: Floats, critical: float) -> tuple[Floats, Floats]:
    below = 1 + critical**2 / count
    centre = (rate + critical**2 / (2 * count)) / below
    half = critical * np.sqrt(rate * (1 - rate) / count + critical**2 / (4 * count**2)) / below
    # Rounding must not put a rate of 0 or 1 outside.
    return np.maximum(centre - half, 0).round(12), np.minimum(centre + half, 1).round(12)


def _stops(boundary: Boundary | None, harm: Counts, valid: Counts) -> NDArray[np.bool_]:
    if boundary is None:
        return np.zeros(len(harm), dtype=bool)
    pairs, places = np.unique(np.stack([harm, valid]), axis=1, return_inverse=True)
    return np.array([boundary.stops(int(x), int(n)) for x, n in pairs.T], dtype=bool)[places.ravel()]


def _spread(episodes: int, worlds: int) -> Counts:
    """Return how many of the first episodes each world has."""
    return np.array([episodes // worlds + (number < episodes % worlds) for number in range(worlds)])


def _mean(values: NDArray[np.generic], runs: int) -> Floats:
    return np.asarray(np.mean(np.asarray(values, dtype=float).reshape(-1, runs), axis=1), dtype=float)
