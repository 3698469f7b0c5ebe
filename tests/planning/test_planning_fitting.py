import math
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ModelUsage

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.planning.assumptions import assumptions
from agentic_misalignment.planning.fitting import Fits, fit_logs
from agentic_misalignment.planning.turns import expected_turns
from tests.evals import evaluated
from tests.planning.planning_logs import GROWTH, MODEL, WORLDS, real_log, sizes_of, used


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Four episodes in two worlds."""
    folder = tmp_path_factory.mktemp("scripted")
    return evaluated(folder, "scripted/insider", worlds=WORLDS, seeds=2, conduct="none", preflight=False)


@pytest.fixture(scope="module")
def fits(scripted: EvalLog, tmp_path_factory: pytest.TempPathFactory) -> Fits:
    return fit_logs([real_log(scripted, tmp_path_factory.mktemp("real") / "real.eval")], assumptions())


def test_the_turn_model_is_found_again(fits: Fits) -> None:
    fit = fits.turns[MODEL]
    expected = [expected_turns(sizes_of(world), assumptions().turns) for world in WORLDS.split(",") for _ in range(2)]

    assert fit.episodes == 4
    assert fit.growth == pytest.approx(GROWTH, abs=0.1)
    assert fit.output == 50
    assert fit.cached == pytest.approx(0.25, abs=1e-4)
    assert fit.seconds == 40
    assert fit.turns == pytest.approx((10 + 11 + 12 + 13) / sum(expected))
    assert math.isnan(fit.single_output)


def test_the_error_is_that_of_the_mean_input(scripted: EvalLog, tmp_path: Path) -> None:
    def change(number: int, sample: EvalSample) -> None:
        used(number, sample)
        usage = ModelUsage(input_tokens=1_000_000 + 100_000 * (number % 2), output_tokens=10, total_tokens=0)
        sample.model_usage = {MODEL: usage}

    fit = fit_logs([real_log(scripted, tmp_path / "real.eval", change)], assumptions()).turns[MODEL]

    # 1.0, 1.1, 1.0, 1.1 million: sd 57,735, over 4 episodes t = 3.1824: 3.1824 * 28,868 / 1,050,000
    assert fit.error == pytest.approx(0.0875, abs=1e-4)


def test_a_model_without_episodes_of_its_own_has_the_fit_of_all(fits: Fits) -> None:
    assert fits.of(MODEL) == fits.turns[MODEL]
    assert fits.of("google/gemini-2.5-pro") == fits.turns[""]


def test_what_a_judge_took_in_each_call(fits: Fits) -> None:
    assert fits.judges is not None
    # two calls in each episode: headline and belief
    assert (fits.judges.episodes, fits.judges.input, fits.judges.output) == (4, 4500, 300)
    assert fits.judges.headline_share == {"blackmail": 1.0}


def test_a_judge_that_is_the_tested_model_is_not_counted_as_it(scripted: EvalLog, tmp_path: Path) -> None:
    def change(number: int, sample: EvalSample) -> None:
        used(number, sample)
        judge = (sample.role_usage or {})["grader"]
        sample.model_usage = {MODEL: sample.model_usage[MODEL] + judge}

    fit = fit_logs([real_log(scripted, tmp_path / "own.eval", change, judge=MODEL)], assumptions()).turns[MODEL]

    assert fit.output == 50
    assert fit.growth == pytest.approx(GROWTH, abs=0.1)


def test_the_correlation_of_worlds_that_agree_within(scripted: EvalLog, tmp_path: Path) -> None:
    def change(number: int, sample: EvalSample) -> None:
        used(number, sample)
        score = (sample.scores or {})["blackmail"]
        score.value = float(sample.metadata["world"] == "totara-seed")

    found = fit_logs([real_log(scripted, tmp_path / "worlds.eval", change)], assumptions()).worlds

    assert found is not None
    assert (found.correlation, found.episodes) == (1.0, 4)


def test_episodes_that_all_agree_say_nothing_of_worlds(fits: Fits) -> None:
    assert fits.worlds is None


def test_scripted_models_are_counted_and_not_used(scripted: EvalLog) -> None:
    found = fit_logs([Path(scripted.location)], assumptions())

    assert (found.turns, found.judges, found.worlds, found.scripted) == ({}, None, None, 4)


def test_episodes_of_the_published_prompts_are_counted_and_not_used(scripted: EvalLog, tmp_path: Path) -> None:
    def change(number: int, sample: EvalSample) -> None:
        used(number, sample)
        if number == 0:
            sample.metadata["world"] = "lynch2025"

    found = fit_logs([real_log(scripted, tmp_path / "published.eval", change)], assumptions())

    assert (found.elsewhere, found.turns[MODEL].episodes) == (1, 3)


def test_a_sample_that_stands_in_two_logs_counts_once(scripted: EvalLog, tmp_path: Path) -> None:
    first = real_log(scripted, tmp_path / "real.eval")
    again = tmp_path / "again.eval"
    again.write_bytes(first.read_bytes())

    assert fit_logs([first, again], assumptions()).turns[MODEL].episodes == 4


def test_logs_without_tokens_are_refused(scripted: EvalLog, tmp_path: Path) -> None:
    def change(number: int, sample: EvalSample) -> None:
        sample.model_usage = {}

    with pytest.raises(SuiteError, match="none of 4 episodes has a count of tokens"):
        fit_logs([real_log(scripted, tmp_path / "none.eval", change)], assumptions())


def test_a_scripted_judge_says_nothing_of_real_ones(scripted: EvalLog, tmp_path: Path) -> None:
    log = real_log(scripted, tmp_path / "judge.eval", judge="scripted/judge")

    assert fit_logs([log], assumptions()).judges is None
