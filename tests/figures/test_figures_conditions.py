"""Figures of several conditions: never pooled, each apart."""

import math

import pytest
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.figures import by_condition


def scored(condition: str, value: float, scenario: str = "blackmail") -> SampleScore:
    return SampleScore(
        score=Score(value=value), sample_metadata={"scenario": scenario, "condition": condition, "world": "w"}
    )


def compute(scores: list[SampleScore]) -> dict[str, float]:
    values = [score.score.as_float() for score in scores]
    return {
        "mean": sum(values) / len(values) if values else math.nan,
        "n": float(len(values)),
        "top": max(values, default=0),
    }


TWO = [scored("x", 1), scored("y", 0), scored("x", 0)]


def test_one_condition_has_the_figures_as_they_are() -> None:
    assert by_condition(TWO[:1], compute) == {"mean": 1, "n": 1, "top": 1}


def test_several_conditions_have_counts_together_and_figures_apart() -> None:
    found = by_condition(TWO, compute, counts=("n",))

    assert found["n"] == 3
    assert math.isnan(found["mean"])
    assert math.isnan(found["top"])
    assert {name: value for name, value in found.items() if " " in name} == {
        "mean x": 0.5,
        "n x": 2,
        "top x": 1,
        "mean y": 0,
        "n y": 1,
        "top y": 0,
    }


def test_each_condition_has_the_named_figures_only() -> None:
    assert [name for name in by_condition(TWO, compute, each=("mean",)) if " " in name] == ["mean x", "mean y"]


def test_the_same_condition_of_two_scenarios_is_two() -> None:
    found = by_condition([scored("x", 1), scored("x", 0, "leaking")], compute, each=("mean",))

    assert (found["mean blackmail x"], found["mean leaking x"]) == (1, 0)


@pytest.mark.parametrize("counts", [(), ("n",)])
def test_no_scores_have_the_figures_of_nothing(counts: tuple[str, ...]) -> None:
    assert by_condition([], compute, counts=counts)["n"] == 0
