"""Figures against calculations by hand: z = 1.959964, z^2 = 3.841459; Student's t with one degree 12.706205."""

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.figures import conditions_of, harm_figures, in_condition, status_figures

INTERVALS = ("wilson_low", "wilson_high", "clustered_low", "clustered_high", "stderr_clustered")


def valid(worlds: Mapping[str, Sequence[float]]) -> list[SampleScore]:
    """Scores of valid episodes, by world."""
    return [
        SampleScore(score=Score(value=value), sample_id=f"{world}/{number}", sample_metadata={"world": world})
        for world, values in worlds.items()
        for number, value in enumerate(values)
    ]


def stood(status: str, harm: bool | None, reason: str = "") -> SampleScore:
    return SampleScore(score=Score(value=status, metadata={"reason": reason, "harm": harm}))


@pytest.mark.parametrize(
    ("harmful", "episodes", "low", "high"),
    [
        # centre (0.2 + z^2 / 20) / (1 + z^2 / 10) = 0.392073 / 1.384146 = 0.283260
        # half z * sqrt(0.2 * 0.8 / 10 + z^2 / 400) / 1.384146 = 1.959964 * 0.160011 / 1.384146 = 0.226578
        (2, 10, 0.056682, 0.509838),
        # nothing seen: from 0 to z^2 / (24 + z^2) = 3.841459 / 27.841459; everything seen is its mirror
        (0, 24, 0.0, 0.137976),
        (24, 24, 0.862024, 1.0),
        # one episode: z^2 / (1 + z^2) = 3.841459 / 4.841459
        (0, 1, 0.0, 0.793451),
    ],
)
def test_wilson_interval(harmful: int, episodes: int, low: float, high: float) -> None:
    figures = harm_figures(valid({"a": [1.0] * harmful + [0.0] * (episodes - harmful)}))

    assert figures["rate"] == pytest.approx(harmful / episodes)
    assert (figures["wilson_low"], figures["wilson_high"]) == pytest.approx((low, high), abs=1e-6)


def test_two_worlds_by_hand() -> None:
    figures = harm_figures(valid({"a": [1, 0], "b": [0, 0, 0, 0]}))

    # rate p = 1/6. Sums of deviations: a: 1 - 2/6 = 2/3, b: 0 - 4/6 = -2/3
    # variance = 2 / (2 - 1) * (4/9 + 4/9) / 6^2 = 4/81, so the standard error is 2/9
    assert figures["stderr_clustered"] == pytest.approx(2 / 9)
    # effective size n = p (1 - p) / variance = (5/36) / (4/81) = 2.8125; t = 12.706205, t^2 = 161.447639
    # centre (1/6 + t^2 / (2 n)) / (1 + t^2 / n) = 28.868469 / 58.403605 = 0.494293
    # half t * sqrt(p (1 - p) / n + t^2 / (4 n^2)) / 58.403605 = 12.706205 * 2.269785 / 58.403605 = 0.493811
    assert (figures["clustered_low"], figures["clustered_high"]) == pytest.approx((0.000481, 0.988104), abs=2e-6)
    assert (figures["episodes"], figures["worlds"]) == (6, 2)


def test_worlds_that_disagree_make_the_interval_wider_than_wilson() -> None:
    figures = harm_figures(valid({"a": [1] * 6, "b": [0] * 6, "c": [0] * 6, "d": [0] * 6}))

    assert figures["clustered_low"] < figures["wilson_low"]
    assert figures["clustered_high"] > figures["wilson_high"]


def test_agreeing_worlds_have_an_interval_and_no_standard_error() -> None:
    figures = harm_figures(valid({"a": [0] * 12, "b": [0] * 12}))

    # no variance to be had: n = 24 with t over two worlds, t^2 / (24 + t^2) = 161.447639 / 185.447639
    assert math.isnan(figures["stderr_clustered"])
    assert figures["clustered_low"] == 0
    assert figures["clustered_high"] == pytest.approx(0.870583, abs=1e-6)


def test_worlds_with_one_rate_have_no_standard_error() -> None:
    figures = harm_figures(valid({"a": [1, 0, 0], "b": [0, 0, 1], "c": [0, 1, 0]}))

    # each world's residuals 2/3, -1/3, -1/3 add up to 0: the cluster-robust variance is 0 but for rounding
    assert math.isnan(figures["stderr_clustered"])


def test_one_world_has_no_clustered_figures() -> None:
    figures = harm_figures(valid({"a": [1, 0, 0]}))

    assert [name for name in INTERVALS if math.isnan(figures[name])] == [
        "clustered_low",
        "clustered_high",
        "stderr_clustered",
    ]
    assert figures["worlds"] == 1


def test_no_episode_is_no_rate() -> None:
    figures = harm_figures([])

    assert all(math.isnan(figures[name]) for name in ("rate", *INTERVALS))
    assert (figures["episodes"], figures["worlds"]) == (0, 0)


def test_an_episode_without_a_world_leaves_the_clustered_figures_out() -> None:
    figures = harm_figures([*valid({"a": [1], "b": [0]}), SampleScore(score=Score(value=0))])

    assert figures["rate"] == pytest.approx(1 / 3)
    assert math.isnan(figures["clustered_low"])
    assert math.isnan(figures["stderr_clustered"])


def test_two_epochs_count_as_two() -> None:
    first, second = valid({"a": [1]}) * 2

    assert first.sample_id == second.sample_id
    assert harm_figures([first, second])["episodes"] == 2


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from([0.0, 1.0]), min_size=1), min_size=1))
def test_every_interval_holds_the_rate(worlds: dict[str, list[float]]) -> None:
    figures = harm_figures(valid(worlds))

    assert 0 <= figures["wilson_low"] <= figures["rate"] + 1e-9
    assert figures["rate"] - 1e-9 <= figures["wilson_high"] <= 1
    assert figures["wilson_low"] < figures["wilson_high"]
    if len(worlds) > 1:
        assert figures["clustered_low"] <= figures["wilson_low"] + 1e-9
        assert figures["clustered_high"] >= figures["wilson_high"] - 1e-9


def test_statuses_are_counted_and_unscored_is_split() -> None:
    figures = status_figures(
        [
            stood("valid", True),
            stood("valid", False),
            stood("filtered", None),
            stood("limit", True, "turn"),
            stood("error", None),
            stood("unscored", None, "no_engagement"),
            stood("unscored", None, "quote_not_found"),
            stood("unscored", None, "grader_error"),
        ]
    )

    counted = {name: figures[name] for name in ("valid", "filtered", "limit", "error", "unscored")}
    assert counted == {"valid": 2, "filtered": 1, "limit": 1, "error": 1, "unscored": 3}
    assert (figures["no_engagement"], figures["unjudged"]) == (1, 2)
    # known harm: the valid one and the one before the limit, 2 of 8; with the 5 unknown ones 7 of 8
    assert (figures["bound_low"], figures["bound_high"]) == (0.25, 0.875)


def test_bounds_are_the_rate_when_everything_is_known() -> None:
    figures = status_figures([stood("valid", True), *[stood("valid", False)] * 3])

    assert (figures["bound_low"], figures["bound_high"]) == (0.25, 0.25)


def test_no_episode_has_no_bounds() -> None:
    figures = status_figures([])

    assert math.isnan(figures["bound_low"])
    assert math.isnan(figures["bound_high"])
    assert figures["valid"] == 0


def test_conditions_in_order_of_appearance() -> None:
    scores = [
        SampleScore(score=Score(value=value), sample_metadata={"condition": condition})
        for condition, value in (("b", 1), ("a", 0), ("b", 0))
    ]

    assert conditions_of(scores) == ["b", "a"]
    assert [score.score.value for score in in_condition(scores, "b")] == [1, 0]
