"""Corrected rates in the table: only where judge and rubric are those of a study, else a note."""

import re
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.analysis import Group, Rate, StudyResult, corrected_rate, rate_table, read_rates
from agentic_misalignment.analysis.table import corrected_for, study_of
from agentic_misalignment.figures import harm_figures, status_figures
from agentic_misalignment.judging import STATUSES, rubric
from tests.analysis.study_results import attack, label, result
from tests.conftest import RunEval

INTERVAL = "95 % with judge errors, episodes independent"
"""Heading of the interval of a corrected rate."""

STUDY = result(labels=[label(tp=45, fn=5, tn=40, fp=10)])
"""Sensitivity 0.9, specificity 0.8."""


def rate(judged: tuple[int, int] = (40, 100), known: tuple[int, int] = (0, 0), **group: Any) -> Rate:
    values = [1] * (judged[0] + known[0]) + [0] * (judged[1] + known[1] - judged[0] - known[0])
    scores = [SampleScore(score=Score(value=value), sample_metadata={"world": "w"}) for value in values]
    standings = [SampleScore(score=Score(value="valid", metadata={"harm": bool(value)})) for value in values]
    about = {"scenario": "blackmail", "version": "1-A", "model": "lab/model", "judge": "lab/judge", "rubric_hash": "r"}
    about |= {"data_hash": "d", "setup": "s", "condition": "c", **group}
    return Rate(
        group=Group(**about),
        statuses={status: len(values) if status == "valid" else 0 for status in STATUSES},
        figures={**harm_figures(scores), **status_figures(standings)},
        flags={},
        judged=judged,
        known=known,
        notes=(),
    )


def cells(rates: list[Rate], studies: list[StudyResult]) -> dict[str, str]:
    """The cells of the first row, by heading."""
    headings, dashes, line = rate_table(rates, studies).splitlines()[:3]
    starts = [match.start() for match in re.finditer(r"-+", dashes)]
    ends = [*starts[1:], None]
    return {headings[start:end].strip(): line[start:end].strip() for start, end in zip(starts, ends, strict=True)}


def notes(rates: list[Rate], studies: list[StudyResult]) -> list[str]:
    return [line for line in rate_table(rates, studies).splitlines() if line.startswith("NOTE: ")]


def test_a_rate_by_hand() -> None:
    # Rogan and Gladen: (0.4 + 0.8 - 1) / (0.9 + 0.8 - 1) = 2 / 7 = 0.285714
    found = corrected_for(rate(), [STUDY])

    assert found is not None
    assert found.value == pytest.approx(2 / 7)
    assert found.low < found.value < found.high


def test_what_the_ledger_decides_needs_no_correction() -> None:
    # of 160 episodes 100 were judged: (100 * 2 / 7 + 50) / 160 = 0.491071
    found = corrected_for(rate(known=(50, 60)), [STUDY])

    assert found is not None
    assert found.value == pytest.approx(0.491071, abs=1e-6)
    assert found == corrected_rate(40, 100, (45, 50), (40, 50), 50, 60)


def test_the_corrected_rate_stands_beside_the_plain_one_with_its_interval() -> None:
    row = cells([rate()], [STUDY])

    assert (row["rate"], row["corrected"]) == ("40 %", "29 %")
    assert re.fullmatch(r"\d+ to \d+ %", row[INTERVAL])
    assert notes([rate()], [STUDY]) == []


def test_without_a_study_there_are_no_such_columns() -> None:
    assert "corrected" not in rate_table([rate()])
    assert notes([rate()], []) == []


@pytest.mark.parametrize(
    "other",
    [{"judge": "lab/other"}, {"rubric_hash": "other"}, {"scenario": "leaking"}],
    ids=lambda other: next(iter(other)),
)
def test_another_judge_or_rubric_is_not_corrected_and_noted(other: dict[str, Any]) -> None:
    made = rate(**other)

    row = cells([made], [STUDY])
    (note,) = notes([made], [STUDY])
    assert (row["corrected"], row[INTERVAL]) == ("-", "-")
    assert note == (
        f"NOTE: no study given is of {made.group.judge} on rubric {made.group.scenario} {made.group.rubric_hash}: "
        "no correction."
    )


def test_a_rate_beside_which_verdicts_are_counted_apart_is_not_corrected_and_noted() -> None:
    made = rate(scenario="lethal_action")
    study = result(rubric_hashes={"lethal_action": "r"}, labels=[label("lethal_action", tp=9, fn=1, tn=9, fp=1)])

    (note,) = notes([made], [study])
    assert cells([made], [study])["corrected"] == "-"
    assert "rates of lethal_action are not corrected, since misreadings are counted apart" in note


def test_only_the_rates_that_a_study_fits_are_corrected() -> None:
    rates = [rate(), rate(judge="lab/other")]

    assert [corrected_for(each, [STUDY]) is not None for each in rates] == [True, False]
    assert len(notes(rates, [STUDY])) == 1


def test_each_rate_takes_the_study_of_its_judge() -> None:
    other = result(judge="lab/other", labels=[label(tp=50, tn=50)])

    assert study_of(rate(), [other, STUDY]) == STUDY.label("blackmail")
    assert study_of(rate(judge="lab/other"), [STUDY, other]) == other.label("blackmail")


def test_a_study_of_attacks_corrects_nothing_and_hides_no_other() -> None:
    attacked = result(attacks=[attack("order", 0, 5)])

    assert study_of(rate(), [attacked]) is None
    assert study_of(rate(), [attacked, STUDY]) == STUDY.label("blackmail")


@pytest.mark.parametrize("study", [{"tp": 10, "fn": 10, "tn": 10, "fp": 10}, {"tp": 10}, {"tn": 10}])
def test_a_judge_that_is_not_better_than_chance_corrects_nothing_and_is_noted(study: Any) -> None:
    studied = result(labels=[label(**study)])

    assert cells([rate()], [studied])["corrected"] == "-"
    (note,) = notes([rate()], [studied])
    assert "does not show it to be better than chance: no correction" in note


def test_episodes_that_no_judge_read_need_no_correction() -> None:
    # Wilson of 5 of 10: 0.236593 to 0.763407
    row = cells([rate(judged=(0, 0), known=(5, 10))], [result(labels=[label(tp=1, fn=1, tn=1, fp=1)])])

    assert (row["rate"], row["corrected"], row[INTERVAL]) == ("50 %", "50 %", "24 to 76 %")


def test_a_log_says_what_a_judge_and_what_the_ledger_decided(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/insider", worlds="totara-seed,alcor-solar", seeds=1)
    run_eval("scripted/planner", worlds="totara-seed", seeds=1)

    rates = {each.group.model: each for each in read_rates([tmp_path / "logs"])}
    # the insider writes to the target, so that a judge decides; the planner sends nothing
    assert (rates["scripted/insider"].judged, rates["scripted/insider"].known) == ((2, 2), (0, 0))
    assert (rates["scripted/planner"].judged, rates["scripted/planner"].known) == ((0, 0), (0, 1))
    assert {each.group.rubric_hash for each in rates.values()} == {rubric("blackmail").digest}
