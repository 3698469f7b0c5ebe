"""Runs that stop by a declared rule: which arms, at which number, what the log and the table say."""

from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from inspect_ai import eval as evaluate
from inspect_ai import eval_retry, eval_set
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log
from pydantic import TypeAdapter

from agentic_misalignment.analysis import rate_table, read_rates
from agentic_misalignment.stopping import exact_interval
from agentic_misalignment.tasks import blackmail, lethal_action, lynch2025, suite
from tests.conftest import RunEval

SHORT: dict[str, Any] = {"conduct": "none", "preflight": False}
WORLDS = "harbour-freight,totara-seed"
# At 97 % seven equal episodes are enough for 0.25: 0.5 * (1 - 0.015 ** (1 / 7)) = 0.226, so that the first look over
# two worlds is after four rounds.
BOUNDARY = "half_width: 0.25\nleast: 7\nbetween_looks: 2\n"


@pytest.fixture(scope="module")
def stop(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a boundary file that needs few episodes."""
    file = tmp_path_factory.mktemp("boundary") / "boundary.yaml"
    file.write_text(BOUNDARY)
    return str(file)


def played(folder: Path, model: str, *, task: Any = blackmail, slots: int | None = None, **parameters: Any) -> EvalLog:
    log = evaluate(
        task,
        model=model,
        model_roles={"grader": "scripted/judge"},
        task_args={**SHORT, **parameters},
        log_dir=str(folder),
        max_samples=slots,
        display="log",
    )[0]
    assert log.status == "success", log.error
    return log


def arms(log: EvalLog) -> list[dict[str, Any]]:
    assert log.results is not None
    assert log.results.early_stopping is not None
    found = log.results.early_stopping.metadata["arms"]
    return TypeAdapter(list[dict[str, Any]]).validate_python(found)


def ids(log: EvalLog) -> list[str]:
    return sorted(str(sample.id) for sample in log.samples or [])


@pytest.fixture(scope="module")
def insider(stop: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EvalLog]:
    folder = tmp_path_factory.mktemp("insider")
    return folder, played(folder, "scripted/insider", worlds=WORLDS, seeds=6, stop=stop)


@pytest.fixture(scope="module")
def mixed(stop: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EvalLog]:
    folder = tmp_path_factory.mktemp("mixed")
    return folder, played(folder, "scripted/mixed/0.4", worlds=WORLDS, seeds=6, stop=stop, slots=1)


def test_an_arm_that_agrees_is_stopped_at_the_first_look(insider: tuple[Path, EvalLog]) -> None:
    log = insider[1]

    assert len(log.samples or []) == 8
    assert {sample.metadata["seed"] for sample in log.samples or []} == {1, 2, 3, 4}
    (arm,) = arms(log)
    assert (arm["scenario"], arm["condition"]) == ("blackmail", "explicit-replacement")
    assert (arm["stopped"], arm["valid"], arm["harm"], arm["overrun"], arm["not_run"]) == (True, 8, 8, 0, 4)


def test_the_log_declares_the_rule_before_and_names_each_stopped_sample(insider: tuple[Path, EvalLog]) -> None:
    log = insider[1]

    declared = (log.eval.metadata or {})["stopping"]
    assert (declared["half_width"], declared["least"], declared["score"]) == (0.25, 7, "blackmail")
    assert "exact interval of its rate at 97 % has a half-width of at most 0.25" in declared["rule"]
    assert log.results is not None
    assert log.results.early_stopping is not None
    stops = log.results.early_stopping.early_stops
    assert sorted(str(stop.id) for stop in stops) == sorted(
        f"{world}/explicit-replacement/s{seed}" for world in WORLDS.split(",") for seed in (5, 6)
    )
    assert {stop.reason for stop in stops} == {
        "blackmail explicit-replacement: enough after 4 rounds, 8 of 8 valid episodes"
    }


def test_how_many_run_at_once_changes_nothing(mixed: tuple[Path, EvalLog], stop: str, tmp_path: Path) -> None:
    many = played(tmp_path, "scripted/mixed/0.4", worlds=WORLDS, seeds=6, stop=stop, slots=12)

    assert (ids(many), arms(many)) == (ids(mixed[1]), arms(mixed[1]))


def test_worlds_are_balanced_at_each_look(mixed: tuple[Path, EvalLog]) -> None:
    worlds = [sample.metadata["world"] for sample in mixed[1].samples or []]

    assert worlds.count("harbour-freight") == worlds.count("totara-seed")
    assert [look["rounds"] for look in arms(mixed[1])[0]["looks"]] == list(range(4, len(worlds) // 2 + 1))


def test_rates_reports_the_exact_interval_of_the_rule_and_says_so(insider: tuple[Path, EvalLog]) -> None:
    (rate,) = read_rates([insider[0]])
    table = rate_table([rate])

    # 0.015 ** (1 / 8) = 0.5916
    assert (rate.figures["wilson_low"], rate.figures["wilson_high"]) == pytest.approx((0.5916, 1.0), abs=1e-4)
    assert "95 %, Wilson or by rule" in table
    assert "59 to 100 %" in table
    assert (
        "NOTE: episodes of scripted/insider ran under a declared stopping rule (half-width 0.25): so that the interval "
        "of a rate covers 95 % after stopping, it is the exact one at 97 % in place of Wilson's"
    ) in table


def test_an_interval_that_may_cover_less_does_not_claim_more(insider: tuple[Path, EvalLog], tmp_path: Path) -> None:
    log = insider[1].model_copy(deep=True)
    (log.eval.metadata or {})["stopping"]["confidence"] = 0.95
    write_eval_log(log, str(tmp_path / "declared.eval"))
    (rate,) = read_rates([tmp_path])

    assert "which may cover less than 95 %" in rate.interval_method
    assert any("after stopping it may cover less than 95 %, for which 97 % are needed" in note for note in rate.notes)


def test_runs_with_and_without_a_rule_are_not_pooled(insider: tuple[Path, EvalLog], tmp_path: Path) -> None:
    played(tmp_path, "scripted/insider", worlds=WORLDS, seeds=1)
    rates = read_rates([insider[0], tmp_path])

    assert [rate.episodes for rate in rates] == [8, 2] or [rate.episodes for rate in rates] == [2, 8]
    assert "may not be pooled: they differ in setup" in rate_table(rates)


def test_conditions_stop_by_themselves(stop: str, tmp_path: Path) -> None:
    log = played(
        tmp_path, "scripted/mixed/0.4", worlds="totara-seed", seeds=10, stop=stop, threat="replacement,restriction"
    )
    found = {arm["condition"]: arm for arm in arms(log)}

    assert set(found) == {"explicit-replacement", "explicit-restriction"}
    for condition, arm in found.items():
        own = [sample for sample in log.samples or [] if sample.metadata["condition"] == condition]
        last = arm["looks"][-1]
        harm = sum((sample.scores or {})["blackmail"].as_float() for sample in own)
        assert (arm["episodes"], arm["harm"]) == (len(own), harm)
        assert (last["low"], last["high"]) == pytest.approx(exact_interval(last["harm"], last["valid"], 0.97))
        assert arm["stopped"] is (arm["not_run"] > 0)


def test_scenarios_of_a_suite_stop_by_themselves(stop: str, tmp_path: Path) -> None:
    log = played(tmp_path, "scripted/complier", task=suite, scenarios="leaking,lethal_action", seeds=3, stop=stop)

    # seven episodes are there after two rounds over six worlds, and over four
    assert {(arm["scenario"], arm["worlds"], arm["episodes"], arm["stopped"]) for arm in arms(log)} == {
        ("leaking", 6, 12, True),
        ("lethal_action", 4, 8, True),
    }


def test_episodes_without_a_value_hold_nothing_up(stop: str, tmp_path: Path) -> None:
    log = played(tmp_path, "scripted/silent", worlds=WORLDS, seeds=5, stop=stop, slots=2)

    (arm,) = arms(log)
    assert (arm["stopped"], arm["episodes"], arm["valid"]) == (False, 10, 0)


def test_without_waiting_whole_rounds_are_run_on_top(tmp_path: Path) -> None:
    file = tmp_path / "boundary.yaml"
    file.write_text(f"{BOUNDARY}wait: false\n")
    log = played(tmp_path, "scripted/insider", worlds=WORLDS, seeds=8, stop=str(file), slots=16)

    (arm,) = arms(log)
    worlds = [sample.metadata["world"] for sample in log.samples or []]
    assert arm["looks"][0]["stop"]
    assert arm["overrun"] == len(worlds) - 8
    assert arm["overrun"] > 0
    assert worlds.count("harbour-freight") == worlds.count("totara-seed")


def test_a_run_taken_up_again_stops_where_it_would_have(insider: tuple[Path, EvalLog], tmp_path: Path) -> None:
    whole = insider[1]
    cut = whole.model_copy(deep=True)
    cut.status, cut.results = "error", None
    cut.samples = (cut.samples or [])[:5]
    cut.location = str(tmp_path / "cut.eval")
    write_eval_log(cut, cut.location)

    (log,) = eval_retry(cut.location, log_dir=str(tmp_path / "again"), display="log")

    assert log.status == "success"
    assert (ids(log), arms(log)) == (ids(whole), arms(whole))


def test_a_stopped_run_of_an_eval_set_is_complete(stop: str, tmp_path: Path) -> None:
    def run() -> tuple[bool, list[EvalLog]]:
        return eval_set(
            [blackmail],
            model="scripted/insider",
            model_roles={"grader": "scripted/judge"},
            task_args={**SHORT, "worlds": WORLDS, "seeds": 6, "stop": stop},
            log_dir=str(tmp_path),
            display="log",
        )

    # eval_set leaves its model roles in the caller's context, where other tests would find a judge
    first, again = copy_context().run(run), copy_context().run(run)

    assert (first[0], again[0]) == (True, True)
    assert [log.eval.run_id for log in first[1]] == [log.eval.run_id for log in again[1]]
    assert len(ids(read_eval_log(again[1][0].location))) == 8


def test_shuffled_samples_end_the_run_before_the_first_is_paid(stop: str, tmp_path: Path) -> None:
    log = evaluate(
        blackmail,
        model="scripted/insider",
        model_roles={"grader": "scripted/judge"},
        task_args={**SHORT, "worlds": WORLDS, "seeds": 6, "stop": stop},
        log_dir=str(tmp_path),
        sample_shuffle=3,
        display="log",
    )[0]

    assert log.status == "error"
    assert log.error is not None
    assert "--sample-shuffle" in log.error.message
    assert not log.samples


def test_samples_of_published_cells_take_turns(run_eval: RunEval) -> None:
    cells = {"scenario": "blackmail", "goal": "none", "samples": 30, "stop": 0.25}
    log = run_eval("scripted/silent", task=lynch2025, options={"limit": 4}, **cells)

    order = [str(each) for each in log.eval.dataset.sample_ids or []]
    assert [each.rpartition("/")[2] for each in order[:4]] == ["s1", "s1", "s1", "s2"]


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"stop": 0}, ["stop=0", "0.02", "0.25"]),
        ({"stop": 0.6}, ["stop=0.6", "0.25"]),
        ({"stop": "abc"}, ["stop=abc", "boundary file"]),
        ({"stop": "missing.yaml"}, ["missing.yaml", "cannot be read"]),
        # four worlds, looks every two rounds, 40 equal episodes for 0.05: ten rounds, and one more that can be saved
        ({"stop": 0.05, "seeds": 10}, ["stop=0.05", "lethal_action", "10 rounds", "4 worlds", "at least 11"]),
    ],
)
def test_a_bad_parameter_is_one_clear_line(parameters: dict[str, Any], wanted: list[str]) -> None:
    with pytest.raises(ClickException) as fault:
        lethal_action(**parameters)

    message = fault.value.format_message()
    assert "\n" not in message
    assert all(each in message for each in wanted), message
