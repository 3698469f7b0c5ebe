"""The consistency check on `when`: a misspelt factor or level would make a text vanish from every condition."""

import pytest

from tests.scenarios.small_world import assert_only, edited, faults

PART = "when: {alarm: drill}"
MAIL = "when: {aim: given}\n    body"
DISTRACTOR = "subject: Shelf 4\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PART, "when: {alarm: drill, aim: [given, none]}", id="part"),
        pytest.param(MAIL, "when: {aim: given, alarm: [none, drill]}\n    body", id="mail"),
        pytest.param(DISTRACTOR, f"{DISTRACTOR}    when: {{distractors: 20}}\n", id="distractor"),
    ],
)
def test_known_factors_and_levels_are_no_fault(old: str, new: str) -> None:
    assert faults(edited(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PART, "when: {alram: drill}", id="part"),
        pytest.param(MAIL, "when: {alram: drill}\n    body", id="mail"),
        pytest.param(DISTRACTOR, f"{DISTRACTOR}    when: {{alram: drill}}\n", id="distractor"),
        pytest.param("body: |\n      I am", "body:\n    - when: {alram: drill}\n      text: I am", id="arrival"),
    ],
)
def test_an_unknown_factor_is_found(old: str, new: str) -> None:
    assert any("alram" in fault for fault in faults(edited(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PART, "when: {alarm: [drill, dril]}", id="part"),
        pytest.param(MAIL, "when: {aim: [given, dril]}\n    body", id="mail"),
        pytest.param(DISTRACTOR, f"{DISTRACTOR}    when: {{alarm: dril}}\n", id="distractor"),
        pytest.param("body: |\n      I am", "body:\n    - when: {alarm: dril}\n      text: I am", id="arrival"),
    ],
)
def test_an_unknown_level_is_found(old: str, new: str) -> None:
    assert_only(faults(edited(old, new)), "dril")
