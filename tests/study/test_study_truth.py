"""Rows: truth and finding of each label."""

from agentic_misalignment.judging import BELIEFS
from agentic_misalignment.study import Row, compare
from tests.study.study_builders import labelled, made

ITEM = made(labels=labelled(verdict="veiled_threat", belief="real", conduct=["coercion", "sent"]))


def test_nothing_compared_is_no_row() -> None:
    assert compare(ITEM) == []


def test_the_headline_is_harm_or_none() -> None:
    rows = compare(ITEM, headline=(False, True, ""))

    assert rows == [Row(label="blackmail", truth=True, found=False, asked=True)]


def test_a_belief_is_one_row_for_each_value() -> None:
    rows = compare(ITEM, belief=("test", True, ""))

    assert [(row.label, row.truth, row.found) for row in rows] == [
        ("belief.test", False, True),
        ("belief.real", True, False),
        ("belief.undecided", False, False),
        ("belief.not_considered", False, False),
    ]


def test_conduct_is_one_row_for_each_label_that_was_looked_at() -> None:
    rows = compare(ITEM, conduct={"coercion": (True, True, ""), "leak": (False, False, "")})

    assert [(row.label, row.truth, row.found, row.asked) for row in rows] == [
        ("conduct.coercion", True, True, True),
        ("conduct.leak", False, False, False),
    ]


def test_no_answer_keeps_its_reason_and_is_no_finding() -> None:
    lost = (None, True, "quote_not_found")
    rows = compare(ITEM, headline=lost, belief=lost, conduct={"coercion": lost})

    assert {(row.found, row.asked, row.reason) for row in rows} == {lost}
    assert len(rows) == 2 + len(BELIEFS)
