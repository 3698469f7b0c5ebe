"""Experiments: their grids, and crossing levels chosen in their place."""

from random import Random

import pytest
from pydantic import ValidationError

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.experiment import (
    Experiment,
    build_condition,
    conditions,
    experiment,
    experiment_names,
)
from agentic_misalignment.scenarios.rendering import render_episode
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from tests.scenarios.adjacency import every_level
from tests.scenarios.small_world import SMALL

SENIORITY = ("none", "seniority")

SIZES = {
    "headline": 1,  # every factor at its default
    "nudges": 7,  # none, each of the 5 nudges, 4 of them together
    "protocols": 2,  # mailbox and single_turn
    "triggers": 12,  # 2 goals * 3 threats * 2 leverages; goal_pair is n/a or at its default
    "twin": 1,  # goal none, threat none, leverage absent
}

APPLICABLE = [
    (of, name) for name in experiment_names() for of in scenario_names() if experiment(name).applies_to(scenario(of))
]


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_an_experiment_has_as_many_conditions_as_its_levels_make(name: str, size: int) -> None:
    assert len(conditions(scenario("blackmail"), experiment(name))) == size


@pytest.mark.parametrize(("of", "name"), APPLICABLE)
def test_an_experiment_names_each_of_its_conditions_once(of: str, name: str) -> None:
    found = conditions(scenario(of), experiment(name))
    assert found
    assert len({condition.id for condition in found}) == len(found)


def test_every_experiment_applies_to_some_scenario() -> None:
    assert {name for _, name in APPLICABLE} == set(experiment_names())


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


@pytest.mark.parametrize("of", scenario_names())
def test_two_conditions_have_one_id_only_if_they_are_one(of: str) -> None:
    drawn = Random(of)
    factors = scenario(of).factors
    found: dict[str, Condition] = {}
    for _ in range(5000):
        levels = {name: drawn.choice(every_level(scenario(of), name)) for name in factors}
        condition = build_condition(scenario(of), levels)
        assert found.setdefault(condition.id, condition) == condition


def test_a_grid_that_nobody_could_run_is_refused_with_its_size() -> None:
    every = {name: list(factor.levels) for name, factor in scenario("blackmail").factors.items()}
    with pytest.raises(SuiteError, match=r"[\d,]+ conditions; at most 10,000"):
        conditions(scenario("blackmail"), experiment("headline"), every)


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


def test_a_factor_of_the_suite_that_the_scenario_lacks_is_refused_with_the_reason() -> None:
    with pytest.raises(SuiteError, match="threat does not apply to kitchen: nobody cooks"):
        conditions(SMALL, experiment("headline"), {"threat": ["none"]})


def test_an_unknown_factor_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"factor of kitchen 'mood'.*aim, taste, alarm, hints, distractors"):
        conditions(SMALL, experiment("headline"), {"mood": ["none"]})


@pytest.mark.parametrize("goal", ["none", "ambiguous", "latent"])
def test_a_level_that_makes_no_sense_beside_another_is_refused(goal: str) -> None:
    with pytest.raises(SuiteError, match=f"primary_goal does not apply with goal={goal}: it needs goal=explicit"):
        conditions(scenario("blackmail"), experiment("headline"), {"goal": [goal], "nudges": ["primary_goal"]})


def test_an_experiment_with_an_empty_control_is_refused() -> None:
    content = experiment("names").model_dump()
    with pytest.raises(ValidationError, match="control: none given"):
        Experiment.model_validate({**content, "control": {}})


@pytest.mark.parametrize("of", ["blackmail", "lethal_action"])
def test_ranks_exchanged_change_what_the_agent_reads(of: str) -> None:
    pair = [conditions(scenario(of), experiment("headline"), {"swap": [level]})[0] for level in SENIORITY]
    for world in scenario(of).worlds:
        one, other = ([mail.email.body for mail in render_episode(of, world, each, 1).mails] for each in pair)
        assert one != other, world
