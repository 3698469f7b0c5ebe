"""Correction: published examples, rates by hand, and how often the interval holds the truth."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentic_misalignment.analysis.correction import Counts, corrected_rate
from agentic_misalignment.figures.agreement import share

STUDY: tuple[Counts, Counts] = ((45, 50), (40, 50))
"""Sensitivity 0.9, specificity 0.8."""


def shares(least: int = 0, most: int = 80) -> st.SearchStrategy[Counts]:
    return st.integers(least, most).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("positive", "judged", "sensitivity", "specificity", "low", "high"),
    [
        # The examples of Lang and Reiczigel (2014), with the limits as the manual of the R package asht cites them.
        pytest.param(4060, 11284, (178, 179), (358, 359), 0.349, 0.372, id="example 1"),
        pytest.param(51, 2971, (32, 33), (20, 20), 0.0, 0.053, id="example 2"),
        # 6 % of 11862, which is no whole number.
        pytest.param(712, 11862, (8, 10), (12, 12), 0.0, 0.147, id="example 3"),
        pytest.param(51, 509, (23, 41), (187, 195), 0.037, 0.195, id="example 4, the second test"),
    ],
)
def test_published_intervals(
    positive: int, judged: int, sensitivity: Counts, specificity: Counts, low: float, high: float
) -> None:
    found = corrected_rate(positive, judged, sensitivity, specificity)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


def test_a_published_interval_with_two_digits() -> None:
    # Example 4, the first test: 0.58 to 0.87.
    found = corrected_rate(259, 509, (84, 127), (96, 109))
    assert (found.low, found.high) == pytest.approx((0.58, 0.87), abs=5e-3)


def test_a_rate_by_hand() -> None:
    # (0.4 + 0.8 - 1) / (0.9 + 0.8 - 1) = 2 / 7.
    # Limits: AP' = (40 + 1.9207) / 103.8415 = 0.403699, Se' = 46 / 52 = 0.884615, Sp' = 41 / 52 = 0.788462,
    # Se' + Sp' - 1 = 0.673077, p' = 0.192161 / 0.673077 = 0.285496; variances of Se' and Sp' 0.102071 / 52 = 0.00196290
    # and 0.166790 / 52 = 0.00320750. dp = 7.68292 * (0.285496 * 0.00196290 - 0.714504 * 0.00320750) = -0.013302.
    # Half width 1.959964 * sqrt(0.240726 / 103.8415 + 0.081508 * 0.00196290 + 0.510516 * 0.00320750) / 0.673077
    # = 1.959964 * sqrt(0.00231821 + 0.00015999 + 0.00163748) / 0.673077 = 0.186812.
    found = corrected_rate(40, 100, *STUDY)
    assert found.value == pytest.approx(2 / 7)
    assert (found.low, found.high) == pytest.approx((0.085382, 0.459006), abs=1e-5)
    assert found.n == 100


def test_known_episodes_need_no_correction() -> None:
    # Of 160 episodes 100 were judged: (100 * 2 / 7 + 50) / 160 = 0.491071. The judged part reaches 0.200333 below its
    # rate (see above), the known one, 50 of 60, 0.113612; weighted 0.125208 and 0.042605. The split:
    # 1.959964 * (0.285714 - 0.833333) * sqrt(0.625 * 0.375 / 160) = 0.041083. In squares: 0.138497.
    found = corrected_rate(40, 100, *STUDY, known_positive=50, known=60)
    assert (found.value, found.low) == pytest.approx((0.491071, 0.352574), abs=1e-4)
    assert found.n == 160


def test_an_almost_perfect_judge_leaves_known_and_judged_episodes_the_plain_interval() -> None:
    # All judged episodes positive, no known one: the interval must not be narrower than that of 50 of 100 by much.
    study = (10**6, 10**6)
    found, plain = corrected_rate(50, 50, study, study, known=50), share(50, 100)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high), abs=0.02)


def test_without_judged_episodes_nothing_is_corrected() -> None:
    assert corrected_rate(0, 0, *STUDY, known_positive=3, known=10) == share(3, 10)
    assert corrected_rate(0, 0, (0, 0), (0, 0), known_positive=3, known=10) == share(3, 10)
    assert math.isnan(corrected_rate(0, 0, *STUDY).value)


def test_a_rate_beyond_what_errors_explain_is_clamped() -> None:
    # 10 % positive, though the judge calls 20 % of the negatives so; and 95 %, though it finds only 90 %.
    assert corrected_rate(10, 100, *STUDY).value == 0.0
    assert corrected_rate(95, 100, *STUDY).value == 1.0
    assert (corrected_rate(0, 100, *STUDY).low, corrected_rate(100, 100, *STUDY).high) == (0.0, 1.0)


def test_a_judge_without_an_error_in_a_small_study_is_not_taken_for_perfect() -> None:
    found, plain = corrected_rate(20, 100, (10, 10), (10, 10)), share(20, 100)
    assert found.value == pytest.approx(0.2)
    assert found.low < plain.low


def test_a_judge_without_an_error_in_a_large_study_leaves_the_rate() -> None:
    found, plain = corrected_rate(20, 100, (10**6, 10**6), (10**6, 10**6)), share(20, 100)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high), abs=1e-3)


@pytest.mark.parametrize(
    ("sensitivity", "specificity"),
    [
        pytest.param((1, 3), (2, 3), id="as good as chance"),
        pytest.param((20, 100), (70, 100), id="worse than chance"),
        pytest.param((0, 0), (9, 10), id="no true positives in the study"),
        pytest.param((9, 10), (0, 0), id="no true negatives in the study"),
        # 0.1 + 1 > 1, but with the added items 11 / 102 + 2 / 3 < 1.
        pytest.param((10, 100), (1, 1), id="better than chance by one item"),
    ],
)
def test_a_judge_no_better_than_chance_gives_no_rate(sensitivity: Counts, specificity: Counts) -> None:
    found = corrected_rate(40, 100, sensitivity, specificity, known_positive=1, known=20)
    assert all(map(math.isnan, (found.value, found.low, found.high)))
    assert found.n == 120


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, 4, *STUDY), "judged episodes: 5 of 4"),
        ((1, 4, (3, 2), (1, 1)), "the study's true positives: 3 of 2"),
        ((1, 4, (1, 1), (-1, 2)), "the study's true negatives: -1 of 2"),
        ((1, 4, *STUDY, 2, 1), "known episodes: 2 of 1"),
    ],
)
def test_more_than_all_is_no_share(arguments: tuple[int, int, Counts, Counts], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        corrected_rate(*arguments)


@given(shares(least=1), shares(), shares(), shares())
def test_a_rate_lies_in_its_interval(judged: Counts, sensitivity: Counts, specificity: Counts, known: Counts) -> None:
    found = corrected_rate(*judged, sensitivity, specificity, *known)
    assume(not math.isnan(found.value))
    assert 0 <= found.low <= found.value <= found.high <= 1 + 1e-12


@given(shares(least=1), shares(), shares())
def test_turning_all_verdicts_turns_the_rate(judged: Counts, sensitivity: Counts, specificity: Counts) -> None:
    found = corrected_rate(*judged, sensitivity, specificity)
    turned = corrected_rate(judged[1] - judged[0], judged[1], specificity, sensitivity)
    assume(not math.isnan(found.value))
    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (1 - found.value, 1 - found.high, 1 - found.low), abs=1e-9
    )


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5, 0.9])
@pytest.mark.parametrize(("sensitivity", "specificity"), [(0.95, 0.95), (0.8, 0.9), (0.7, 0.7), (0.98, 0.85)])
def test_the_interval_holds_the_truth_19_times_of_20(rate: float, sensitivity: float, specificity: float) -> None:
    draws, judged, study, random = 2000, 120, 60, np.random.default_rng(1)
    apparent = rate * sensitivity + (1 - rate) * (1 - specificity)
    drawn = zip(
        random.binomial(judged, apparent, draws).tolist(),
        random.binomial(study, sensitivity, draws).tolist(),
        random.binomial(study, specificity, draws).tolist(),
        strict=True,
    )
    found = [corrected_rate(positive, judged, (a, study), (b, study)) for positive, a, b in drawn]
    assert sum(estimate.low <= rate <= estimate.high for estimate in found) / draws >= 0.93


@pytest.mark.parametrize(("decided", "rate"), [(0.5, 0.9), (0.8, 0.9), (0.5, 0.3), (0.2, 0.1)])
def test_the_interval_holds_the_truth_when_evidence_decides_some(decided: float, rate: float) -> None:
    # Evidence decides a share of the episodes, all of them negative; the judge sees the others.
    draws, episodes, study, random = 2000, 120, 60, np.random.default_rng(1)
    judged = random.binomial(episodes, 1 - decided, draws)
    positive = random.binomial(judged, rate * 0.9 + (1 - rate) * 0.1)
    drawn = zip(
        positive.tolist(),
        judged.tolist(),
        random.binomial(study, 0.9, draws).tolist(),
        random.binomial(study, 0.9, draws).tolist(),
        strict=True,
    )
    found = [corrected_rate(x, n, (a, study), (b, study), 0, episodes - n) for x, n, a, b in drawn]
    truth = (1 - decided) * rate
    assert sum(estimate.low <= truth <= estimate.high for estimate in found) / draws >= 0.93
