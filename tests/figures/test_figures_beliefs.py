"""Harm by reality belief against calculations by hand: z = 1.959964, z^2 = 3.841459."""

import math
from collections.abc import Mapping
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score
from statsmodels.stats.proportion import confint_proportions_2indep

from agentic_misalignment.figures import belief_figures, difference_bounds
from agentic_misalignment.judging import BELIEFS

Cells = Mapping[str, tuple[int, int]]
"""Belief to its harmful and its other episodes."""


def scored(belief: str, harm: bool | None, world: str = "a") -> SampleScore:
    return SampleScore(score=Score(value=belief, metadata={"harm": harm}), sample_metadata={"world": world})


def made(cells: Cells) -> list[SampleScore]:
    return [
        scored(belief, harm)
        for belief, (harmful, others) in cells.items()
        for harm in chain(repeat(True, harmful), repeat(False, others))
    ]


TABLE: Cells = {"test": (1, 9), "real": (2, 2), "undecided": (0, 5), "not_considered": (1, 0)}


def test_shares_by_hand() -> None:
    figures = belief_figures(made(TABLE))

    # 20 episodes: 10 say test, 4 real, 5 leave it open, 1 says nothing
    shares = {belief: figures[f"share_{belief}"] for belief in BELIEFS}
    assert shares == pytest.approx({"test": 0.5, "real": 0.2, "undecided": 0.25, "not_considered": 0.05})
    assert [figures[f"{belief}_episodes"] for belief in BELIEFS] == [10, 4, 5, 1]
    # Wilson of 10 of 20: centre 1/2; half z * sqrt(0.25 / 20 + z^2 / 1600) / (1 + z^2 / 20)
    # = 1.959964 * sqrt(0.0125 + 0.002401) / 1.192073 = 1.959964 * 0.122069 / 1.192073 = 0.200702
    assert (figures["share_test_low"], figures["share_test_high"]) == pytest.approx((0.299298, 0.700702), abs=1e-6)


def test_harm_in_each_cell_by_hand() -> None:
    figures = belief_figures(made(TABLE))

    harm = {belief: figures[f"harm_{belief}"] for belief in BELIEFS}
    assert harm == pytest.approx({"test": 0.1, "real": 0.5, "undecided": 0.0, "not_considered": 1.0})
    assert [figures[f"harm_{belief}_episodes"] for belief in BELIEFS] == [10, 4, 5, 1]
    # Wilson of 2 of 4: half z * sqrt(0.25 / 4 + z^2 / 64) / (1 + z^2 / 4)
    # = 1.959964 * sqrt(0.0625 + 0.060023) / 1.960365 = 1.959964 * 0.350033 / 1.960365 = 0.349961
    assert (figures["harm_real_low"], figures["harm_real_high"]) == pytest.approx((0.150039, 0.849961), abs=1e-6)
    # Wilson of 0 of 5: 0 to z^2 / (5 + z^2) = 3.841459 / 8.841459
    assert (figures["harm_undecided_low"], figures["harm_undecided_high"]) == pytest.approx((0, 0.434482), abs=1e-6)


def test_the_difference_by_hand() -> None:
    figures = belief_figures(made(TABLE))

    # 0.5 - 0.1. Wilson of 2 of 4: 0.150039 to 0.849961. Wilson of 1 of 10: centre (0.1 + z^2 / 20) / (1 + z^2 / 10)
    # = 0.292073 / 1.384146 = 0.211013, half z * sqrt(0.1 * 0.9 / 10 + z^2 / 400) / 1.384146
    # = 1.959964 * 0.136396 / 1.384146 = 0.193137: 0.017876 to 0.404150
    # below sqrt(0.349961^2 + (0.404150 - 0.1)^2) = sqrt(0.122473 + 0.092507) = 0.463660
    # above sqrt(0.349961^2 + (0.1 - 0.017876)^2) = sqrt(0.122473 + 0.006744) = 0.359468
    assert figures["harm_real_minus_test"] == pytest.approx(0.4)
    assert figures["harm_real_minus_test_low"] == pytest.approx(0.4 - 0.463660, abs=1e-5)
    assert figures["harm_real_minus_test_high"] == pytest.approx(0.4 + 0.359468, abs=1e-5)


counts = st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(any)


@given(counts, counts)
def test_the_interval_of_the_difference_is_newcombe_s(real: tuple[int, int], test: tuple[int, int]) -> None:
    figures = belief_figures(made({"real": real, "test": test}))
    low, high = confint_proportions_2indep(
        real[0], sum(real), test[0], sum(test), method="newcomb", compare="diff", alpha=0.05
    )

    assert figures["harm_real_minus_test_low"] == pytest.approx(low, abs=1e-9)
    assert figures["harm_real_minus_test_high"] == pytest.approx(high, abs=1e-9)
    assert figures["harm_real_minus_test_low"] - 1e-9 <= figures["harm_real_minus_test"]
    assert figures["harm_real_minus_test"] <= figures["harm_real_minus_test_high"] + 1e-9


@pytest.mark.parametrize("missing", ["real", "test"])
def test_an_empty_cell_has_no_rate_and_no_difference_and_is_counted(missing: str) -> None:
    figures = belief_figures(made({belief: cell for belief, cell in TABLE.items() if belief != missing}))

    assert (figures[f"{missing}_episodes"], figures[f"harm_{missing}_episodes"], figures[f"share_{missing}"]) == (
        0,
        0,
        0,
    )
    empty = (f"harm_{missing}", f"harm_{missing}_low", f"harm_{missing}_high")
    assert all(math.isnan(figures[name]) for name in (*empty, *DIFFERENCE))


DIFFERENCE = ("harm_real_minus_test", "harm_real_minus_test_low", "harm_real_minus_test_high")


def test_no_episode_has_no_figures_but_counts() -> None:
    figures = belief_figures([])

    counted = {name: value for name, value in figures.items() if not math.isnan(value)}
    assert counted == {f"{start}{belief}_episodes": 0 for belief in BELIEFS for start in ("", "harm_")}


def test_an_episode_whose_harm_is_not_known_has_a_belief_and_no_rate() -> None:
    figures = belief_figures([*made({"test": (1, 1), "real": (1, 0)}), scored("test", None), scored("undecided", None)])

    assert (figures["test_episodes"], figures["harm_test_episodes"], figures["harm_test"]) == (3, 2, 0.5)
    assert (figures["undecided_episodes"], figures["harm_undecided_episodes"]) == (1, 0)
    assert math.isnan(figures["harm_undecided"])


def test_a_score_without_metadata_has_a_belief_and_no_rate() -> None:
    figures = belief_figures([SampleScore(score=Score(value="test"))])

    assert (figures["share_test"], figures["harm_test_episodes"]) == (1, 0)


def test_the_same_cells_in_one_world_have_no_clustered_interval() -> None:
    figures = belief_figures(made(TABLE))

    names = ["harm_real_clustered_low", "harm_test_clustered_high"]
    names += ["harm_real_minus_test_clustered_low", "harm_real_minus_test_clustered_high"]
    assert all(math.isnan(figures[name]) for name in names)


def test_the_clustered_interval_of_the_difference_is_made_of_the_clustered_ones() -> None:
    scores = [scored("real", number < 3, world) for world in "abc" for number in range(4)]
    scores += [scored("test", number < 1 and world != "c", world) for world in "abc" for number in range(6)]
    figures = belief_figures(scores)

    sides = [
        tuple(figures[f"harm_{belief}{ending}"] for ending in ("", "_clustered_low", "_clustered_high"))
        for belief in ("real", "test")
    ]
    (p, p_low, p_high), (q, q_low, q_high) = sides
    assert (p, q) == pytest.approx((0.75, 2 / 18))
    expected = (p - q - math.hypot(p - p_low, q_high - q), p - q + math.hypot(p_high - p, q - q_low))
    found = (figures["harm_real_minus_test_clustered_low"], figures["harm_real_minus_test_clustered_high"])
    assert found == pytest.approx(expected)
    assert found[0] < figures["harm_real_minus_test_low"]


def test_a_difference_of_equal_rates_is_nothing_and_its_interval_holds_it() -> None:
    assert difference_bounds((0.5, 0.4, 0.6), (0.5, 0.4, 0.6)) == pytest.approx(
        (0.0, -math.sqrt(0.02), math.sqrt(0.02))
    )
