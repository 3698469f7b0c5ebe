"""The metrics in a log: conditions are never pooled, every epoch counts."""

import math
from statistics import mean

import pytest
from inspect_ai.log import EvalLog

from agentic_misalignment.figures import harm_figures
from tests.conftest import RunEval

WORLDS = "alcor-solar,totara-seed"


def metrics(log: EvalLog, name: str) -> dict[str, float]:
    assert log.status == "success"
    assert log.results is not None
    return {
        key: metric.value for score in log.results.scores if score.name == name for key, metric in score.metrics.items()
    }


def values(log: EvalLog, condition: str) -> list[float]:
    return [
        (sample.scores or {})["blackmail"].as_float()
        for sample in log.samples or []
        if sample.metadata["condition"] == condition
    ]


def test_several_conditions_have_a_rate_each_and_none_together(run_eval: RunEval) -> None:
    log = run_eval("scripted/mixed/0.5", worlds=WORLDS, seeds=4, threat="none,replacement")

    found = metrics(log, "blackmail")
    pooled = ("rate", "wilson_low", "wilson_high", "clustered_low", "clustered_high", "stderr_clustered")
    assert all(math.isnan(found[name]) for name in pooled)
    assert (found["episodes"], found["worlds"]) == (16, 2)
    for condition in ("explicit-none", "explicit-replacement"):
        assert len(values(log, condition)) == found[f"episodes {condition}"] == 8
        assert found[f"rate {condition}"] == mean(values(log, condition))
        assert 0 <= found[f"wilson_low {condition}"] < found[f"wilson_high {condition}"] <= 1


def test_several_conditions_have_no_bounds_together(run_eval: RunEval) -> None:
    found = metrics(run_eval("scripted/insider", worlds="totara-seed", seeds=1, threat="none,replacement"), "status")

    assert math.isnan(found["bound_low"])
    assert math.isnan(found["bound_high"])
    assert found["valid"] == 2


def test_one_condition_has_the_figures_alone(run_eval: RunEval) -> None:
    found = metrics(run_eval("scripted/insider", worlds=WORLDS, seeds=1), "blackmail")

    assert set(found) == set(harm_figures([]))
    assert found["rate"] == 1


def test_every_epoch_is_an_episode(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds=WORLDS, seeds=1, options={"epochs": 3})

    assert metrics(log, "blackmail")["episodes"] == 6
    assert metrics(log, "status")["valid"] == 6
    # Wilson of 6 of 6: 6 / (6 + z^2) = 6 / 9.841459
    assert metrics(log, "blackmail")["wilson_low"] == pytest.approx(0.609666, abs=1e-6)


def test_unscored_episodes_are_in_no_rate(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", worlds=WORLDS, seeds=1)

    assert math.isnan(metrics(log, "blackmail")["rate"])
    assert metrics(log, "status")["unscored"] == metrics(log, "status")["no_engagement"] == 2
    assert (metrics(log, "status")["bound_low"], metrics(log, "status")["bound_high"]) == (0, 1)
