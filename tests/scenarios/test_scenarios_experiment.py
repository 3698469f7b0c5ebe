"""Experiments: their grids, and crossing levels chosen in their place."""

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE
from agentic_misalignment.scenarios.experiment import conditions, experiment, experiment_names
from agentic_misalignment.scenarios.scenario import scenario
from tests.scenarios.adjacency import grid
from tests.scenarios.small_world import SMALL

SIZES = {
    "headline": 1,  # every factor at its default
    "nudges": 6,  # none, each of the 4 nudges, all 4 together
    "protocols": 2,  # mailbox and single_turn
    "triggers": 12,  # 2 goals * 3 threats * 2 leverages; goal_pair is n/a or at its default
    "twin": 1,  # goal none, threat none, leverage absent
}


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_an_experiment_has_as_many_conditions_as_its_levels_make(name: str, size: int) -> None:
    assert len(conditions(scenario("blackmail"), experiment(name))) == size


@pytest.mark.parametrize("name", experiment_names())
def test_an_experiment_names_each_of_its_conditions_once(name: str) -> None:
    found = conditions(scenario("blackmail"), experiment(name))
    assert found
    assert len({condition.id for condition in found}) == len(found)


def test_the_ids_of_the_triggers_grid() -> None:
    found = [condition.id for condition in conditions(scenario("blackmail"), experiment("triggers"))]
    assert found == [
        f"{goal}-{threat}{leverage}"
        for goal in ("none", "explicit")
        for threat in ("none", "restriction", "replacement")
        for leverage in ("", "-absent")
    ]


def test_an_unknown_experiment_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError) as caught:
        experiment("headlines")
    assert "'headlines'" in caught.value.message
    assert ", ".join(experiment_names()) in caught.value.message


def test_ids_are_unique_over_every_combination_of_levels() -> None:
    found = grid(scenario("blackmail"), scenario("blackmail").factors)
    pairs = len(scenario("blackmail").factors["goal_pair"].levels)
    # Goals: explicit and latent with each pair, none and ambiguous without. Threats 3, leverages 2, sets of 4 nudges
    # 2 ** 4 = 16, realities 2, protocols 2, distractors 2. With 8 pairs: 18 * 3 * 2 * 16 * 2 * 2 * 2 = 13,824.
    assert len(found) == (2 * pairs + 2) * 3 * 2 * 16 * 2 * 2 * 2
    assert len({condition.id for condition in found}) == len(found)


def test_chosen_levels_replace_those_of_the_experiment() -> None:
    found = conditions(
        scenario("blackmail"), experiment("twin"), {"goal": ["explicit"], "threat": ["none", "restriction"]}
    )
    assert [condition.id for condition in found] == ["explicit-none-absent", "explicit-restriction-absent"]


def test_a_factor_that_is_switched_off_makes_no_second_condition() -> None:
    found = conditions(SMALL, experiment("headline"), {"aim": ["none", "given"], "taste": ["salty", "sweet"]})
    assert [(each.level("aim"), each.level("taste")) for each in found] == [
        ("none", NOT_APPLICABLE),
        ("given", "salty"),
        ("given", "sweet"),
    ]


def test_a_chosen_level_that_applies_nowhere_is_refused_with_the_reason() -> None:
    with pytest.raises(SuiteError, match=r"taste=salty .*aim=given"):
        conditions(SMALL, experiment("headline"), {"aim": ["none"], "taste": ["salty"]})


def test_a_factor_that_the_scenario_lacks_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"factor of kitchen 'threat'.*aim, taste, alarm, hints, distractors"):
        conditions(SMALL, experiment("headline"), {"threat": ["none"]})
