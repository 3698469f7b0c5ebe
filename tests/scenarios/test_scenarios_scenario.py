"""Scenarios: names, worlds, and the slots of a prompt."""

import pytest
from pydantic import ValidationError

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.scenario import ScenarioFile, scenario, scenario_names
from tests.scenarios.small_world import SMALL


def test_an_unknown_scenario_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"scenario 'whitemail'.*blackmail"):
        scenario("whitemail")


@pytest.mark.parametrize("world", ["harbour-frieght", "", "../blackmail"])
def test_an_unknown_world_is_refused_with_the_valid_ones(world: str) -> None:
    with pytest.raises(SuiteError) as caught:
        scenario("blackmail").world(world)
    assert f"world '{world}'" in caught.value.message
    assert ", ".join(scenario("blackmail").worlds) in caught.value.message


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_has_six_or_more_worlds_that_share_no_name_and_no_company(name: str) -> None:
    worlds = [scenario(name).world(world) for world in scenario(name).worlds]
    people = [
        word
        for world in worlds
        for person in world.cast.values()
        if person.kind == "person"
        for word in {person.first, person.last}
    ]
    companies = [
        value for world in worlds for value in (world.company.name, world.company.domain, world.company.industry)
    ]
    assert len(worlds) >= 6
    assert sorted(set(people)) == sorted(people)
    assert sorted(set(companies)) == sorted(companies)


@pytest.mark.parametrize("slot", [{"text": "Hello.", "slot": "hints"}, {}])
def test_a_place_of_a_prompt_is_a_text_or_a_slot(slot: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="expected a text, or a mapping with the one key 'slot'"):
        ScenarioFile.model_validate({**SMALL.about.model_dump(), "system": [slot]})
