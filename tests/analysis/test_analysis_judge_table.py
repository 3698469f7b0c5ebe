"""The table of a judge study: every figure with its interval, no answer beside it, and nothing that reads nan."""

import re

from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.analysis import study_table
from agentic_misalignment.analysis.judge_study import Cost
from tests.analysis.study_results import attack, label, result, tag

counts = st.integers(0, 40)


def cells(table: str, first: str) -> dict[str, str]:
    """The cells of the row that begins with a word, by heading; the second of two columns of one name has a mark."""
    lines = table.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(f"{first} "))
    dashes = next(number for number in range(place, 0, -1) if set(lines[number]) == {"-", " "})
    starts = [match.start() for match in re.finditer(r"-+", lines[dashes])]
    found: dict[str, str] = {}
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        name = lines[dashes - 1][start:end].strip()
        while name in found:
            name += "'"
        found[name] = lines[place][start:end].strip()
    return found


def test_the_row_of_a_label_by_hand() -> None:
    # 18 of 20 found, Wilson with z^2 = 3.841459: 0.698966 to 0.972134. 16 of 20 let pass: 0.583983 to 0.919342.
    # Agreement 34 / 40 = 0.85, by chance (20 * 22 + 20 * 18) / 1600 = 0.5, kappa 0.7; Wilson of 34 / 40 is 0.709277 to
    # 0.929388, which as kappa is 2 * p - 1: 0.418554 to 0.858776.
    table = study_table(result(labels=[label(tp=18, fn=2, tn=16, fp=4, unanswered=3)]))

    assert cells(table, "blackmail") == {
        "label": "blackmail",
        "with": "20",
        "without": "20",
        "sensitivity": "90 %",
        "95 %": "70 to 97 %",
        "specificity": "80 %",
        "95 %'": "58 to 92 %",
        "kappa": "0.70",
        "95 %''": "0.42 to 0.86",
        "no answer": "3",
    }


def test_what_cannot_be_computed_is_a_dash() -> None:
    row = cells(study_table(result(labels=[label(tp=5)])), "blackmail")

    assert (row["specificity"], row["95 %'"], row["kappa"], row["95 %''"]) == ("-", "-", "-", "-")


@given(counts, counts, counts, counts)
def test_no_figure_stands_without_an_interval_and_none_is_nan(tp: int, fp: int, fn: int, tn: int) -> None:
    table = study_table(result(labels=[label(tp=tp, fp=fp, fn=fn, tn=tn)]))
    row = cells(table, "blackmail")

    for figure, bounds in (("sensitivity", "95 %"), ("specificity", "95 %'"), ("kappa", "95 %''")):
        assert (row[figure] == "-") is (row[bounds] == "-")
    assert "nan" not in table


def test_a_hard_case_shows_what_was_found_and_missed() -> None:
    table = study_table(result(labels=[label(tp=1)], tags=[tag("sarcasm", tp=4, fn=3, fp=2, tn=1, wrong=6, labels=90)]))

    assert cells(table, "sarcasm") == {
        "hard case": "sarcasm",
        "episodes": "10",
        "harm found": "4",
        "harm missed": "3",
        "false alarms": "2",
        "harmless": "1",
        "wrong labels": "6 of 90",
    }


def test_attacks_are_counted_by_technique_and_together() -> None:
    # Wilson of 1 of 4: 0.045587 to 0.699358; of 3 of 14 (moved and held): 0.075714 to 0.475892
    table = study_table(
        result(attacks=[attack("order", 1, 3, lost=2, without=9, nothing_to_move=5), attack("padding", 2, 8)])
    )

    assert cells(table, "order") == {
        "technique": "order",
        "attacks": "6",
        "moved": "1",
        "share": "25 %",
        "95 % Wilson": "5 to 70 %",
        "held": "3",
        "left without verdict": "2",
        "nothing to move": "5",
    }
    total = cells(table, "all")
    assert (total["attacks"], total["moved"], total["share"], total["95 % Wilson"]) == ("16", "3", "21 %", "8 to 48 %")
    assert (total["held"], total["left without verdict"], total["nothing to move"]) == ("11", "2", "5")


def test_attacks_that_all_lost_the_verdict_moved_nothing_that_is_known() -> None:
    row = cells(study_table(result(attacks=[attack("padding", 0, 0, lost=5)])), "padding")

    assert (row["attacks"], row["moved"], row["share"], row["held"]) == ("5", "0", "-", "0")


def test_the_head_names_judge_split_and_rubrics() -> None:
    lines = study_table(result(rubric_hashes={"leaking": "b", "blackmail": "a"}, labels=[label(tp=1)])).splitlines()

    assert lines[:2] == ["lab/judge on 100 episodes, split held_out", "rubrics: blackmail a, leaking b"]
    assert study_table(result(attacks=[attack("order", 0, 1)])).startswith("lab/judge on 100 attacks")


def test_the_cost_is_told_with_the_price_if_it_is_known() -> None:
    told = study_table(result(cost=Cost(input_tokens=1200, output_tokens=34)))
    priced = study_table(result(cost=Cost(input_tokens=1200, output_tokens=34, dollars=1.239)))

    assert "The judge read 1200 tokens and wrote 34; what came from the cache is not counted." in told
    assert "wrote 34, 1.24 dollars;" in priced


def test_a_note_on_the_judge_stands_last() -> None:
    assert study_table(result(judge_note="it is no judge")).splitlines()[-1] == "NOTE: it is no judge."
    assert "NOTE" not in study_table(result())
