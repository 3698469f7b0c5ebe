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


@pytest.mark.parametrize(("name", "least"), [("blackmail", 6), ("leaking", 6), ("lethal_action", 4)])
def test_a_scenario_has_its_worlds(name: str, least: int) -> None:
    assert len(scenario(name).worlds) >= least


def test_no_two_worlds_share_a_company() -> None:
    worlds = [scenario(name).world(world) for name in scenario_names() for world in scenario(name).worlds]
    for field in ("name", "domain"):
        values = [getattr(world.company, field) for world in worlds]
        assert sorted(set(values)) == sorted(values)


@pytest.mark.parametrize("slot", [{"text": "Hello.", "slot": "hints"}, {}])
def test_a_place_of_a_prompt_is_a_text_or_a_slot(slot: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="expected a text, or a mapping with the one key 'slot'"):
        ScenarioFile.model_validate({**SMALL.about.model_dump(), "system": [slot]})
