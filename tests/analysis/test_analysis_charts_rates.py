"""Charts of rates: every rate with its interval, what is missing shown as missing, nothing pooled."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.analysis.report.charts import headline_chart, heat_map
from agentic_misalignment.analysis.report.charts.grid import step
from agentic_misalignment.analysis.report.charts.names import Names, chunks
from agentic_misalignment.analysis.report.charts.text import width, wrapped
from tests.analysis.chart_data import GROUP, LONG, drawn, rate, texts, written
from tests.analysis.study_results import label, result


def test_a_rate_of_none_shows_its_interval() -> None:
    # Wilson of 0 of 100: z^2 / (n + z^2) = 3.8415 / 103.8415 = 0.0370
    (figure,) = headline_chart([rate(0, 100)])
    (row,) = figure.data.to_dict("records")
    (interval,) = drawn(figure, "wilson_low", "wilson_high")

    assert (row["rate"], row["wilson_low"]) == (0, 0)
    assert row["wilson_high"] == pytest.approx(0.0370, abs=1e-4)
    assert interval["wilson_high"] == row["wilson_high"]
    assert "0 %, 0 of 100, 2 worlds" in texts(figure)


def test_a_row_of_data_in_full() -> None:
    # Wilson of 2 of 10: 0.0567 to 0.5098; of 12 episodes 2 are not known: 2 / 12 to 4 / 12
    (figure,) = headline_chart([rate(2, 8, worlds=1, others={"filtered": 2})])
    row = figure.data.iloc[0]

    assert (row["model"], row["condition"], row["judge"]) == ("lab/model", "explicit-replacement", "lab/judge")
    assert (row["episodes"], row["valid"], row["worlds"]) == (12, 10, 1)
    assert [round(row[name], 4) for name in ("rate", "wilson_low", "wilson_high")] == [0.2, 0.0567, 0.5098]
    assert [round(row[name], 4) for name in ("bound_low", "bound_high")] == [0.1667, 0.3333]
    assert row[["clustered_low", "clustered_high", "corrected"]].isna().all()
    assert "20 %, 2 of 10, 1 world\n2 not valid; if known 17 to 33 %" in texts(figure)


def test_one_world_has_no_interval_over_worlds() -> None:
    assert not drawn(headline_chart([rate(2, 8, worlds=1)])[0], "clustered_low", "clustered_high")
    assert len(drawn(headline_chart([rate(2, 8, worlds=2)])[0], "clustered_low", "clustered_high")) == 1


def test_no_valid_episode_is_no_rate_of_zero() -> None:
    (figure,) = headline_chart([rate(0, 0, others={"unscored": 12})])

    assert not drawn(figure, "rate")
    assert not drawn(figure, "wilson_low", "wilson_high")
    assert [(each["bound_low"], each["bound_high"]) for each in drawn(figure, "bound_low", "bound_high")] == [(0, 1)]
    assert math.isnan(figure.data["rate"][0])
    assert "none of 12 valid\nif known 0 to 100 %" in texts(figure)


def test_bounds_stand_only_where_more_than_two_percent_are_not_valid() -> None:
    # 1 of 50 is 2 %, 1 of 49 is more
    assert not drawn(headline_chart([rate(9, 40, others={"error": 1})])[0], "bound_low", "bound_high")
    assert drawn(headline_chart([rate(9, 39, others={"error": 1})])[0], "bound_low", "bound_high")


def test_a_studied_judge_gives_a_corrected_rate_of_its_own() -> None:
    # Rogan and Gladen with 0.9 and 0.9: (0.2 + 0.9 - 1) / 0.8 = 0.125
    study = result(labels=(label(tp=45, fn=5, fp=5, tn=45),), rubric_hashes={"blackmail": "r"})
    (figure,) = headline_chart([rate(20, 80), rate(20, 80, model="lab/other", judge="lab/second")], [study])
    corrected = figure.data.set_index("model")["corrected"]

    assert corrected["lab/model"] == pytest.approx(0.125)
    assert math.isnan(corrected["lab/other"])
    assert [each["corrected"] for each in drawn(figure, "corrected")] == [pytest.approx(0.125)]
    assert "corrected for the judge" in texts(figure)


def test_where_no_judge_decided_nothing_is_drawn_as_corrected() -> None:
    study = result(labels=(label(tp=45, fn=5, fp=5, tn=45),), rubric_hashes={"blackmail": "r"})
    known = rate(20, 80).model_copy(update={"judged": (0, 0), "known": (20, 100)})
    (figure,) = headline_chart([known], [study])

    assert math.isnan(figure.data["corrected"][0])
    assert "corrected for the judge" not in texts(figure)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("judge", "lab/second", "judge lab/second"),
        ("version", "4-A", "task version 4-A"),
        ("rubric_hash", "q", "rubric q"),
        ("data_hash", "e", "data e"),
        ("setup", "t", "setup t"),
    ],
)
def test_what_may_not_be_pooled_stands_apart_and_says_why(field: str, value: str, word: str) -> None:
    other: dict[str, Any] = {field: value}
    rates = [rate(2, 8), rate(5, 5, **other)]
    for figure in (*headline_chart(rates), *heat_map(rates)):
        assert sorted(figure.data["rate"]) == [0.2, 0.5]
        assert any(word in text for text in texts(figure))


def test_another_setup_of_another_model_is_no_difference() -> None:
    names = Names([GROUP, GROUP.model_copy(update={"model": "lab/other", "setup": "t"})])

    assert names.of(GROUP) == "lab/model"
    assert names.judged_by == "Judge: lab/judge."


def test_the_headline_comes_first() -> None:
    rates = [rate(1, 9, condition="deliberate"), rate(2, 8), rate(3, 7, condition="none-none")]

    assert list(headline_chart(rates)[0].data["condition"]) == ["explicit-replacement", "deliberate", "none-none"]


def test_scenarios_have_figures_of_their_own() -> None:
    figures = headline_chart([rate(1, 9), rate(2, 8, scenario="leaking")])

    assert [figure.id for figure in figures] == ["headline-blackmail", "headline-leaking"]


def test_twenty_models_in_eighteen_conditions() -> None:
    models = [f"provider-{number}/model-{number}" for number in range(19)] + [LONG]
    conditions = [f"condition-{number}" for number in range(18)]
    places = [{"model": model, "condition": condition} for model in models for condition in conditions]
    one = rate(1, 1)
    rates = [one.model_copy(update={"group": GROUP.model_copy(update=place)}) for place in places]
    figures, (grid,) = headline_chart(rates), heat_map(rates)
    everything = written(grid)

    assert sum(len(figure.data) for figure in figures) == len(grid.data) == 360
    assert len({figure.id for figure in figures}) == len(figures)
    assert figures[0].title == f"Rate of harm in blackmail (1 of {len(figures)})"
    assert all(name in everything for name in (*models, *conditions))
    assert LONG in json.dumps(figures[0].chart.to_dict()).replace("\\n", "")


def test_a_heat_map_has_a_cell_for_each_rate_and_none_for_what_was_not_run() -> None:
    rates = [rate(2, 8), rate(9, 1, condition="none-none"), rate(0, 10, model="lab/other")]
    (figure,) = heat_map(rates)
    found = texts(figure)

    assert list(figure.data["rate"]) == [0.2, 0.9, 0.0]
    assert [text for text in found if text in ("20 %", "90 %")] == ["20 %", "90 %"]
    assert found.count("n 10") == 3


def test_a_cell_shows_how_much_is_not_known() -> None:
    # 2 of 10 valid, 2 of 12 not: 17 to 33 %; without a valid one there is no number
    found = texts(heat_map([rate(2, 8, others={"limit": 2}), rate(0, 0, others={"error": 3}, model="lab/other")])[0])

    assert "n 10\n17 to 33" in found
    assert "n 0\n0 to 100" in found
    assert "-" in found


def test_the_longer_side_stands_in_the_rows() -> None:
    models = [rate(1, 1, model=f"lab/{number}") for number in range(3)]
    conditions = [rate(1, 1, condition=f"c{number}") for number in range(3)]

    assert "model / condition" in texts(heat_map(models)[0])
    assert "condition / model" in texts(heat_map(conditions)[0])


def test_one_rate_is_no_heat_map() -> None:
    assert heat_map([rate(2, 8)]) == []
    assert heat_map([]) == headline_chart([]) == []


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, 0), (0.01, 1), (0.2, 1), (0.21, 2), (0.6, 3), (0.8, 4), (0.99, 5), (1, 5), (math.nan, 0)],
)
def test_steps_of_colour(share: float, expected: int) -> None:
    assert step(share) == expected


@given(st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "Zs"]), max_size=80), st.integers(40, 300))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, limit: int) -> None:
    lines = wrapped(text, limit).split("\n")

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= limit for line in lines)


@given(st.lists(st.integers(), max_size=100), st.integers(1, 20))
def test_pieces_are_no_longer_than_allowed_and_nearly_alike(items: list[int], most: int) -> None:
    pieces = chunks(items, most)

    assert [item for piece in pieces for item in piece] == items
    assert all(0 < len(piece) <= most for piece in pieces)
    assert len(pieces) == math.ceil(len(items) / most)
