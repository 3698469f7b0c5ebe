"""Differences of rates: published examples, libraries, worlds as clusters, and what the intervals cover."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from agentic_misalignment.analysis.effects import Difference, Outcome
from agentic_misalignment.analysis.effects.difference import wilson


def side(harmful: int, n: int, worlds: int = 1) -> tuple[Outcome, ...]:
    """Episodes in turn over the worlds, the harmful ones first."""
    return tuple(Outcome(f"w{place % worlds}", int(place < harmful)) for place in range(n))


def unpaired(second: tuple[int, int], first: tuple[int, int]) -> Difference:
    return Difference(first=side(*first), second=side(*second))


def paired(both: int, second: int, first: int, neither: int, worlds: int = 1) -> Difference:
    """Pairs by their outcomes: both harmful, only the second, only the first, neither."""
    cells = [(1, 1)] * both + [(1, 0)] * second + [(0, 1)] * first + [(0, 0)] * neither
    names = [f"w{place % worlds}" for place in range(len(cells))]
    return Difference(
        first=tuple(Outcome(world, cell[1]) for world, cell in zip(names, cells, strict=True)),
        second=tuple(Outcome(world, cell[0]) for world, cell in zip(names, cells, strict=True)),
        pairs=tuple((place, place) for place in range(len(cells))),
    )


# Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
@pytest.mark.parametrize(
    ("second", "first", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_independent_rates_have_the_published_interval(
    second: tuple[int, int], first: tuple[int, int], low: float, high: float
) -> None:
    assert unpaired(second, first).bounds() == pytest.approx((low, high), abs=5e-5)


# Complete response before and after therapy (Cavo et al. 2012), in Fagerland, Lydersen and Laake, Statistical Analysis
# of Contingency Tables, chapter 8; the interval is that of their R package contingencytables.
def test_pairs_have_the_published_interval() -> None:
    made = paired(59, 6, 16, 80)
    assert made.value == pytest.approx(-0.0621, abs=5e-5)
    assert made.bounds() == pytest.approx((-0.1186, -0.0046), abs=5e-5)


@given(n=st.integers(1, 40), m=st.integers(1, 40), data=st.data())
def test_independent_rates_agree_with_statsmodels(n: int, m: int, data: st.DataObject) -> None:
    harmful, other = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    expected = confint_proportions_2indep(harmful, n, other, m, method="newcomb", compare="diff")
    assert unpaired((harmful, n), (other, m)).bounds() == pytest.approx(expected, abs=1e-9)


@given(n=st.integers(1, 40), data=st.data(), alpha=st.sampled_from([0.1, 0.05, 0.001]))
def test_wilson_agrees_with_statsmodels(n: int, data: st.DataObject, alpha: float) -> None:
    harmful = data.draw(st.integers(0, n))
    expected = proportion_confint(harmful, n, alpha=alpha, method="wilson")
    assert wilson(harmful / n, n, norm.isf(alpha / 2)) == pytest.approx(expected, abs=1e-9)


def test_a_few_pairs_lie_between_none_and_all() -> None:
    whole = paired(30, 2, 2, 30)
    some = [Difference(first=whole.first, second=whole.second, pairs=whole.pairs[:: 1 + skip]) for skip in (0, 1, 3)]
    widths = [high - low for low, high in (made.bounds() for made in (*some, unpaired((32, 64), (32, 64))))]
    assert all(narrower < wider for narrower, wider in pairwise(widths))


# Without spread between worlds the interval over worlds is Newcombe's with Student's critical value: here four worlds.
def test_worlds_that_agree_bring_student_only() -> None:
    made = paired(0, 0, 0, 12, worlds=4)
    critical = t.isf(0.025, 3)
    limit = critical**2 / (12 + critical**2)  # upper Wilson limit of 0 of 12
    assert made.bounds_over_worlds() == pytest.approx((-limit, limit))


# Ten pairs in each of four worlds; the level harms in all pairs of two worlds and in none of the others. D = 0.5.
# Variance over pairs: 0.25 / 40 = 0.00625. Residual sums by world over 40: +-5/40, so over worlds 4/3 * 4/64 = 0.08333.
# Design effect 13.333, effective pairs 3, and 0 of 3 against 1.5 of 3.
def test_worlds_that_differ_lower_the_effective_number() -> None:
    first = tuple(Outcome(f"w{world}", 0) for world in range(4) for _ in range(10))
    second = tuple(Outcome(f"w{world}", int(world < 2)) for world in range(4) for _ in range(10))
    made = Difference(first=first, second=second, pairs=tuple((place, place) for place in range(40)))
    critical = float(t.isf(0.025, 3))
    half_low, half_high = wilson(0.5, 3, critical)
    zero_high = wilson(0, 3, critical)[1]
    expected = 0.5 - math.hypot(0.5 - half_low, zero_high), 0.5 + math.hypot(half_high - 0.5, 0)
    assert made.bounds_over_worlds() == pytest.approx(expected)


@given(st.tuples(*[st.integers(0, 8)] * 4).filter(lambda cells: sum(cells) > 3), st.sampled_from([2, 3]))
def test_worlds_never_narrow_an_interval(cells: tuple[int, int, int, int], worlds: int) -> None:
    made = paired(*cells, worlds=worlds)
    low, high = made.bounds()
    clustered_low, clustered_high = made.bounds_over_worlds()
    assert -1 <= clustered_low <= low <= made.value <= high <= clustered_high <= 1
    assert high > low


@given(st.tuples(*[st.integers(0, 8)] * 4).filter(lambda cells: sum(cells) > 3))
def test_p_is_the_level_at_which_the_interval_meets_zero(cells: tuple[int, int, int, int]) -> None:
    made = paired(*cells, worlds=3)
    if made.value == 0:
        assert made.p == 1
    else:
        assert 0 < made.p < 1
        assert min(map(abs, made.bounds_over_worlds(1 - made.p))) < 1e-6


def test_one_world_has_no_interval_over_worlds() -> None:
    made = paired(3, 2, 1, 4)
    assert not any(map(math.isnan, made.bounds()))
    assert all(map(math.isnan, (*made.bounds_over_worlds(), made.p)))


def test_unknown_worlds_are_no_clusters() -> None:
    some = tuple(Outcome(None, harm) for harm in (0, 1, 1))
    assert all(map(math.isnan, Difference(first=some, second=some).bounds_over_worlds()))


def test_no_episode_on_one_side_has_no_difference() -> None:
    made = Difference(first=side(1, 3), second=())
    assert all(map(math.isnan, (made.value, *made.bounds(), *made.bounds_over_worlds(), made.p)))


# Six worlds whose effects differ, ten pairs in each; the true difference is 0 by symmetry. The interval may cover more
# than 95 %, hardly less.
def test_the_interval_over_worlds_covers() -> None:
    random = np.random.default_rng(1)
    covered, runs = 0, 300
    for _ in range(runs):
        rate = 1 / (1 + np.exp(-random.normal(0, 1, (2, 6, 1))))
        harm = (random.random((2, 6, 10)) < rate).astype(int)
        first, second = (
            tuple(Outcome(f"w{world}", int(value)) for world in range(6) for value in part[world]) for part in harm
        )
        made = Difference(first=first, second=second, pairs=tuple((place, place) for place in range(60)))
        low, high = made.bounds_over_worlds()
        covered += low <= 0 <= high
    assert covered / runs >= 0.94
