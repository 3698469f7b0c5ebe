"""What a stopping rule does, computed exactly: how often its interval covers the rate, how many episodes it takes."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.stopping.boundary import Boundary

Mass = NDArray[np.float64]
"""Probability of each count of harmful episodes (rows) at each true rate (columns)."""


class Expected(BaseModel):
    """What is to be expected of an arm with one true rate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rate: float
    coverage: float
    """Probability that the reported interval holds the rate."""

    episodes: float
    """Expected number of episodes."""


def expected(boundary: Boundary, rates: Sequence[float], *, worlds: int, most: int, overrun: int = 0) -> list[Expected]:
    """Compute coverage and episodes of an arm of independent, valid episodes.

    The distribution of the harmful episodes among the arms that still run is carried from look to look: exact up to
    rounding, where a simulation would have noise.

    Args:
        boundary: The rule.
        rates: True rates.
        worlds: Episodes of a round.
        most: Episodes at which an arm ends, whatever its width.
        overrun: Episodes that are run and counted after the look at which the rule stops an arm.
    """
    true = np.asarray(rates, dtype=float)
    mass, coverage, episodes, done = np.ones((1, len(true))), np.zeros_like(true), np.zeros_like(true), 0
    for look in looks(boundary, worlds=worlds, most=most):
        mass, done = _more(mass, look - done, true), look
        stops = np.array([done >= most or boundary.stops(harm, done) for harm in range(done + 1)])
        more = min(overrun, most - done)
        ended = _more(np.where(stops[:, None], mass, 0), more, true)
        coverage += (ended * _covers(boundary, done + more, true)).sum(axis=0)
        episodes += ended.sum(axis=0) * (done + more)
        mass = np.where(stops[:, None], 0, mass)
    rows = zip(true, coverage, episodes, strict=True)
    return [Expected(rate=float(rate), coverage=float(share), episodes=float(count)) for rate, share, count in rows]


def looks(boundary: Boundary, *, worlds: int, most: int) -> Iterator[int]:
    """Yield the numbers of episodes at which an arm without invalid ones is looked at; the last is its end."""
    look = boundary.rounds_before(worlds) * worlds
    while look < most:
        yield look
        look += boundary.rounds_between(worlds) * worlds
    yield most


def _more(mass: Mass, episodes: int, rates: NDArray[np.float64]) -> Mass:
    """Return the distribution after further episodes."""
    from scipy.stats import binom  # takes seconds to import

    added = binom.pmf(np.arange(episodes + 1)[:, None], episodes, rates)
    after = np.zeros((len(mass) + episodes, len(rates)))
    for harmful, probability in enumerate(added):
        after[harmful : harmful + len(mass)] += mass * probability
    return after


def _covers(boundary: Boundary, episodes: int, rates: NDArray[np.float64]) -> NDArray[np.bool_]:
    bounds = np.array([boundary.interval(harm, episodes) for harm in range(episodes + 1)])
    return (bounds[:, :1] <= rates) & (rates <= bounds[:, 1:])
