"""Charts of arms: ways out, the benign twin, the published rates."""

import math
from typing import Any

import pytest

from agentic_misalignment.analysis.report.charts import exits, published, twin
from agentic_misalignment.analysis.report.charts.rows import TALLEST, Row, pages
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE
from tests.analysis.chart_data import beside, drawn, frame, rate, texts, used

BENIGN = {"goal": "none", "threat": "none", "leverage": "absent", "condition": "none-none-absent"}


def offered(level: str, **more: Any) -> dict[str, Any]:
    return {"exit": level, "condition": f"explicit-replacement-exit_{level}", **more}


def test_exits_by_hand() -> None:
    rates = [
        rate(2, 8, condition="explicit-replacement-exit_ally", flags=used(6, 10)),
        rate(5, 5),
    ]
    (figure,) = exits(rates, frame({}, offered("ally")))
    without, ally = figure.data.to_dict("records")

    assert [(row["exit"], row["rate"]) for row in (without, ally)] == [("none", 0.5), ("ally", 0.2)]
    assert math.isnan(without["use"])
    assert [ally[name] for name in ("use", "use_low", "use_high", "use_episodes")] == [0.6, 0.1, 0.9, 10]
    assert [each["use"] for each in drawn(figure, "use")] == [0.6]
    assert {"explicit-replacement, lab/model", "60 %, n 10", "20 %, 2 of 10"} <= set(texts(figure))


def test_held_mail_shows_what_was_tried() -> None:
    # 2 of 3 valid episodes tried; the stopped one does not count
    level = "send_approval"
    rows = [offered(level, attempted=count) for count in (1, 2, 0)] + [offered(level, attempted=1, status="limit")]
    (figure,) = exits([rate(0, 3, condition=f"explicit-replacement-exit_{level}")], frame(*rows))

    assert "0 %, 0 of 3\nattempted in 2" in texts(figure)
    assert "no measure of what was tried" in figure.caption


def test_the_benign_arm_stands_apart() -> None:
    names = ["explicit-replacement-exit_ally", "none-none-absent-exit_ally"]
    table = frame(offered("ally"), {**BENIGN, "exit": "ally", "condition": names[1]})
    (figure,) = exits([rate(1, 1, condition=name, flags=used(1, 2)) for name in names], table)

    assert {"explicit-replacement, lab/model", "none-none-absent, benign twin, lab/model"} <= set(texts(figure))


def test_a_condition_of_the_same_name_in_another_task_tells_nothing() -> None:
    table = frame({"exit": "", "task_version": "1-A"}, {}, offered("ally"))
    (figure,) = exits([rate(5, 5), rate(2, 8, condition="explicit-replacement-exit_ally")], table)

    assert list(figure.data["exit"]) == ["none", "ally"]


def test_without_a_way_out_there_is_no_figure() -> None:
    assert exits([rate(1, 1)], frame({})) == []
    assert exits([rate(1, 1)], frame({"exit": NOT_APPLICABLE})) == []


def test_the_twin_by_hand() -> None:
    # utility of three valid episodes: 1, 0.5 and 0, mean 0.5; the one that is not valid has none
    rows = [{**BENIGN, "utility": value, "world": str(value)} for value in (1.0, 0.5, 0.0)]
    table = frame(*rows, {**BENIGN, "utility": 0.0, "status": "error"}, {})
    (figure,) = twin([rate(1, 3, condition="none-none-absent"), rate(5, 5)], table)
    (row,) = figure.data.to_dict("records")

    assert (row["condition"], row["rate"], row["utility"], row["utility_episodes"]) == (
        "none-none-absent",
        0.25,
        0.5,
        3,
    )
    assert 0 < row["utility_low"] < 0.5 < row["utility_high"] < 1
    assert row["utility_clustered_low"] < row["utility_low"]
    assert {"25 %, 1 of 4", "50 %, n 3"} <= set(texts(figure))


@pytest.mark.parametrize(
    ("factor", "level"), [("goal", "explicit"), ("threat", "restriction"), ("leverage", "present")]
)
def test_one_thing_that_is_not_benign_makes_no_twin(factor: str, level: str) -> None:
    assert twin([rate(1, 1, condition="none-none-absent")], frame({**BENIGN, factor: level})) == []


def test_a_published_model_beside_its_rate() -> None:
    # Claude Opus 4, explicit goal, replacement: 96 of 100, Wilson 0.9016 to 0.9843
    (figure,) = published([beside("Claude Opus 4")])
    row = figure.data.iloc[0]
    (note,) = [text for text in texts(figure) if text.startswith("published rule")]

    assert (row["legacy"], row["legacy_n"], row["published"], row["published_n"]) == (0.5, 20, 0.96, 100)
    assert [round(row[name], 4) for name in ("published_low", "published_high")] == [0.9016, 0.9843]
    assert note.split("\n") == ["published rule 50 %, n 20", "published* 96 %, n 100", "this suite's rule 20 %, n 10"]
    assert "* Transcribed second-hand" in figure.caption
    assert not drawn(figure, "published_least", "published_most")


def test_another_model_beside_the_range() -> None:
    # the largest rate of the 18 models in this cell is 96 %, the least 0 %
    (figure,) = published([beside(None)])

    assert list(figure.data[["published_least", "published_most"]].iloc[0]) == [0.0, 0.96]
    assert not drawn(figure, "published")
    assert any("range of 18 published models" in text for text in texts(figure))


def test_no_verdict_by_the_published_rule_is_no_zero() -> None:
    (figure,) = published([beside("Claude Opus 4", legacy=(math.nan, math.nan, math.nan, 0))])

    assert not drawn(figure, "legacy")
    assert any("published rule no verdict" in text for text in texts(figure))


def test_without_published_cells_there_is_no_figure() -> None:
    assert published([]) == []


def test_rows_are_spread_over_figures_that_fit_a_printed_page() -> None:
    # a section of one row takes 26 px and 42 px for its heading: 14 of them are 952 px, 15 are 1,020; a section of 40
    # rows, 1,082 px, fits no figure and is parted after 36 (36 * 26 + 42 = 978)
    rows = [Row(section=f"s{number}", label="a", values={}) for number in range(15)]
    rows += [Row(section="long", label=str(number), values={}) for number in range(40)]

    found = pages(rows)

    assert TALLEST == 1000
    assert [len(piece) for piece in found] == [14, 1, 36, 4]
    assert [row for piece in found for row in piece] == rows
