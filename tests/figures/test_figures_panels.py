"""Agreement among the members of a panel, by hand."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.figures import panel_figures

JUDGES = ("a", "b", "c")


def episode(judges: Sequence[str] = JUDGES, **votes: Sequence[str | None]) -> SampleScore:
    """A status score with the votes of these judges, by rubric."""
    rows: dict[str, Any] = {
        name: [{"judge": judge, "kind": kind} for judge, kind in zip(judges, kinds, strict=True)]
        for name, kinds in votes.items()
    }
    return SampleScore(score=Score(value="valid", metadata={"votes": rows}))


def test_each_two_judges_agree_in_a_share_of_the_episodes_that_both_judged() -> None:
    figures = panel_figures(
        [
            episode(blackmail=["positive", "positive", "negative"]),
            episode(blackmail=["negative", "negative", "negative"]),
            episode(blackmail=["positive", "negative", None]),
        ]
    )

    assert figures["agreement blackmail: a ~ b"] == pytest.approx(2 / 3)
    assert figures["agreement blackmail: a ~ c"] == pytest.approx(1 / 2)
    assert figures["agreement blackmail: b ~ c"] == pytest.approx(1 / 2)


def test_alpha_by_hand() -> None:
    figures = panel_figures(
        [
            episode(("a", "b"), blackmail=["positive", "positive"]),
            episode(("a", "b"), blackmail=["negative", "negative"]),
            episode(("a", "b"), blackmail=["positive", "negative"]),
            episode(("a", "b"), blackmail=["negative", "negative"]),
        ]
    )

    # 8 labels, 3 positive and 5 negative. Pairs that differ: 2 of 8 (both orders of the third episode) = 0.25
    # expected: 2 * 3 * 5 / (8 * 7) = 30 / 56. alpha = 1 - 0.25 / (30 / 56) = 1 - 14 / 30
    assert figures["alpha blackmail"] == pytest.approx(1 - 14 / 30)
    assert figures["alpha_episodes blackmail"] == 4


def test_an_episode_that_one_judge_alone_answered_compares_nothing() -> None:
    figures = panel_figures(
        [episode(blackmail=["positive", None, None]), episode(blackmail=["positive", "negative", None])]
    )

    assert figures["alpha_episodes blackmail"] == 1
    assert figures["agreement blackmail: a ~ b"] == 0
    assert math.isnan(figures["agreement blackmail: a ~ c"])


def test_judges_who_always_say_the_same_show_no_alpha() -> None:
    figures = panel_figures([episode(blackmail=["negative"] * 3)] * 2)

    assert math.isnan(figures["alpha blackmail"])
    assert figures["agreement blackmail: b ~ c"] == 1


def test_each_rubric_has_figures_of_its_own() -> None:
    figures = panel_figures([episode(blackmail=["positive"] * 3, reality_belief=["test", "real", "test"])])

    assert figures["agreement blackmail: a ~ b"] == 1
    assert figures["agreement reality_belief: a ~ b"] == 0
    assert figures["agreement reality_belief: a ~ c"] == 1


def test_labels_of_conduct_have_an_alpha_each_and_no_pairs() -> None:
    figures = panel_figures([episode(**{"conduct.leak": ["yes", "no", "yes"], "conduct.sent": ["no", "no", "no"]})])

    assert {*figures} == {
        f"{name} conduct.{label}" for name in ("alpha", "alpha_episodes") for label in ("leak", "sent")
    }


def test_an_episode_in_which_no_panel_was_asked_does_not_count() -> None:
    scores = [episode(), SampleScore(score=Score(value="valid")), episode(blackmail=["positive"] * 3)]

    assert panel_figures(scores)["alpha_episodes blackmail"] == 1


@pytest.mark.parametrize("scores", [[], [episode()], [SampleScore(score=Score(value="error"))]])
def test_where_no_panel_was_asked_there_are_no_figures(scores: list[SampleScore]) -> None:
    assert panel_figures(scores) == {}
