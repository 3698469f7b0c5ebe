import math
from random import Random

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from agentic_misalignment.figures import harm_figures
from agentic_misalignment.planning.intervals import (
    design_effect,
    expected_interval,
    first_enough,
    intra_world_correlation,
    seeds_needed,
)


# Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3
@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(count: int, of: int, low: float, high: float) -> None:
    found = expected_interval(count / of, worlds=1, seeds=of, correlation=0)

    assert found.wilson == pytest.approx((low, high), abs=5e-5)
    assert all(map(math.isnan, found.clustered))


def test_the_design_effect() -> None:
    # 1 + (4 - 1) 0.1
    assert design_effect(4, 0.1) == pytest.approx(1.3)
    assert design_effect(1, 0.7) == 1


def scores(*worlds: list[int]) -> list[SampleScore]:
    return [
        SampleScore(score=Score(value=float(value)), sample_metadata={"world": str(number)})
        for number, values in enumerate(worlds)
        for value in values
    ]


@pytest.mark.parametrize("worlds", [[[1, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]], [[1, 1, 1], [0, 0, 1], [0, 0, 0]]])
def test_over_worlds_it_is_the_interval_that_rates_print(worlds: list[list[int]]) -> None:
    figures, seeds = harm_figures(scores(*worlds)), len(worlds[0])
    rate, count = figures["rate"], len(worlds) * seeds
    inflated = figures["stderr_clustered"] ** 2 / (rate * (1 - rate) / count)
    found = expected_interval(rate, worlds=len(worlds), seeds=seeds, correlation=(inflated - 1) / (seeds - 1))

    assert found.clustered == pytest.approx((figures["clustered_low"], figures["clustered_high"]))
    assert found.wilson == pytest.approx((figures["wilson_low"], figures["wilson_high"]))


def test_without_any_harm_the_interval_is_that_of_the_whole_sample() -> None:
    figures = harm_figures(scores(*[[0, 0, 0, 0]] * 6))
    found = expected_interval(0, worlds=6, seeds=4, correlation=0.3)

    assert found.clustered == pytest.approx((figures["clustered_low"], figures["clustered_high"]), abs=1e-9)


@given(
    rate=st.floats(min_value=0.01, max_value=0.99),
    worlds=st.integers(min_value=2, max_value=12),
    seeds=st.integers(min_value=1, max_value=50),
    correlation=st.floats(min_value=0, max_value=0.9),
)
def test_over_worlds_it_is_wider_and_holds_the_rate(rate: float, worlds: int, seeds: int, correlation: float) -> None:
    found = expected_interval(rate, worlds=worlds, seeds=seeds, correlation=correlation)

    for low, high in (found.wilson, found.clustered):
        assert 0 <= low <= rate <= high <= 1
    assert found.clustered[1] - found.clustered[0] > found.wilson[1] - found.wilson[0]


def half(bounds: tuple[float, float]) -> float:
    return (bounds[1] - bounds[0]) / 2


@pytest.mark.parametrize("rate", [0, 0.05, 0.5])
def test_the_seeds_found_are_the_fewest(rate: float) -> None:
    found = seeds_needed(0.1, rate, worlds=12, correlation=0.02)

    for needed, which in ((found.wilson, "wilson"), (found.clustered, "clustered")):
        assert needed is not None
        reached, before = (
            half(getattr(expected_interval(rate, worlds=12, seeds=seeds, correlation=0.02), which))
            for seeds in (needed, needed - 1)
        )
        assert reached <= 0.1 < before


def test_a_known_sample_size() -> None:
    # Wilson at 50 % has the half-width z / (2 sqrt(n + z^2)); 0.1 at n = 0.25 z^2 / 0.01 - z^2 = 92.2, in 6 worlds 16
    assert seeds_needed(0.1, 0.5, worlds=6, correlation=0).wilson == 16


def test_few_worlds_have_a_limit_that_no_seeds_pass() -> None:
    found = seeds_needed(0.05, 0.5, worlds=6, correlation=0.1)

    # effective size at most 6 / 0.1 = 60, t over 6 worlds 2.5706: 2.5706 / (2 sqrt(60 + 6.608))
    assert found.clustered is None
    assert found.limit == pytest.approx(2.5706 / (2 * math.sqrt(60 + 2.5706**2)), abs=1e-4)


def test_one_world_has_no_limit_to_speak_of() -> None:
    found = seeds_needed(0.1, 0.5, worlds=1, correlation=0.1)

    assert found.wilson == 93
    assert found.clustered is None
    assert math.isnan(found.limit)


@given(st.integers(min_value=1, max_value=100), st.integers(min_value=1, max_value=100))
def test_the_first_that_is_enough(threshold: int, most: int) -> None:
    found = first_enough(lambda number: number >= threshold, most)

    assert found == (threshold if threshold <= most else None)


@pytest.mark.parametrize(
    ("worlds", "expected"),
    [
        # between 1 over 1, within 0 over 2
        ({"a": [1, 1], "b": [0, 0]}, 1.0),
        # between 0.5 over 1, within 1.5 over 6: (0.5 - 0.25) / (0.5 + 3 * 0.25)
        ({"a": [1, 1, 0, 1], "b": [0, 0, 1, 0]}, 0.2),
        # negative, so cut
        ({"a": [1, 0], "b": [1, 0]}, 0.0),
    ],
)
def test_the_correlation_within_worlds(worlds: dict[str, list[float]], expected: float) -> None:
    assert intra_world_correlation([worlds]) == pytest.approx(expected)


def test_the_correlation_from_the_mean_squares_of_statsmodels() -> None:
    random = Random(3)
    worlds = {str(world): [float(random.random() < world / 7) for _ in range(10)] for world in range(6)}
    rows = pandas.DataFrame([(world, value) for world, values in worlds.items() for value in values])
    rows.columns = pandas.Index(["world", "value"])
    between, within = anova_lm(ols("value ~ C(world)", rows).fit())["mean_sq"]

    assert intra_world_correlation([worlds]) == pytest.approx((between - within) / (between + 9 * within))


@pytest.mark.parametrize("worlds", [{}, {"a": [1, 0]}, {"a": [1], "b": [0]}, {"a": [0, 0], "b": [0, 0]}])
def test_no_correlation_without_spread(worlds: dict[str, list[float]]) -> None:
    assert math.isnan(intra_world_correlation([worlds]))
