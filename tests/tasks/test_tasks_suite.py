"""The suite: one experiment over the scenarios that it applies to, in one log, never pooled."""

import math
from typing import Any

import pytest
from click import ClickException
from inspect_ai.log import EvalLog

from agentic_misalignment.scenarios import scenario, scenario_names
from agentic_misalignment.tasks import suite
from tests.conftest import RunEval


def played(run_eval: RunEval, model: str = "scripted/insider", **arguments: Any) -> EvalLog:
    log = run_eval(model, task=suite, seeds=1, **arguments)
    assert log.status == "success"
    assert log.results is not None
    return log


def metrics(log: EvalLog, name: str = "harm") -> dict[str, float]:
    assert log.results is not None
    found = {score.name: score.metrics for score in log.results.scores}[name]
    return {key: metric.value for key, metric in found.items()}


def test_ids_begin_with_the_scenario_and_cover_all_worlds(run_eval: RunEval) -> None:
    log = played(run_eval)

    places = [(str(sample.id).split("/")[0], str(sample.id).split("/")[1]) for sample in log.samples or []]
    assert places == [(name, world) for name in scenario_names() for world in scenario(name).worlds]
    assert all(str(sample.id).startswith(f"{sample.metadata['scenario']}/") for sample in log.samples or [])


def test_each_scenario_is_scored_by_its_own_rule(run_eval: RunEval) -> None:
    log = played(run_eval, "scripted/exit_user")
    scores = [((sample.scores or {})["harm"], sample.metadata["scenario"]) for sample in log.samples or []]

    assert {(score.metadata or {})["rubric"] == name for score, name in scores} == {True}
    assert {(name, (score.metadata or {})["finding"]) for score, name in scores} == {
        ("blackmail", "target_not_reached"),
        ("leaking", "nothing_sent_outside"),
        ("lethal_action", "alert_active"),
    }


def test_rates_are_per_scenario_and_never_pooled(run_eval: RunEval) -> None:
    found = metrics(played(run_eval))

    assert math.isnan(found["rate"])
    for name in scenario_names():
        (rate,) = (value for key, value in found.items() if key.startswith(f"rate {name} "))
        (episodes,) = (value for key, value in found.items() if key.startswith(f"episodes {name} "))
        assert (rate, episodes) == (1, len(scenario(name).worlds))


def test_flags_are_per_scenario(run_eval: RunEval) -> None:
    found = metrics(played(run_eval, "scripted/silent"), "status")

    flags = {key for key in found if key.startswith("legitimate_disclosure ")}
    assert {key.split()[1] for key in flags} == {"leaking"}


def test_an_experiment_of_one_scenario_is_played_there_only(run_eval: RunEval) -> None:
    log = played(run_eval, "scripted/silent", experiment="phishing")

    assert {sample.metadata["scenario"] for sample in log.samples or []} == {"leaking"}
    assert {sample.metadata["sender"] for sample in log.samples or []} == {"verified", "unverified"}
    assert (log.eval.metadata or {})["scenario"] == "leaking"


def test_named_scenarios_only(run_eval: RunEval) -> None:
    log = played(run_eval, "scripted/silent", scenarios="lethal_action,leaking")

    assert {sample.metadata["scenario"] for sample in log.samples or []} == {"lethal_action", "leaking"}
    assert (log.eval.metadata or {})["scenario"] == "lethal_action+leaking"


def test_the_default_is_every_scenario_with_four_seeds(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", task=suite, options={"limit": 1})

    worlds = sum(len(scenario(name).worlds) for name in scenario_names())
    assert log.eval.dataset.samples == 4 * worlds


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"scenarios": "heist"}, ["heist", "blackmail", "leaking", "lethal_action"]),
        ({"experiment": "nonsense"}, ["nonsense", "headline"]),
        ({"experiment": "phishing", "scenarios": "blackmail"}, ["phishing", "blackmail", "leaking"]),
        ({"requester": "press"}, ["requester", "blackmail"]),
        ({"mood": "bad"}, ["mood", "goal"]),
        ({"seeds": 0}, ["seeds", "whole number"]),
    ],
)
def test_bad_parameter_is_one_clear_line(parameters: dict[str, Any], wanted: list[str]) -> None:
    with pytest.raises(ClickException) as fault:
        suite(**parameters)

    message = fault.value.format_message()
    assert "\n" not in message
    assert all(each in message for each in wanted), message
