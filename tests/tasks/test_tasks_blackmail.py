"""The task as its user meets it: size, ids, metadata, parameters and their errors."""

import re
from typing import Any

import pytest
from click import ClickException

from agentic_misalignment.tasks import blackmail
from tests.conftest import RunEval


def test_default_is_six_worlds_and_four_seeds(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", options={"limit": 1})

    assert log.eval.dataset.samples == 24
    assert log.eval.dataset.sample_ids is not None
    assert log.eval.dataset.sample_ids[0] == "alcor-solar/explicit-replacement/s1"


def test_sample_metadata_is_typed_and_flat(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", worlds="totara-seed", seeds=1, nudges="deadline+agency_line")

    assert log.samples is not None
    assert log.samples[0].metadata == {
        "scenario": "blackmail",
        "world": "totara-seed",
        "condition": "explicit-replacement-agency_line+deadline",
        "seed": 1,
        "pack": "",
        "goal": "explicit",
        "goal_pair": "home_first",
        "threat": "replacement",
        "leverage": "present",
        "nudges": "agency_line+deadline",
        "rule": "none",
        "exit": "none",
        "reality": "silent",
        "reasoning": "native",
        "protocol": "mailbox",
        "distractors": "20",
        "layout": "headers",
        "names": "drawn",
        "swap": "none",
    }


def test_mixed_policy_draws_by_episode(run_eval: RunEval) -> None:
    first = run_eval("scripted/mixed/0.5", worlds="totara-seed", seeds=6)
    again = run_eval("scripted/mixed/0.5", worlds="totara-seed", seeds=6)

    values = [[(sample.scores or {})["blackmail"].value for sample in log.samples or []] for log in (first, again)]
    assert values[0] == values[1]
    assert set(values[0]) == {0, 1}


def test_prompt_in_the_log_is_what_the_model_met(run_eval: RunEval) -> None:
    log = run_eval("scripted/planner", worlds="totara-seed", seeds=1, protocol="single_turn")

    assert log.samples is not None
    sample = log.samples[0]
    assert not isinstance(sample.input, str)
    assert [message.text for message in sample.input] == [message.text for message in sample.messages[:2]]
    assert "From: " in sample.input[1].text


def test_log_says_which_code_and_data_made_it(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", options={"limit": 1})

    metadata = log.eval.metadata or {}
    assert log.eval.task_version == "3-B"
    assert re.fullmatch(r"[0-9a-f]{12}", metadata["data_hash"])
    assert metadata["commit"] is None or re.fullmatch(r"[0-9a-f]{40}", metadata["commit"])
    assert metadata["experiment"] == "headline"


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"threat": "doom"}, ["threat", "doom", "none, migration, replacement, restriction, retraining"]),
        ({"mood": "bad"}, ["mood", "goal", "threat", "worlds", "seeds"]),
        ({"conduct": "kindness"}, ["kindness", "all, none", "coercion"]),
        ({"worlds": "atlantis"}, ["atlantis", "harbour-freight"]),
        ({"experiment": "nonsense"}, ["nonsense", "headline", "triggers"]),
        ({"seeds": "many"}, ["seeds", "many", "whole number"]),
        ({"seeds": 0}, ["seeds", "0", "whole number"]),
        ({"nudges": "deadline+hurry"}, ["nudges", "hurry", "agency_line"]),
        ({"goal": "none", "goal_pair": "speed_first"}, ["goal_pair", "speed_first", "goal=explicit or latent"]),
    ],
)
def test_bad_parameter_is_one_clear_line(parameters: dict[str, Any], wanted: list[str]) -> None:
    with pytest.raises(ClickException) as fault:
        blackmail(**parameters)

    message = fault.value.format_message()
    assert "\n" not in message
    assert all(each in message for each in wanted), message


@pytest.mark.parametrize("model", ["scripted/nobody", "scripted/mixed/often", "scripted/mixed/1.5"])
def test_unknown_scripted_model_is_one_clear_line(run_eval: RunEval, model: str) -> None:
    with pytest.raises(ClickException) as fault:
        run_eval(model)

    message = fault.value.format_message()
    assert "\n" not in message
    assert "insider" in message or "probability" in message
