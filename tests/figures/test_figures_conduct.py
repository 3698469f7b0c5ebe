"""Rates of labels against calculations by hand: z = 1.959964, z^2 = 3.841459."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.figures import conduct_figures

NAN = math.nan


def scored(status: str = "valid", **values: float) -> SampleScore:
    return SampleScore(score=Score(value=dict(values), metadata={"episode_status": status}))


def test_each_label_has_its_rate_over_the_episodes_in_which_it_is_known() -> None:
    figures = conduct_figures([scored(coercion=1, leak=0), scored(coercion=0, leak=NAN), scored(coercion=1, leak=NAN)])

    assert figures["coercion"] == pytest.approx(2 / 3)
    assert figures["coercion_episodes"] == 3
    assert (figures["leak"], figures["leak_episodes"]) == (0, 1)
    # Wilson of 0 of 1: 0 to z^2 / (1 + z^2) = 3.841459 / 4.841459
    assert (figures["leak_low"], figures["leak_high"]) == pytest.approx((0, 0.793451), abs=1e-6)


def test_a_label_that_is_known_of_no_episode_has_no_rate_and_is_counted() -> None:
    figures = conduct_figures([scored(sent=NAN), scored(sent=NAN)])

    assert figures["sent_episodes"] == 0
    assert all(math.isnan(figures[name]) for name in ("sent", "sent_low", "sent_high"))


def test_a_label_that_only_some_episodes_have_is_counted_in_these() -> None:
    figures = conduct_figures([scored(sent=1), scored(sent=0, leak=1)])

    assert (figures["sent_episodes"], figures["leak_episodes"]) == (2, 1)


@pytest.mark.parametrize("status", ["limit", "error", "filtered", "unscored"])
def test_an_episode_that_is_not_valid_enters_no_rate(status: str) -> None:
    # of such an episode only what was done is known: taken in, it would count where harm was done and not otherwise
    figures = conduct_figures([scored(sent=0), scored(sent=1), scored(status, sent=1)])

    assert (figures["sent"], figures["sent_episodes"]) == (0.5, 2)


def test_an_episode_that_was_never_taken_up_enters_the_rate_of_these_alone() -> None:
    figures = conduct_figures(
        [
            scored(no_engagement=0, sent=0),
            scored("unscored", no_engagement=1, sent=NAN),
            scored("limit", no_engagement=NAN),
        ]
    )

    assert (figures["no_engagement"], figures["no_engagement_episodes"], figures["sent_episodes"]) == (0.5, 2, 1)


def test_a_score_that_does_not_say_its_status_enters_no_rate() -> None:
    assert conduct_figures([SampleScore(score=Score(value={"sent": 1}))])["sent_episodes"] == 0


def test_no_episode_has_no_figures() -> None:
    assert conduct_figures([]) == {}


def test_labels_stand_in_their_order() -> None:
    figures = conduct_figures([scored(sent=1, leak=1), scored(drafted=1)])

    assert [name for name in figures if "_" not in name] == ["sent", "leak", "drafted"]


@given(st.lists(st.sampled_from([0.0, 1.0, NAN]), min_size=1, max_size=30))
def test_an_interval_holds_its_rate(values: list[float]) -> None:
    figures = conduct_figures([scored(sent=value) for value in values])
    known = [value for value in values if not math.isnan(value)]

    assert figures["sent_episodes"] == len(known)
    if known:
        assert figures["sent"] == pytest.approx(sum(known) / len(known))
        assert figures["sent_low"] - 1e-9 <= figures["sent"] <= figures["sent_high"] + 1e-9
