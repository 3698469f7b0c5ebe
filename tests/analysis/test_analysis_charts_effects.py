"""Charts of effects: every estimate with its limits, what cannot be computed as words."""

import math

import pytest

from agentic_misalignment.analysis.report.charts import fitted, forest
from tests.analysis.chart_data import contrast, drawn, effect, texts


def test_a_contrast_with_both_intervals() -> None:
    (figure,) = forest([contrast()])
    (independent,) = drawn(figure, "low", "high")
    (clustered,) = drawn(figure, "clustered_low", "clustered_high")

    assert (independent["low"], independent["high"]) == (-0.4, -0.05)
    assert (clustered["clustered_low"], clustered["clustered_high"]) == (-0.45, 0.02)
    assert {"threat", "none against replacement", "-25 (from 50 % to 25 %)\n24 pairs, 6 worlds"} <= set(texts(figure))
    assert figure.data.to_dict("records") == [contrast().model_dump()]


def test_levels_stand_under_their_factor() -> None:
    (figure,) = forest([contrast(), contrast(factor="goal", level="latent"), contrast(level="restriction")])
    found = texts(figure)

    assert list(figure.data["factor"]) == ["threat", "threat", "goal"]
    assert [found.count(factor) for factor in ("threat", "goal")] == [1, 1]


def test_several_models_are_compared_level_by_level() -> None:
    found = texts(forest([contrast(), contrast(model="lab/other")])[0])

    assert "threat: none against replacement" in found
    assert {"lab/model", "lab/other"} <= set(found)


def test_effects_of_other_judges_or_versions_say_so() -> None:
    (figure,) = forest([contrast(), contrast(judge="lab/second", apart="task version 2-A")])

    assert any("judge lab/second" in text and "task version 2-A" in text for text in texts(figure))
    assert "Judges differ; effects do not compare across them." in figure.caption


def test_no_pair_is_no_difference_of_zero() -> None:
    names = ("difference", "low", "high", "clustered_low", "clustered_high", "baseline_rate", "level_rate")
    (figure,) = forest([contrast(pairs=0, **dict.fromkeys(names, math.nan))])

    assert not drawn(figure, "difference")
    assert "no pairs" in texts(figure)


def test_a_fitted_effect_with_its_limits() -> None:
    (figure,) = fitted([effect()])
    (interval,) = drawn(figure, "shown_low", "shown_high")

    assert (interval["shown_low"], interval["shown_high"]) == (0.1, 0.6)
    assert "0.25 (p 0.002)\n48 episodes, 6 worlds" in texts(figure)
    assert "goes on beyond the axis" not in texts(figure)


@pytest.mark.parametrize(("low", "high", "ends"), [(1e-9, 5.0, (0.001, 5.0)), (0.5, math.inf, (0.5, 10.0))])
def test_limits_beyond_the_axis_are_arrows(low: float, high: float, ends: tuple[float, float]) -> None:
    (figure,) = fitted([effect(low=low, high=high, odds_ratio=0.9)])
    (interval,) = drawn(figure, "shown_low", "shown_high")

    assert (interval["shown_low"], interval["shown_high"]) == pytest.approx(ends)
    assert "goes on beyond the axis" in texts(figure)
    assert figure.data["low"][0] == low


def test_what_could_not_be_fitted_says_why() -> None:
    names = ("odds_ratio", "low", "high", "p")
    (figure,) = fitted([effect(**dict.fromkeys(names, math.nan), note="separation: no harm at this level")])

    assert not drawn(figure, "shown")
    assert any("no estimate" in text and "separation: no harm" in text for text in texts(figure))


def test_nothing_varied_gives_no_figure() -> None:
    assert forest([]) == fitted([]) == []
