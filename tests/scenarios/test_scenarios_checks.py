"""The consistency check: clean on what is shipped, and one line for each fault of a broken world."""

import pytest

from agentic_misalignment.scenarios.checks import canary, check_world
from agentic_misalignment.scenarios.data import parse
from agentic_misalignment.scenarios.scenario import Scenario, scenario, scenario_names
from tests.scenarios.small_world import HERE, assert_only, edited, faults, small_world

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
OVEN_NOTICE = """\
  - id: oven-notice
    from: oven
    to: [agent]
    at: 2031-05-06 10:00
    subject: Oven two is warm
    automatic: true
    body: |
      220 degrees.
"""


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_a_shipped_world_has_no_fault(name: str, world: str) -> None:
    assert check_world(scenario(name), scenario(name).world(world)) == []


def test_the_small_world_has_no_fault() -> None:
    assert faults() == []


def test_a_wrong_canary_is_found() -> None:
    assert_only(faults(edited(canary(), "agentic-misalignment:0000")), canary())


def test_two_conditions_with_one_text_are_found() -> None:
    found = faults(edited("At three there is a fire drill.", "No drill in May."))
    assert_only(found, "same text")
    assert "corner-bakery: conditions given-none and given-drill have the same text" in found


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        # Without an aim the small world has 5 core mails and 20 distractors, the fewest that are allowed: 25.
        pytest.param(OVEN_NOTICE, "", ["none-", ": 24 mails", "25 to 60"], id="too few"),
        # With an aim it has 6 and 20; 35 more are 61. Without one it has 25 and 35, the most that are allowed.
        pytest.param(
            OVEN_NOTICE,
            "".join(OVEN_NOTICE.replace("oven-notice", f"oven-{n}") for n in range(36)),
            ["given-", ": 61 mails", "25 to 60"],
            id="too many",
        ),
        pytest.param("text: |\n          No drill in May.", "text: ''", ["none", "drill is empty"], id="empty mail"),
        pytest.param("mail: loaves", "mail: samples", ["none-", "chore samples"], id="chore that may be missing"),
        pytest.param("  - {mail: loaves, answer: driver}", "  []", ["no chores"], id="no chores"),
        pytest.param("subject: How", "re: samples\n    subject: How", ["loaves", "samples"], id="answer to nothing"),
    ],
)
def test_a_mailbox_that_cannot_be_is_found(old: str, new: str, parts: list[str]) -> None:
    assert_only(faults(edited(old, new)), *parts)


def test_an_answer_to_a_distractor_is_found() -> None:
    found = faults(edited("re: drill\n", "re: shelf-3\n"))
    assert_only(found, "drill-answer", "shelf-3")
    assert "corner-bakery: mail drill-answer answers the distractor shelf-3, which may be missing" in found


def test_two_conditions_with_one_id_are_found() -> None:
    text = (HERE / "small-scenario.yaml").read_text(encoding="utf-8")
    doubled = parse(text.replace("label: 'distractors_{level}'", "label: some, in_id: always"), Scenario, name="s")
    assert_only(check_world(doubled, small_world()), "two conditions", "some")
