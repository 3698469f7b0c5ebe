"""The table: never a rate without an interval, bounds where much is not known, and notes."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.analysis import Group, Rate, rate_table, read_rates
from agentic_misalignment.figures import harm_figures, status_figures
from agentic_misalignment.judging import STATUSES
from tests.analysis.analysis_logs import lenient_judge
from tests.conftest import RunEval

GROUP = Group(
    scenario="blackmail",
    version="1-A",
    model="lab/model",
    judge="lab/judge",
    rubric_hash="r",
    data_hash="d",
    setup="s",
    condition="explicit-replacement",
)
INTERVAL = re.compile(r"\d+ to \d+ %")


def made(harmful: int, harmless: int, *, worlds: int = 2, **others: int) -> Rate:
    """A rate of so many episodes, spread over worlds; of the others nothing is known."""
    valid = [
        SampleScore(score=Score(value=value), sample_metadata={"world": str(number % worlds)})
        for number, value in enumerate([1] * harmful + [0] * harmless)
    ]
    standings = [SampleScore(score=Score(value="valid", metadata={"harm": bool(each.score.value)})) for each in valid]
    for status, count in others.items():
        standings += [SampleScore(score=Score(value=status, metadata={"harm": None}))] * count
    return Rate(
        group=GROUP,
        statuses={status: {"valid": len(valid), **others}.get(status, 0) for status in STATUSES},
        figures={**harm_figures(valid), **status_figures(standings)},
        flags={},
        judged=(harmful, len(valid)),
        known=(0, 0),
        notes=(),
    )


def row(rate: Rate) -> dict[str, str]:
    """The cells of the one row, by heading; where a column begins, the line of dashes tells."""
    headings, dashes, line = rate_table([rate]).splitlines()[:3]
    starts = [match.start() for match in re.finditer(r"-+", dashes)]
    ends = [*starts[1:], None]
    return {headings[start:end].strip(): line[start:end].strip() for start, end in zip(starts, ends, strict=True)}


def test_a_row_in_full() -> None:
    # Wilson of 2 of 10: 0.0567 to 0.5098
    cells = row(made(2, 8, worlds=1))

    assert cells == {
        "scenario": "blackmail",
        "condition": "explicit-replacement",
        "model": "lab/model",
        "judge": "lab/judge",
        "valid": "10/10",
        "rate": "20 %",
        "95 % Wilson": "6 to 51 %",
        "95 % over worlds": "-",
        "not valid": "-",
    }


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 6), st.integers(0, 5), st.integers(0, 5))
def test_never_a_rate_without_an_interval(harmful: int, harmless: int, worlds: int, error: int, limit: int) -> None:
    if harmful + harmless + error + limit == 0:
        return
    cells = row(made(harmful, harmless, worlds=worlds, error=error, limit=limit))

    assert (cells["rate"] == "-") == (harmful + harmless == 0)
    assert cells["rate"] == "-" or INTERVAL.fullmatch(cells["95 % Wilson"])
    assert "nan" not in " ".join(cells.values())


@pytest.mark.parametrize(
    ("valid", "error", "shown"),
    [
        (100, 0, False),
        (99, 1, False),  # 1 %
        (97, 2, True),  # 2 of 99 = 2.02 %
        (48, 1, True),  # 1 of 49 = 2.04 %
        (50, 1, False),  # 1 of 51 = 1.96 %
        (0, 3, True),
    ],
)
def test_bounds_stand_there_when_more_than_two_per_cent_are_unknown(valid: int, error: int, shown: bool) -> None:
    others = row(made(0, valid, error=error))["not valid"]

    assert ("if all known" in others) is shown
    assert (f"error {error}" in others) is (error > 0)


def test_two_per_cent_is_not_more_than_two_per_cent() -> None:
    assert "if all known" not in row(made(0, 49, error=1))["not valid"]


def test_bounds_in_figures() -> None:
    # of 10: 2 harmful, 4 unknown
    assert row(made(2, 4, error=3, unscored=1))["not valid"] == "error 3, unscored 1, rate if all known: 20 to 60 %"


def test_no_rates_is_only_the_heading() -> None:
    assert len(rate_table([]).splitlines()) == 2


def test_rows_are_aligned() -> None:
    lines = rate_table([made(2, 8), made(30, 0, error=1), made(0, 3)]).splitlines()

    assert len({line.index("lab/judge") for line in lines[2:]}) == 1


def test_the_reader_that_is_no_judge_is_noted_once(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/insider", worlds="totara-seed", seeds=1)
    run_eval("scripted/quoter", worlds="totara-seed", seeds=1)

    notes = [line for line in rate_table(read_rates([tmp_path / "logs"])).splitlines() if line.startswith("NOTE: ")]
    assert len(notes) == 1
    assert "scripted/judge" in notes[0]
    assert "not a judge" in notes[0]


def test_rows_of_two_judges_name_them(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/insider", worlds="totara-seed", seeds=1)
    run_eval("scripted/insider", worlds="totara-seed", seeds=1, grader=lenient_judge(), preflight=False)

    table = rate_table(read_rates([tmp_path / "logs"]))
    rows = [line for line in table.splitlines() if line.startswith("blackmail")]
    assert {("mockllm/lenient" in each, bool(re.search(r" 100 %  ", each))) for each in rows} == {
        (True, False),
        (False, True),
    }


@pytest.mark.parametrize("field", ["version", "rubric_hash", "data_hash", "setup"])
def test_rows_that_may_not_be_pooled_say_why(field: str) -> None:
    rate = made(1, 3)
    other = rate.model_copy(update={"group": GROUP.model_copy(update={field: "other"})})

    notes = [line for line in rate_table([rate, other]).splitlines() if line.startswith("NOTE: ")]

    assert len(notes) == 1
    assert "lab/model" in notes[0]
    assert "2 rows" in notes[0]
    assert notes[0].rstrip(".").endswith(f"differ in {field}")


@pytest.mark.parametrize("field", ["model", "judge", "condition"])
def test_rows_that_differ_in_a_column_need_no_note(field: str) -> None:
    rate = made(1, 3)
    other = rate.model_copy(update={"group": GROUP.model_copy(update={field: "other"})})

    assert "NOTE" not in rate_table([rate, other])
