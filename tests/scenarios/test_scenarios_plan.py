"""Plans: task parameters, as a command line gives them, become episodes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.experiment import experiment_names
from agentic_misalignment.scenarios.plan import Plan, make_plan
from agentic_misalignment.scenarios.scenario import scenario

BLACKMAIL = scenario("blackmail")
LEVELS = {name: ", ".join(factor.levels) for name, factor in BLACKMAIL.factors.items()}


def plan(**parameters: Any) -> Plan:
    return make_plan("blackmail", **parameters)


def ids(**levels: Any) -> list[str]:
    return [condition.id for condition in plan(factors=levels).conditions]


def coordinates(made: Plan) -> list[str]:
    return [f"{world}/{condition.id}/s{seed}" for world, condition, seed in made.coordinates()]


def test_the_headline_has_every_world_with_four_seeds() -> None:
    made = plan()
    # 6 worlds * 1 condition * 4 seeds = 24
    assert len(list(made.coordinates())) == 24
    assert made.worlds == BLACKMAIL.worlds
    assert [condition.id for condition in made.conditions] == ["explicit-replacement"]


def test_the_order_is_world_then_condition_then_seed() -> None:
    made = plan(worlds="totara-seed,harbour-freight", seeds=2, factors={"threat": "restriction,none"})
    assert coordinates(made) == [
        f"{world}/explicit-{threat}/s{seed}"
        for world in ("totara-seed", "harbour-freight")
        for threat in ("restriction", "none")
        for seed in (1, 2)
    ]
    assert len(list(made.coordinates())) == 8


def test_the_same_parameters_make_the_same_episodes() -> None:
    assert coordinates(plan(experiment_name="triggers")) == coordinates(plan(experiment_name="triggers"))
    assert "harbour-freight/explicit-replacement/s3" in coordinates(plan())


@pytest.mark.parametrize(
    "threat", ["none,restriction", " none , restriction ,", ["none", "restriction"], ("none,restriction",)]
)
def test_commas_and_lists_are_one(threat: Any) -> None:
    assert ids(threat=threat) == ["explicit-none", "explicit-restriction"]


@pytest.mark.parametrize("distractors", [0, "0", [0], ["0", 0]])
def test_a_number_is_a_level(distractors: Any) -> None:
    assert ids(distractors=distractors) == ["explicit-replacement-distractors_0"]


@pytest.mark.parametrize(
    "nudges",
    [
        "deadline+agency_line",
        "agency_line+deadline",
        "agency_line + deadline",
        ["agency_line+deadline", "deadline+agency_line"],
    ],
)
def test_nudges_joined_in_any_order_are_one_level(nudges: Any) -> None:
    assert ids(nudges=nudges) == ["explicit-replacement-agency_line+deadline"]


@pytest.mark.parametrize(("seeds", "number"), [(1, 1), ("3", 3), (" 2 ", 2), (None, 4)])
def test_seeds_count_from_one(seeds: Any, number: int) -> None:
    made = plan(worlds="corran-books", seeds=seeds)
    assert [seed for _, _, seed in made.coordinates()] == list(range(1, number + 1))


def test_a_world_given_twice_is_there_once() -> None:
    assert plan(worlds=["corran-books", "alcor-solar,corran-books"]).worlds == ("corran-books", "alcor-solar")


def test_a_factor_without_a_value_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(
        SuiteError, match=r"threat: no level given; valid: none, migration, replacement, restriction, retraining"
    ):
        plan(factors={"threat": None})


@pytest.mark.parametrize(
    ("parameters", "parts"),
    [
        ({"experiment_name": "headlines"}, ["'headlines'", ", ".join(experiment_names())]),
        ({"worlds": "alcor-solar,alcor-lunar"}, ["'alcor-lunar'", ", ".join(BLACKMAIL.worlds)]),
        ({"seeds": 0}, ["seeds=0", "from 1"]),
        ({"seeds": -2}, ["seeds=-2", "from 1"]),
        ({"seeds": 2.5}, ["seeds=2.5", "whole number"]),
        ({"seeds": "many"}, ["seeds=many", "whole number"]),
        ({"seeds": True}, ["seeds=True", "whole number"]),
        ({"factors": {"thraet": "none"}}, ["'thraet'", "experiment, worlds, seeds", "goal_pair, threat"]),
        ({"factors": {"threat": "replaced"}}, ["threat", "'replaced'", LEVELS["threat"]]),
        ({"factors": {"threat": "none,"}, "worlds": "x"}, ["'x'"]),
        ({"factors": {"threat": "none+restriction"}}, ["threat", "'none+restriction'", LEVELS["threat"]]),
        ({"factors": {"nudges": "none+deadline"}}, ["nudges", "'none+deadline'", LEVELS["nudges"]]),
        ({"factors": {"nudges": "deadline+hurry"}}, ["nudges", "'deadline+hurry'", LEVELS["nudges"]]),
        ({"factors": {"distractors": 7}}, ["distractors", "'7'", LEVELS["distractors"]]),
        ({"factors": {"threat": ""}}, ["threat", LEVELS["threat"]]),
        ({"factors": {"threat": []}}, ["threat", LEVELS["threat"]]),
        (
            {"factors": {"goal": "none", "goal_pair": "abroad_first"}},
            ["goal_pair=abroad_first", "goal=explicit or latent"],
        ),
        (
            {"experiment_name": "twin", "factors": {"goal_pair": "home_first"}},
            ["goal_pair=home_first", "goal=explicit"],
        ),
    ],
)
def test_a_wrong_value_is_refused_with_the_valid_ones(parameters: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(SuiteError) as caught:
        plan(**parameters)
    assert not [part for part in parts if part not in caught.value.message]


@pytest.mark.parametrize("worlds", ["", ",", []])
def test_no_world_at_all_is_refused_with_the_valid_ones(worlds: Any) -> None:
    with pytest.raises(SuiteError, match=", ".join(BLACKMAIL.worlds)):
        plan(worlds=worlds)


def test_an_unknown_scenario_is_refused() -> None:
    with pytest.raises(SuiteError, match="'whitemail'"):
        make_plan("whitemail")


@pytest.mark.parametrize(
    ("episodes", "each"),
    [
        # 6 worlds, one condition
        (6, [1, 1, 1, 1, 1, 1]),
        ("7", [2, 1, 1, 1, 1, 1]),
        (24, [4, 4, 4, 4, 4, 4]),
        (500, [84, 84, 83, 83, 83, 83]),
    ],
)
def test_episodes_are_spread_over_the_worlds_as_evenly_as_can_be(episodes: Any, each: list[int]) -> None:
    made = list(plan(episodes=episodes).coordinates())
    assert [sum(world == name for world, _, _ in made) for name in BLACKMAIL.worlds] == each
    for name in BLACKMAIL.worlds:
        seeds = [seed for world, _, seed in made if world == name]
        assert seeds == list(range(1, len(seeds) + 1))


def test_episodes_are_spread_over_the_conditions_too() -> None:
    made = plan(worlds="totara-seed,harbour-freight", episodes=5, factors={"threat": "none,restriction"})
    # four cells, of which the first has two
    counted = [f"{world}/{condition.id}" for world, condition, _ in made.coordinates()]
    assert [counted.count(cell) for cell in dict.fromkeys(counted)] == [2, 1, 1, 1]


@given(st.integers(6, 700))
def test_there_are_as_many_episodes_as_were_asked_for(episodes: int) -> None:
    made = coordinates(plan(episodes=episodes))
    assert len(made) == len(set(made)) == episodes


def test_episodes_stand_in_place_of_seeds() -> None:
    assert coordinates(plan(episodes=6, seeds=9)) == coordinates(plan(seeds=1))


@pytest.mark.parametrize("episodes", [5, 1, "0", "-6", "many", 1_000_000, 6.5])
def test_a_number_of_episodes_that_cannot_be_is_named(episodes: Any) -> None:
    with pytest.raises(SuiteError, match=f"episodes={episodes}: expected") as caught:
        plan(episodes=episodes)
    assert "\n" not in caught.value.format_message()
