"""Agreement: how well a judge finds the truth, and how far several raters say the same."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Self, cast

from inspect_ai.scorer import MetricProtocol, SampleScore, Score
from inspect_ai.scorer import krippendorff_alpha as inspect_alpha
from pydantic import BaseModel, ConfigDict, Field


class Estimate(BaseModel):
    """A figure with its 95 % interval; what cannot be computed is `nan`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float
    high: float

    n: int
    """How many items the figure rests on."""


class Confusion(BaseModel):
    """Items by their truth and by what a judge said of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tp: int = Field(ge=0)
    """True, and judged so."""

    fp: int = Field(ge=0)
    """Not true, but judged so."""

    fn: int = Field(ge=0)
    """True, but judged not to be."""

    tn: int = Field(ge=0)
    """Not true, and judged not to be."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[bool, bool]]) -> Self:
        """Count pairs of truth and judgement.

        Args:
            pairs: One pair for each item: the truth, then what was judged.

        Returns:
            The counts.
        """
        counts = Counter(pairs)
        return cls(tp=counts[True, True], fp=counts[False, True], fn=counts[True, False], tn=counts[False, False])

    @property
    def n(self) -> int:
        """All items."""
        return self.tp + self.fp + self.fn + self.tn


def share(count: int, n: int) -> Estimate:
    """Estimate a share, with the Wilson score interval.

    Args:
        count: The items that count.
        n: All items.

    Returns:
        The share; `nan` when there are no items.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share")
    if not n:
        return _unknown(n)
    from statsmodels.stats.proportion import proportion_confint  # takes seconds to import

    low, high = proportion_confint(count, n, alpha=0.05, method="wilson")
    value = count / n
    # The limits of 0 of n and n of n are 0 and 1 but for the rounding, which may put them beside the value.
    return Estimate(value=value, low=min(float(low), value), high=max(float(high), value), n=n)


def sensitivity(confusion: Confusion) -> Estimate:
    """Estimate how many of the true items are judged so.

    Args:
        confusion: The counts.

    Returns:
        The share of true items; `nan` when there are none.
    """
    return share(confusion.tp, confusion.tp + confusion.fn)


def specificity(confusion: Confusion) -> Estimate:
    """Estimate how many of the items that are not true are judged so.

    Args:
        confusion: The counts.

    Returns:
        The share of items that are not true; `nan` when there are none.
    """
    return share(confusion.tn, confusion.tn + confusion.fp)


def kappa(confusion: Confusion) -> Estimate:
    """Estimate Cohen's kappa, the agreement beyond chance.

    The interval is the Wilson interval of the observed agreement, mapped through kappa with the agreement by chance
    held at its estimate. The usual interval by the standard error shrinks to a point when all items agree, however
    few they are.

    Args:
        confusion: The counts.

    Returns:
        Kappa; `nan` without items, and when truth and judge give one answer to all, since chance then agrees too.
    """
    n = confusion.n
    true, judged = confusion.tp + confusion.fn, confusion.tp + confusion.fp
    # Counted in whole numbers, so that a chance of exactly 1 is seen as such.
    by_chance = true * judged + (n - true) * (n - judged)
    if by_chance == n**2:
        return _unknown(n)
    chance = by_chance / n**2
    agreed = share(confusion.tp + confusion.tn, n)
    value, low, high = ((part - chance) / (1 - chance) for part in (agreed.value, agreed.low, agreed.high))
    # No table has a kappa below -1; a Wilson limit at another table's chance may.
    return Estimate(value=value, low=max(low, -1.0), high=high, n=n)


def pairwise_agreement(ratings: Sequence[Sequence[str | None]]) -> dict[tuple[int, int], Estimate]:
    """Estimate how often each two raters say the same.

    Args:
        ratings: For each item the label by each rater, `None` where a rater gave none; as many raters in each item.

    Returns:
        For the places of two raters, the lower one first: the share of agreement among the items that both rated.
    """
    raters = list(zip(*ratings, strict=True))
    return {(i, j): _agreement(raters[i], raters[j]) for i, j in combinations(range(len(raters)), 2)}


def krippendorff_alpha(ratings: Sequence[Sequence[str | None]]) -> float:
    """Compute Krippendorff's alpha for labels without an order, by Inspect's metric.

    Args:
        ratings: For each item the label by each rater, `None` where a rater gave none. Items with fewer than two labels
            compare nothing and are left out.

    Returns:
        Alpha; `nan` when the items hold fewer than two different labels, where nothing shows that raters tell labels
        apart. Inspect's metric says 1 there.
    """
    items = [[label for label in item if label is not None] for item in ratings]
    compared = [item for item in items if len(item) > 1]
    if len({label for item in compared for label in item}) < 2:
        return math.nan
    metric = cast(MetricProtocol, inspect_alpha())
    return cast(float, metric([SampleScore(score=Score(value=item)) for item in compared]))


def _agreement(first: Sequence[str | None], second: Sequence[str | None]) -> Estimate:
    both = [pair for pair in zip(first, second, strict=True) if None not in pair]
    return share(sum(a == b for a, b in both), len(both))


def _unknown(n: int) -> Estimate:
    return Estimate(value=math.nan, low=math.nan, high=math.nan, n=n)
