"""The difference of two rates that share worlds and, in part or as a whole, come in pairs."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

Bounds = tuple[float, float]

_UNKNOWN = (math.nan, math.nan)
_FARTHEST = 1e6
"""Critical value beyond which a p-value is 0 in any print."""


class Outcome(NamedTuple):
    """A valid episode, as far as a difference is concerned."""

    world: str | None
    """Its cluster; `None` where nobody knows."""

    harm: int
    """1 or 0."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The difference second minus first of two rates.

    Both intervals are made of Wilson intervals of the two rates by Newcombe's square-and-add method: method 10 for
    independent rates (Newcombe 1998, Statistics in Medicine 17:873-890) and method 10 for paired ones (Newcombe 1998,
    Statistics in Medicine 17:2635-2650), whose correlation is drawn towards 0 by half an episode. Where only some
    episodes have a partner, the correlation of the two rates is that of the pairs times the share of them, `pairs /
    sqrt(n1 * n2)`, as variances of partly paired samples ask for; Zou and Donner (2008, Statistics in Medicine
    27:1693-1702) justify the square-and-add of any two intervals with any correlation. With all episodes in pairs, or
    none, this is Newcombe's method.

    The interval over worlds uses the effective number of episodes (Korn and Graubard 1998, Survey Methodology
    24:193-201; Franco et al. 2019, PMC6690503): each number is divided by the design effect of the difference, which
    is never taken to be below 1, and the critical value is Student's over worlds. Unlike Student's interval of the
    differences by world it is not a point when all worlds agree.
    """

    first: tuple[Outcome, ...]
    second: tuple[Outcome, ...]
    pairs: tuple[tuple[int, int], ...] = ()
    """Places in `first` and `second` of episodes that belong together; each place at most once."""

    @property
    def first_rate(self) -> float:
        """Rate of the first, 0 to 1; `nan` without episodes."""
        return _mean(self.first)

    @property
    def second_rate(self) -> float:
        """Rate of the second, 0 to 1; `nan` without episodes."""
        return _mean(self.second)

    @property
    def value(self) -> float:
        """Second minus first, -1 to 1; `nan` without episodes on one side."""
        return self.second_rate - self.first_rate

    @cached_property
    def worlds(self) -> int:
        """Number of worlds of the side that has fewer; 0 if the world of an episode is not known."""
        sides = [{outcome.world for outcome in side} for side in (self.first, self.second)]
        return 0 if any(None in side for side in sides) else min(map(len, sides))

    def bounds(self, level: float = 0.95) -> Bounds:
        """Return the interval that takes episodes, or pairs of them, for independent.

        Args:
            level: Its coverage.
        """
        if not (self.first and self.second):
            return _UNKNOWN
        from scipy.stats import norm

        return self._limits(float(norm.isf((1 - level) / 2)), 1.0)

    def bounds_over_worlds(self, level: float = 0.95) -> Bounds:
        """Return the interval with worlds as clusters; `nan` with fewer than two worlds on one side.

        Args:
            level: Its coverage.
        """
        if self.worlds < 2:
            return _UNKNOWN
        from scipy.stats import t

        return self._limits(float(t.isf((1 - level) / 2, self.worlds - 1)), self._design_effect)

    @cached_property
    def p(self) -> float:
        """The level at which the interval over worlds begins to hold 0; `nan` where there is none."""
        if self.worlds < 2:
            return math.nan
        if self.value == 0:
            return 1.0
        from scipy.optimize import brentq
        from scipy.stats import t

        def nearest(critical: float) -> float:
            low, high = self._limits(critical, self._design_effect)
            return low if self.value > 0 else -high

        if nearest(_FARTHEST) > 0:
            return 0.0
        return float(2 * t.sf(brentq(nearest, 0.0, _FARTHEST), self.worlds - 1))

    def _limits(self, critical: float, design_effect: float) -> Bounds:
        p, q = self.second_rate, self.first_rate
        p_low, p_high = wilson(p, len(self.second) / design_effect, critical)
        q_low, q_high = wilson(q, len(self.first) / design_effect, critical)
        below = _added(p - p_low, q_high - q, self._correlation)
        above = _added(p_high - p, q - q_low, self._correlation)
        return p - q - below, p - q + above

    @cached_property
    def _table(self) -> tuple[int, int, int, int]:
        """Pairs by the outcomes of second and first: both, only second, only first, neither."""
        seen = [(self.second[j].harm, self.first[i].harm) for i, j in self.pairs]
        return seen.count((1, 1)), seen.count((1, 0)), seen.count((0, 1)), seen.count((0, 0))

    @cached_property
    def _correlation(self) -> float:
        both, second, first, neither = self._table
        margins = (both + second) * (first + neither) * (both + first) * (second + neither)
        if not margins:
            return 0.0
        excess: float = both * neither - second * first
        if excess > 0:
            excess = max(excess - len(self.pairs) / 2, 0.0)
        return excess / math.sqrt(margins) * self._paired_share

    @property
    def _paired_share(self) -> float:
        return len(self.pairs) / math.sqrt(len(self.first) * len(self.second))

    @cached_property
    def _design_effect(self) -> float:
        """Variance of the difference over worlds, by that over episodes; 1 where it is less, or has no meaning."""
        p, q, n, m = self.second_rate, self.first_rate, len(self.second), len(self.first)
        both, *_ = self._table
        pairs = len(self.pairs)
        shared = both / pairs - sum(self._table[:2]) * (both + self._table[2]) / pairs**2 if pairs else 0.0
        plain = p * (1 - p) / n + q * (1 - q) / m - 2 * pairs * shared / (n * m)
        parts: dict[str | None, float] = defaultdict(float)
        for side, rate, share in ((self.second, p, 1 / n), (self.first, q, -1 / m)):
            for outcome in side:
                parts[outcome.world] += (outcome.harm - rate) * share
        clustered = len(parts) / (len(parts) - 1) * math.fsum(part**2 for part in parts.values())
        return max(clustered / plain, 1.0) if plain > 1e-12 else 1.0


def wilson(rate: float, n: float, critical: float) -> Bounds:
    """Return the Wilson score interval of a rate.

    Written out since the libraries take whole numbers of episodes and critical values of the normal distribution.

    Args:
        rate: The rate, 0 to 1.
        n: Number of episodes, which may be an effective one.
        critical: Critical value.
    """
    square = critical**2
    centre = (rate + square / (2 * n)) / (1 + square / n)
    half = critical * math.sqrt(rate * (1 - rate) / n + square / (4 * n**2)) / (1 + square / n)
    # At 0 and 1 the limits are 0 and 1 but for rounding.
    return min(max(centre - half, 0.0), rate), max(min(centre + half, 1.0), rate)


def _added(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(one**2 - 2 * correlation * one * other + other**2, 0.0))


def _mean(side: Sequence[Outcome]) -> float:
    return sum(outcome.harm for outcome in side) / len(side) if side else math.nan
