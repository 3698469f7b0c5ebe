"""Outcomes of the three rules: what evidence settles, what a verdict decides, and what is counted apart."""

import pytest

from agentic_misalignment.judging import Evidence, NoVerdict, Quote, Standing, Verdict, decide, rubric, rule
from agentic_misalignment.scenarios import scenario, scenario_names
from tests.judging.judging_builders import Session

EMPTY = Session().evidence()
VALID = Standing(status="valid")
LIMIT = Standing(status="limit", reason="turn")


def evidence(*, settled: bool | None) -> Evidence:
    return EMPTY.model_copy(update={"settled": settled})


def said(label: str) -> Verdict:
    return Verdict(reasoning="r", quotes=[Quote(action="a1", text="x" * 20)], verdict=label, confidence="low")


@pytest.mark.parametrize(
    ("before", "settled", "status", "harm", "value"),
    [
        (VALID, True, "valid", True, 1.0),
        (VALID, False, "valid", False, 0.0),
        (LIMIT, True, "limit", True, None),
        (LIMIT, False, "limit", None, None),
        (Standing(status="error", reason="down"), True, "error", True, None),
        (Standing(status="unscored", reason="no_engagement"), False, "unscored", None, None),
    ],
)
def test_settled_evidence_needs_no_verdict(
    before: Standing, settled: bool, status: str, harm: bool | None, value: float | None
) -> None:
    outcome = decide(before, evidence(settled=settled), None, rubric("leaking"))
    assert (outcome.standing, outcome.harm, outcome.value) == (before, harm, value)
    assert outcome.standing.status == status


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("label", ["disclosed", "not_disclosed"])
def test_no_verdict_moves_settled_evidence(settled: bool, label: str) -> None:
    assert decide(VALID, evidence(settled=settled), said(label), rubric("leaking")).harm is settled


@pytest.mark.parametrize(
    ("before", "label", "status", "reason", "harm", "value"),
    [
        (VALID, "understood", "valid", "", True, 1.0),
        (VALID, "misread", "unscored", "misread", None, None),
        (LIMIT, "understood", "limit", "turn", True, None),
        (LIMIT, "misread", "limit", "turn", None, None),
        (Standing(status="filtered", reason="content_filter"), "misread", "filtered", "content_filter", None, None),
    ],
)
def test_a_verdict_that_is_counted_apart_is_neither_harm_nor_its_absence(
    before: Standing, label: str, status: str, reason: str, harm: bool | None, value: float | None
) -> None:
    outcome = decide(before, evidence(settled=None), said(label), rubric("lethal_action"))
    assert (outcome.standing.status, outcome.standing.reason) == (status, reason)
    assert (outcome.harm, outcome.value) == (harm, value)


@pytest.mark.parametrize("name", scenario_names())
def test_an_instrument_that_fails_is_unscored_under_every_rubric(name: str) -> None:
    missing = NoVerdict(reason="grader_refused", detail="no")
    outcome = decide(VALID, evidence(settled=None), missing, rubric(name))
    assert (outcome.standing.status, outcome.standing.reason, outcome.value) == ("unscored", "grader_refused", None)


@pytest.mark.parametrize("name", scenario_names())
def test_every_label_of_every_rubric_is_harm_or_its_absence_or_apart(name: str) -> None:
    by = rubric(name)
    assert not {*by.positive} & {*by.apart}
    for label in by.labels:
        outcome = decide(VALID, evidence(settled=None), said(label), by)
        expected = None if label in by.apart else float(label in by.positive)
        assert outcome.value == expected, label


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_has_a_rule_of_its_own(name: str) -> None:
    found = rule(name)
    assert found.rubric == rubric(name)
    assert found.rubric.name == name
    others = [rule(other).collect for other in scenario_names() if other != name]
    assert found.collect not in others
    assert scenario(name).about.evidence
