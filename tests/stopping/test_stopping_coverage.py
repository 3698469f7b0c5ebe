"""The computation of coverage: by hand, against all sequences, and what it says of the rule."""

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.analysis.published_rates import published_rates
from agentic_misalignment.figures import harm_figures
from agentic_misalignment.stopping import Boundary
from agentic_misalignment.stopping.coverage import expected, looks
from benchmarks.differing_worlds import clustered_interval, tried

SMALL = Boundary(half_width=0.25, least=1, between_looks=1, confidence=0.95)


def test_a_small_case_by_hand() -> None:
    # At 95 % six equal episodes are the first that are enough: 0.5 * (1 - 0.025 ** (1 / 6)) = 0.230; one of six is
    # 0.004 to 0.641. So at rate 1/2 an arm of at most 7 stops at 6 in 2 of 64 cases, and there 0 to 0.459 (or 0.541
    # to 1) misses it; the other 62 of 64 end at 7 with one to six harmful, and 1 of 7 is 0.004 to 0.579.
    (found,) = expected(SMALL, [0.5], worlds=1, most=7)

    assert found.episodes == pytest.approx(6 * 2 / 64 + 7 * 62 / 64)
    assert found.coverage == pytest.approx(62 / 64)


@settings(max_examples=15)
@given(rate=st.floats(0.02, 0.98), worlds=st.integers(1, 4), overrun=st.integers(0, 3))
def test_it_agrees_with_the_sum_over_all_sequences(rate: float, worlds: int, overrun: int) -> None:
    most = 10
    (found,) = expected(SMALL, [rate], worlds=worlds, most=most, overrun=overrun)
    coverage = episodes = 0.0
    for sequence in product((0, 1), repeat=most):
        look = next(n for n in looks(SMALL, worlds=worlds, most=most) if n == most or SMALL.stops(sum(sequence[:n]), n))
        end = min(look + overrun, most)
        probability = prod(rate if harm else 1 - rate for harm in sequence)
        low, high = SMALL.interval(sum(sequence[:end]), end)
        coverage += probability * (low <= rate <= high)
        episodes += probability * end

    assert found.coverage == pytest.approx(coverage)
    assert found.episodes == pytest.approx(episodes)


@pytest.mark.parametrize("half_width", [0.05, 0.1, 0.15, 0.25])
@pytest.mark.parametrize("worlds", [1, 4, 6])
def test_the_reported_interval_covers_95_percent_at_every_rate(half_width: float, worlds: int) -> None:
    rates = [0.001, 0.003, *np.arange(1, 100) / 100, 0.997, 0.999]

    assert (
        min(found.coverage for found in expected(Boundary(half_width=half_width), rates, worlds=worlds, most=100))
        > 0.95
    )


def test_confidence_that_is_not_raised_would_not_cover() -> None:
    # Why the rule is not simply: stop when the 95 % interval is narrow enough.
    plain = Boundary(half_width=0.1, confidence=0.95)

    assert min(found.coverage for found in expected(plain, list(np.arange(1, 100) / 100), worlds=6, most=100)) < 0.94


@pytest.mark.parametrize("overrun", [6, 24])
def test_episodes_on_top_do_not_lower_the_coverage_below_95_percent(overrun: int) -> None:
    rates = list(np.arange(1, 100) / 100)
    found = expected(Boundary(half_width=0.1), rates, worlds=6, most=100, overrun=overrun)

    assert min(each.coverage for each in found) > 0.95


@pytest.mark.parametrize("worlds", [4, 6])
def test_half_of_the_published_episodes_are_saved_at_half_width_010(worlds: int) -> None:
    rates = [rate.percent / 100 for rate in published_rates()]
    found = expected(Boundary(half_width=0.1), rates, worlds=worlds, most=100)

    assert len(found) == 324
    assert 1 - sum(each.episodes for each in found) / (100 * 324) >= 0.5


def test_the_simulation_agrees_with_the_computation() -> None:
    boundary, rates = Boundary(half_width=0.15), [0.0, 0.1, 0.4]
    exact = expected(boundary, rates, worlds=6, most=60)
    trial = tried(boundary, rates, worlds=6, most=60, runs=2000, random=np.random.default_rng(7))

    # four standard errors of a share of 2,000 runs near 0.97: 0.015
    assert trial.all_worlds == pytest.approx([each.coverage for each in exact], abs=0.015)
    assert trial.episodes == pytest.approx([each.episodes for each in exact], rel=0.03)


def test_the_simulated_interval_over_worlds_is_that_of_the_table() -> None:
    harm, valid = np.array([[3, 0, 1, 4, 2, 0]]), np.array([[4, 4, 3, 4, 4, 4]])
    scores = [
        SampleScore(score=Score(value=float(number < harm[0, world])), sample_metadata={"world": str(world)})
        for world in range(6)
        for number in range(valid[0, world])
    ]
    figures, (low, high) = harm_figures(scores), clustered_interval(harm, valid)

    assert (low[0], high[0]) == pytest.approx((figures["clustered_low"], figures["clustered_high"]))
