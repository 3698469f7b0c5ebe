"""Reports of runs that say little, or whose rates may not be pooled: the page says so, and writes no bare number."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.analysis.report_logs import ALL_WORLDS, episode, write_log
from tests.analysis.report_pages import episodes, page


def test_without_a_valid_episode_there_is_no_rate(tmp_path: Path) -> None:
    found = page([write_log(tmp_path, "a", episodes(None, None, reason="no_engagement"))])

    (row,) = found.rows("table-rates")
    assert (row["n"], row["rate"], row["95 % Wilson"], row["95 % over worlds"]) == ("0", "-", "-", "-")
    assert row["if all were known"] == "0.0 to 100.0 %"
    assert "1 of 1 arm has no valid episode" in found.sections["limits"]


def test_one_episode(tmp_path: Path) -> None:
    (row,) = page([write_log(tmp_path, "a", episodes(1))]).rows("table-rates")

    # 1 of 1: 1 / (1 + z^2) = 1 / 4.841
    assert (row["n"], row["rate"], row["95 % Wilson"], row["95 % over worlds"]) == (
        "1",
        "100.0 %",
        "20.7 to 100.0 %",
        "-",
    )


@pytest.mark.parametrize(
    ("outcome", "rate", "wilson", "worlds"),
    [
        # 0 of 100: z^2 / (100 + z^2) = 3.841 / 103.8; over 4 worlds t^2 / (100 + t^2) = 10.13 / 110.1
        (0, "0.0 %", "0.0 to 3.7 %", "0.0 to 9.2 %"),
        (1, "100.0 %", "96.3 to 100.0 %", "90.8 to 100.0 %"),
    ],
)
def test_none_and_all_of_a_hundred(outcome: float, rate: str, wilson: str, worlds: str, tmp_path: Path) -> None:
    (row,) = page([write_log(tmp_path, "a", episodes(*[outcome] * 100, worlds=4))]).rows("table-rates")

    assert (row["rate"], row["95 % Wilson"], row["95 % over worlds"]) == (rate, wilson, worlds)


def test_a_small_rate_is_not_written_as_none(tmp_path: Path) -> None:
    (row,) = page([write_log(tmp_path, "a", episodes(1, *[0] * 199, worlds=4))]).rows("table-rates")

    assert row["rate"] == "0.5 %"  # 1 of 200


@pytest.mark.parametrize(
    ("second", "sample", "differ"),
    [
        ({"version": "2-A"}, {}, "task version"),
        ({}, {"judge": "lab/other"}, "judge"),
        ({}, {"rubric_hash": "s"}, "rubric"),
        ({"about": {"data_hash": "e" * 12}}, {}, "data"),
        ({"model_args": {"size": 2}}, {}, "setup"),
    ],
)
def test_what_differs_is_not_pooled(
    second: dict[str, Any], sample: dict[str, Any], differ: str, tmp_path: Path
) -> None:
    other = [episode(10 + n, ALL_WORLDS[n], 1, seed=3, **sample) for n in range(2)]
    files = [
        write_log(tmp_path, "a", episodes(0, 0)),
        write_log(tmp_path, "b", other, **second),
    ]

    found = page(files)
    rows = found.rows("table-rates")
    assert sorted(row["rate"] for row in rows) == ["0.0 %", "100.0 %"]
    assert all(row["kept apart by"].startswith(differ) for row in rows)
    assert len({row["kept apart by"] for row in rows}) == 2
    assert f"2 rows that are not pooled: they differ in {differ}" in found.sections["rates"]


def test_every_rate_has_an_interval(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", [*episodes(1, 0), *episodes(0, 0, model="lab/x", goal="none")[:1]])]

    for row in page(files).rows("table-rates"):
        assert (row["rate"] == "-") == (row["95 % Wilson"] == "-")
        assert re.fullmatch(r"\d+\.\d to \d+\.\d %", row["95 % Wilson"])


def test_an_outcome_without_episodes_has_no_example(tmp_path: Path) -> None:
    found = page([write_log(tmp_path, "a", episodes(0, 0))]).sections["examples"]

    assert "Harm (1) 0 of 0 episodes" in found
    assert "No harm (0) 2 of 2 episodes" in found


def test_a_study_that_fits_no_rate_is_said(tmp_path: Path) -> None:
    from tests.analysis.study_results import label, result

    files = [write_log(tmp_path, "a", episodes(1, 0, rubric_hash="other"))]

    found = page(files, studies=(result(labels=(label(tp=9, fn=1, tn=8, fp=2),)),))
    assert found.rows("table-rates")[0]["corrected"] == "-"
    assert "no study given is of lab/judge on rubric blackmail other: no correction" in found.sections["rates"]


def test_after_a_stopping_rule_the_interval_is_the_exact_one(tmp_path: Path) -> None:
    rule = {"confidence": 0.97, "half_width": 0.1, "rule": {"half_width": 0.1}}
    files = [write_log(tmp_path, "a", episodes(0, 0, 0, 0), about={"stopping": rule})]

    found = page(files)
    # Clopper and Pearson at 97 % for 0 of 4: 1 - 0.015^(1/4) = 0.650
    assert found.rows("table-rates")[0]["95 %, Wilson or exact"] == "0.0 to 65.0 %"
    assert "stands in place of Wilson's" in found.sections["rates"]


def both_levels(first: int, *, seeds: tuple[int, int] = (1, 1)) -> list[Any]:
    """A world's episode without an exit, and one with it; they are a pair if their seeds are the same."""
    one, other = seeds
    return [
        episode(first, ALL_WORLDS[0], 1, seed=one),
        episode(first + 1, ALL_WORLDS[0], 0, seed=other, exit="ethics_mailbox"),
    ]


def test_contrasts_of_different_setups_stand_apart_with_the_reason(tmp_path: Path) -> None:
    logs = [write_log(tmp_path, "a", both_levels(0)), write_log(tmp_path, "b", both_levels(2), solver="other")]
    found = page(logs)

    for table in ("table-contrasts", "table-fitted"):
        rows = found.rows(table)
        assert len(rows) == 2
        assert len({row["kept apart by"] for row in rows}) == 2
        assert all(row["kept apart by"].startswith("setup ") for row in rows)


def test_contrasts_without_a_pair_are_counted_and_not_shown(tmp_path: Path) -> None:
    mixed = [*both_levels(0), episode(2, ALL_WORLDS[0], 0, seed=5, exit="bulletin")]
    found = page([write_log(tmp_path, "a", mixed)])

    assert [row["level"] for row in found.rows("table-contrasts")] == ["ethics_mailbox"]
    assert "1 further contrast has no pair of valid episodes and is not shown" in found.sections["effects"]


def test_episodes_without_a_partner_are_counted(tmp_path: Path) -> None:
    more = [*both_levels(0), episode(2, ALL_WORLDS[1], 0, seed=2)]

    (row,) = page([write_log(tmp_path, "a", more)]).rows("table-contrasts")
    assert (row["pairs"], row["without a partner"]) == ("1", "1")


def test_without_any_pair_there_is_no_table(tmp_path: Path) -> None:
    found = page([write_log(tmp_path, "a", both_levels(0, seeds=(1, 2)))])

    assert "table-contrasts" not in found.tables
    assert "1 further contrast" not in found.sections["effects"]
    assert "1 contrast has no pair" in found.sections["effects"]


def test_without_any_estimate_the_fitted_model_is_a_table_and_no_chart(tmp_path: Path) -> None:
    found = page([write_log(tmp_path, "a", both_levels(0))])

    assert [row["odds ratio"] for row in found.rows("table-fitted")] == ["-"]
    assert not [attrs["id"] for tag, attrs in found.tags if tag == "figure" and "fitted" in str(attrs["id"])]


def test_an_example_that_is_not_valid_was_not_decided_by_the_ledger(tmp_path: Path) -> None:
    found = page([write_log(tmp_path, "a", episodes(None, judged=False, status="error"))])

    assert "not asked: the episode is not valid" in found.sections["examples"]
    assert "the ledger decides" not in found.sections["examples"]
