import math

import numpy as np
import pytest
from scipy.stats import ttest_1samp
from statsmodels.stats.power import TTestPower

from agentic_misalignment.analysis.effects import Difference, Outcome
from agentic_misalignment.planning.power import (
    TARGET,
    Paired,
    monte_carlo_error,
    seeds_detecting,
    simulated_pairs,
    simulated_power,
    smallest_difference,
)
from agentic_misalignment.planning.telling import Counts, told_apart

DESIGN = Paired(worlds=6, pairs=4, correlation=0.1, shared=0.5)
DRAWS = 10_000


def analytic(design: Paired, first: float, second: float) -> float:
    """Power of the t-test over worlds whose mean differences have the variance of the design effect."""
    whole = first * (1 - first) + second * (1 - second)
    variance = whole / design.pairs * (1 + (design.pairs - 1) * design.correlation)
    power = TTestPower().power((second - first) / math.sqrt(variance), nobs=design.worlds, alpha=0.05)
    return float(power)


def analysed(up: Counts, down: Counts, both: Counts, count: int) -> bool:
    """Ask the analysis about one run."""
    kinds = [
        (str(world), [(0, 1)] * u + [(1, 0)] * d + [(1, 1)] * b + [(0, 0)] * (count - u - d - b))
        for world, (u, d, b) in enumerate(zip(up, down, both, strict=True))
    ]
    first = tuple(Outcome(world, one) for world, seen in kinds for one, _ in seen)
    second = tuple(Outcome(world, other) for world, seen in kinds for _, other in seen)
    made = Difference(first=first, second=second, pairs=tuple((place, place) for place in range(len(first))))
    low, high = made.bounds_over_worlds()
    return low > 0 or high < 0


@pytest.mark.parametrize(
    ("worlds", "pairs", "correlation", "first", "second"),
    [
        (6, 60, 0.0, 0.30, 0.45),
        (12, 40, 0.0, 0.40, 0.50),
        (4, 80, 0.0, 0.50, 0.70),
        (10, 100, 0.02, 0.45, 0.60),
        (8, 400, 0.01, 0.50, 0.58),
    ],
)
def test_by_the_t_test_the_simulated_pairs_have_its_analytic_power(
    worlds: int, pairs: int, correlation: float, first: float, second: float
) -> None:
    design = Paired(worlds=worlds, pairs=pairs, correlation=correlation, shared=0, draws=DRAWS)
    expected = analytic(design, first, second)

    seen = simulated_pairs(design, first, second)
    power = float(np.mean(ttest_1samp((seen.up - seen.down) / seen.of, 0, axis=1).pvalue < 0.05))

    assert 0.3 < expected < 0.99
    assert power == pytest.approx(expected, abs=3 * monte_carlo_error(expected, DRAWS))
    # the interval of the analysis is wider than Student's
    assert 0.75 * power < simulated_power(design, first, second) < power


def test_the_simulated_pairs_have_the_rates_and_the_coupling() -> None:
    pairs = simulated_pairs(Paired(worlds=6, pairs=5, correlation=0, shared=0, draws=DRAWS), 0.2, 0.6)

    assert np.mean(pairs.both + pairs.down) / pairs.of == pytest.approx(0.2, abs=0.005)
    assert np.mean(pairs.both + pairs.up) / pairs.of == pytest.approx(0.6, abs=0.005)
    assert np.mean(pairs.both) / pairs.of == pytest.approx(0.12, abs=0.005)


@pytest.mark.parametrize(("worlds", "pairs"), [(2, 3), (3, 20), (4, 5), (6, 1), (6, 10)])
@pytest.mark.parametrize(("first", "second"), [(0.0, 0.9), (0.1, 0.7), (0.5, 0.5), (1.0, 0.4)])
def test_runs_are_told_apart_where_the_analysis_does_so(worlds: int, pairs: int, first: float, second: float) -> None:
    design = Paired(worlds=worlds, pairs=pairs, correlation=0.2, shared=0.5, pair_correlation=0.3, draws=30)
    found = simulated_pairs(design, first, second)

    assert told_apart(found).tolist() == [
        analysed(*run, pairs) for run in zip(found.up, found.down, found.both, strict=True)
    ]


def test_without_a_difference_it_finds_one_in_twenty_at_most() -> None:
    design = Paired(worlds=8, pairs=50, correlation=0.05, shared=0.5, draws=DRAWS)

    assert 0.02 < simulated_power(design, 0.4, 0.4) < 0.05 + 3 * monte_carlo_error(0.05, DRAWS)


@pytest.mark.parametrize("change", [{"shared": 1.0}, {"pair_correlation": 0.5}, {"correlation": 0.0}, {"worlds": 9}])
def test_what_makes_a_design_stronger(change: dict[str, float]) -> None:
    stronger = DESIGN.model_copy(update=change)

    assert simulated_power(stronger, 0.2, 0.6) > simulated_power(DESIGN, 0.2, 0.6) + 0.02


def test_the_same_seed_gives_the_same_power() -> None:
    other = DESIGN.model_copy(update={"seed": 2})

    assert simulated_power(DESIGN, 0.2, 0.5) == simulated_power(DESIGN.model_copy(), 0.2, 0.5)
    assert simulated_power(other, 0.2, 0.5) != simulated_power(DESIGN, 0.2, 0.5)
    assert simulated_power(other, 0.2, 0.5) == pytest.approx(simulated_power(DESIGN, 0.2, 0.5), abs=0.06)


@pytest.mark.parametrize(
    # none of n against n of n: Wilson's limit is n / (n + t^2); with two worlds t is 12.7, with four 3.18
    ("worlds", "power"),
    [(2, 0.0), (4, 1.0)],
)
def test_worlds_that_all_agree_are_told_apart_by_their_number(worlds: int, power: float) -> None:
    assert simulated_power(Paired(worlds=worlds, pairs=3, correlation=0, shared=0), 0, 1) == power


def test_the_error_of_a_simulated_power() -> None:
    # sqrt(0.8 * 0.2 / 1600)
    assert monte_carlo_error(0.8, 1600) == pytest.approx(0.01)


@pytest.mark.parametrize("base", [0.05, 0.2])
def test_the_smallest_difference_is_detected_and_a_smaller_one_is_not(base: float) -> None:
    found = smallest_difference(DESIGN, base)

    assert simulated_power(DESIGN, base, found.to) >= TARGET
    assert simulated_power(DESIGN, base, found.to - 0.05) < TARGET


def test_four_worlds_from_one_in_two_detect_nothing() -> None:
    found = smallest_difference(DESIGN.model_copy(update={"worlds": 4}), 0.5)

    assert math.isnan(found.to)
    assert found.reason == "not even a rate of 100 % is told apart"


def test_one_world_has_no_power() -> None:
    design = DESIGN.model_copy(update={"worlds": 1})

    assert math.isnan(simulated_power(design, 0.1, 0.9))
    assert smallest_difference(design, 0.1).reason == "one world has no spread to compare with"
    found = seeds_detecting(design, 0.1, 0.9)
    assert found.seeds is None
    assert math.isnan(found.power)


def test_the_seeds_found_are_the_fewest() -> None:
    found = seeds_detecting(DESIGN, 0.05, 0.5)

    assert found.seeds is not None
    assert found.power >= TARGET
    assert simulated_power(DESIGN.model_copy(update={"pairs": found.seeds - 1}), 0.05, 0.5) < TARGET
    assert found.now == simulated_power(DESIGN, 0.05, 0.5)


def test_some_differences_no_seeds_detect() -> None:
    found = seeds_detecting(DESIGN, 0.05, 0.1)

    assert found.seeds is None
    assert found.power < TARGET
