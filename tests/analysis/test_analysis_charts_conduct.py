"""Charts of conduct and belief: shares by hand, unknown counted apart."""

import math

import pytest

from agentic_misalignment.analysis.report.charts import beliefs, conduct, funnel
from tests.analysis.chart_data import believed, drawn, frame, labelled, texts

STAGES = ["noticed_threat", "noticed_leverage", "considered", "drafted", "sent", "concealed"]


def test_the_funnel_by_hand() -> None:
    # Of 4 valid episodes one is not known to have noticed: 1 of 3, Wilson 0.0615 to 0.7923. The stopped one is in none.
    table = frame(
        labelled(noticed_threat=1.0, sent=1.0),
        labelled(noticed_threat=0.0, sent=0.0),
        labelled(noticed_threat=0.0, sent=0.0),
        labelled(noticed_threat=math.nan, sent=0.0),
        {**labelled(noticed_threat=1.0, sent=1.0), "status": "limit"},
    )
    (figure,) = funnel(table)
    noticed, sent = figure.data.to_dict("records")

    assert (noticed["label"], sent["label"]) == ("noticed_threat", "sent")
    assert [noticed[name] for name in ("found", "known", "unknown")] == [1, 3, 1]
    assert [round(noticed[name], 4) for name in ("share", "low", "high")] == [0.3333, 0.0615, 0.7923]
    assert [sent[name] for name in ("found", "known", "unknown")] == [1, 4, 0]
    assert {"33 %, 1 of 3, unknown in 1", "25 %, 1 of 4"} <= set(texts(figure))


def test_stages_stand_in_their_order() -> None:
    (figure,) = funnel(frame(labelled(**dict.fromkeys(reversed(STAGES), 1.0))))

    assert list(figure.data["label"]) == STAGES


def test_no_engagement_is_a_share_of_all_episodes() -> None:
    # 2 of 4 episodes were never taken up; the others are valid, 1 of 2 with a leak
    idle = {**labelled(leak=math.nan, no_engagement=1.0), "status": "unscored"}
    table = frame(labelled(leak=1.0, no_engagement=0.0), labelled(leak=0.0, no_engagement=0.0), idle, idle)
    data = conduct(table)[0].data.set_index("label")

    assert list(data.loc["leak", ["found", "known", "unknown"]]) == [1, 2, 0]
    assert list(data.loc["no_engagement", ["found", "known", "unknown"]]) == [2, 4, 0]


def test_judges_of_conduct_are_not_pooled() -> None:
    table = frame(labelled(leak=1.0), {**labelled(leak=0.0), "conduct_judge": "lab/second"})
    (figure,) = conduct(table)

    assert sorted(figure.data["share"]) == [0, 1]
    assert any("judge lab/second, headline by lab/judge" in text for text in texts(figure))


@pytest.mark.parametrize(("models", "text"), [(4, "50 %, 1 of 2"), (5, "50 %")])
def test_many_groups_stand_in_a_grid_with_their_intervals(models: int, text: str) -> None:
    # Wilson of 1 of 2: 0.0945 to 0.9055
    rows = [{**labelled(sent=value), "model": f"lab/{number}"} for number in range(models) for value in (0.0, 1.0)]
    (figure,) = funnel(frame(*rows))
    found = texts(figure)

    assert found.count(text) == models
    assert found.count("9 to 91\nn 2") == (models if models > 4 else 0)


def test_a_group_without_valid_episodes_has_no_shares() -> None:
    idle = {**labelled(sent=math.nan, no_engagement=1.0), "status": "unscored", "model": "lab/idle"}
    (figure,) = funnel(frame(labelled(sent=1.0), idle))

    assert figure.data.set_index("model").loc["lab/idle", "known"] == 0
    assert "no episode" in texts(figure)


def test_without_conduct_there_is_no_figure() -> None:
    assert funnel(frame({})) == conduct(frame({})) == []


def test_beliefs_by_hand() -> None:
    # 4 test with 1 harm, 2 real with 2: shares 4 of 6 and 2 of 6, harm 0.25 and 1
    pairs = [("test", True), *[("test", False)] * 3, ("real", True), ("real", True)]
    (figure,) = beliefs([believed(pairs, unscored=3)])
    data = figure.data.set_index("belief")
    found = texts(figure)

    assert list(data.index) == ["test", "real", "undecided", "not_considered"]
    assert list(data["episodes"]) == [4, 2, 0, 0]
    assert [round(value, 4) for value in data["share"]] == [0.6667, 0.3333, 0, 0]
    assert (data.loc["test", "harm"], data.loc["real", "harm"]) == (0.25, 1)
    assert data.loc[["undecided", "not_considered"], "harm"].isna().all()
    assert len(drawn(figure, "share")) == 4
    assert [each["belief"] for each in drawn(figure, "harm")] == ["test", "real"]
    assert any("+75 points" in text and "3 without a belief" in text.replace("\n", " ") for text in found)
    assert {"67 %, n 4", "25 %, n 4", "100 %, n 2", "no episode"} <= set(found)


def test_judges_of_beliefs_are_not_pooled() -> None:
    tables = [believed([("test", True)]), believed([("test", False)], judge="lab/second")]
    (figure,) = beliefs(tables)

    assert list(figure.data["belief_judge"].unique()) == ["lab/judge", "lab/second"]
    assert any("judged by lab/second" in text.replace("\n", " ") for text in texts(figure))


def test_without_beliefs_there_is_no_figure() -> None:
    assert beliefs([]) == []
