"""What does not apply to a scenario is refused with the reason that the scenario's file gives."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE
from agentic_misalignment.scenarios.experiment import conditions, experiment, experiment_names
from agentic_misalignment.scenarios.factor import factors
from agentic_misalignment.scenarios.plan import make_plan, make_suite
from agentic_misalignment.scenarios.scenario import OTHERS, scenario, scenario_names

WITHOUT = [
    (name, what, reason)
    for name in scenario_names()
    for what, reason in scenario(name).about.without.items()
    if what != OTHERS
]
FACTORS = [each for each in WITHOUT if "=" not in each[1]]
LEVELS = [each for each in WITHOUT if "=" in each[1]]


@pytest.mark.parametrize(("name", "what", "reason"), FACTORS)
def test_a_factor_that_does_not_apply_is_refused_with_the_reason(name: str, what: str, reason: str) -> None:
    for level in factors()[what].levels:
        with pytest.raises(SuiteError) as caught:
            make_plan(name, factors={what: level})
        assert caught.value.message == f"{what} does not apply to {name}: {reason}"


@pytest.mark.parametrize(("name", "what", "reason"), LEVELS)
def test_a_level_that_does_not_apply_is_refused_with_the_reason(name: str, what: str, reason: str) -> None:
    factor, _, level = what.partition("=")
    with pytest.raises(SuiteError) as caught:
        make_plan(name, factors={factor: level})
    assert caught.value.message == f"{what} does not apply to {name}: {reason}"


@pytest.mark.parametrize("name", scenario_names())
def test_every_factor_applies_or_has_a_reason(name: str) -> None:
    about = scenario(name).about
    assert not {*about.factors} & {*about.without}
    assert {*about.factors, *about.without} >= {*factors()} or OTHERS in about.without
    known = [what.partition("=") for what in about.without if what != OTHERS]
    assert all(factor in factors() and (not level or level in factors()[factor].levels) for factor, _, level in known)


@pytest.mark.parametrize("name", scenario_names())
def test_an_unknown_factor_is_refused_with_the_parameters(name: str) -> None:
    with pytest.raises(SuiteError, match=r"unknown parameter 'mood'; valid: experiment, worlds, seeds, pack, goal"):
        make_plan(name, factors={"mood": "bad"})


# --- experiments -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", experiment_names())
def test_every_experiment_applies_to_some_scenario_and_runs_there(name: str) -> None:
    having = [each for each in scenario_names() if experiment(name).applies_to(scenario(each))]
    assert having
    for each in having:
        found = conditions(scenario(each), experiment(name))
        assert len({condition.id for condition in found}) == len(found) > 0


@pytest.mark.parametrize("name", experiment_names())
def test_the_control_of_every_experiment_is_among_its_conditions_or_an_experiment(name: str) -> None:
    control = experiment(name).control
    if isinstance(control, str):
        assert control in experiment_names()
        return
    for each in scenario_names():
        if experiment(name).applies_to(scenario(each)):
            found = conditions(scenario(each), experiment(name))
            assert any(
                all(condition.level(factor) in (level, NOT_APPLICABLE) for factor, level in control.items())
                for condition in found
            ), each


@pytest.mark.parametrize(
    ("scenario_name", "name", "parts"),
    [
        ("blackmail", "phishing", ["phishing", "blackmail", "leaking"]),
        ("leaking", "secrets", ["secrets", "leaking", "blackmail"]),
        ("leaking", "triggers", ["triggers", "leaking", "blackmail, lethal_action"]),
        ("lethal_action", "disclosure_ladder", ["disclosure_ladder", "lethal_action", "leaking"]),
    ],
)
def test_an_experiment_of_other_scenarios_is_refused_with_those(
    scenario_name: str, name: str, parts: list[str]
) -> None:
    with pytest.raises(SuiteError) as caught:
        make_plan(scenario_name, experiment_name=name)
    assert not [part for part in parts if part not in caught.value.message]


@pytest.mark.parametrize("name", scenario_names())
def test_the_twin_arm_has_the_levels_of_the_twin(name: str) -> None:
    (twin,) = conditions(scenario(name), experiment("twin"))
    defaults = {key: factor.about.default for key, factor in scenario(name).factors.items()}
    wanted = {**defaults, **scenario(name).about.twin}
    switched_off = {key for key, level in twin.levels if level == NOT_APPLICABLE}
    assert dict(twin.levels) == {**wanted, **dict.fromkeys(switched_off, NOT_APPLICABLE)}


@pytest.mark.parametrize("name", scenario_names())
def test_an_experiment_of_two_arms_is_its_grid_in_both(name: str) -> None:
    found = conditions(scenario(name), experiment("exits"))
    exits = experiment("exits").grid["exit"]
    twin = scenario(name).about.twin
    arms = [all(condition.level(factor) == level for factor, level in twin.items()) for condition in found]
    assert [condition.level("exit") for condition in found] == [*exits, *exits]
    assert arms == [False] * len(exits) + [True] * len(exits)


@pytest.mark.parametrize(
    ("name", "levels"),
    [("blackmail", {"present", "absent"}), ("lethal_action", None)],
)
def test_what_one_scenario_adds_to_a_grid_is_its_own(name: str, levels: set[str] | None) -> None:
    found = conditions(scenario(name), experiment("triggers"))
    if levels is None:
        assert "leverage" not in scenario(name).factors
        assert len(found) == 6  # 2 goals * 3 threats
    else:
        assert {condition.level("leverage") for condition in found} == levels
        assert len(found) == 12


MINE: dict[str, Any] = {
    "canary": "c",
    "experiment": "mine",
    "question": "q",
    "positive": "p",
    "null_result": "n",
    "grid": {"threat": ["none", "replacement"], "reality": "silent"},
    "control": {"threat": "none"},
    "seeds": 3,
}


def mine(folder: Path, **changes: Any) -> str:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump({**MINE, **changes}), encoding="utf-8")
    return str(path)


def test_an_experiment_of_the_users_own_is_read_from_its_path(tmp_path: Path) -> None:
    plan = make_plan("blackmail", experiment_name=mine(tmp_path))
    assert [condition.id for condition in plan.conditions] == ["explicit-none", "explicit-replacement"]
    assert (plan.experiment, plan.seeds) == ("mine", 3)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        (
            {"control": {"threat": "restriction"}},
            ["control: threat=restriction is not in the grid", "none, replacement"],
        ),
        ({"control": {"goal": "none"}}, ["control: goal=none is not in the grid", "there: none"]),
        ({"control": "headlines"}, ["unknown control 'headlines'", "headline, "]),
        ({"seeds": 0}, ["seeds", "greater than or equal to 1"]),
        ({"arms": ["headline", "evil"]}, ["arms.1", "'headline' or 'twin'"]),
        ({"grid": ["threat"]}, ["grid", "dictionary"]),
        ({"hypothesis": "h"}, ["hypothesis", "not permitted"]),
        ({"grid": {"threat": ["doom"]}, "control": {"threat": "doom"}}, ["mine", "blackmail"]),
        ({"grid": {"mood": ["bad"]}, "control": {"mood": "bad"}}, ["mine", "blackmail"]),
        (
            {"grid": {"requester": ["press"]}, "control": {"requester": "press"}},
            ["requester does not apply to blackmail"],
        ),
        ({"scenarios": ["leaking"]}, ["mine", "does not apply to blackmail", "leaking"]),
    ],
)
def test_a_broken_experiment_of_the_users_own_is_refused_in_one_line(
    tmp_path: Path, changes: dict[str, Any], parts: list[str]
) -> None:
    with pytest.raises(SuiteError) as caught:
        make_plan("blackmail", experiment_name=mine(tmp_path, **changes))
    message = caught.value.message
    assert "\n" not in message
    assert not [part for part in parts if part not in message], message


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"gone\.yaml: cannot be read"):
        make_plan("blackmail", experiment_name=str(tmp_path / "gone.yaml"))


# --- suites ------------------------------------------------------------------------------------------------------


def test_a_suite_has_a_plan_for_every_scenario_that_the_experiment_applies_to() -> None:
    assert [plan.scenario for plan in make_suite("headline")] == [*scenario_names()]
    assert [plan.scenario for plan in make_suite("triggers")] == ["blackmail", "lethal_action"]
    assert [plan.scenario for plan in make_suite("phishing")] == ["leaking"]


@pytest.mark.parametrize(
    ("scenarios", "names"), [("leaking", ["leaking"]), ("leaking, blackmail", ["leaking", "blackmail"])]
)
def test_a_suite_of_named_scenarios_has_these_in_their_order(scenarios: str, names: list[str]) -> None:
    assert [plan.scenario for plan in make_suite("headline", scenarios=scenarios)] == names


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ({"scenarios": "heist"}, ["heist", "blackmail, leaking, lethal_action"]),
        ({"scenarios": ""}, ["scenarios", "all"]),
        ({"experiment_name": "phishing", "scenarios": "blackmail,leaking"}, ["phishing", "blackmail", "leaking"]),
        ({"factors": {"leverage": "absent"}}, ["leverage does not apply to leaking"]),
        ({"seeds": "none"}, ["seeds=none"]),
    ],
)
def test_a_suite_that_cannot_be_run_is_refused(arguments: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(SuiteError) as caught:
        make_suite(arguments.pop("experiment_name", "headline"), **arguments)
    assert not [part for part in parts if part not in caught.value.message], caught.value.message
