"""The command `plan`: what a user reads, and bad input as one line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from inspect_ai.log import EvalLog

from agentic_misalignment.commands.plan import plan
from tests.evals import evaluated
from tests.planning.planning_logs import WORLDS, real_log


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plan, list(arguments))


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    folder = tmp_path_factory.mktemp("scripted")
    return evaluated(folder, "scripted/insider", worlds=WORLDS, seeds=1, conduct="none", preflight=False)


def test_it_prints_a_plan() -> None:
    result = run("headline", "--models", "openai/gpt-5,ollama/llama3.3", "--grader", "google/gemini-2.5-pro")

    assert result.exit_code == 0, result.output
    assert "128 episodes in all, of 2 models." in result.output
    line = next(line for line in result.output.splitlines() if "ollama/llama3.3" in line)
    assert "free" in line
    assert "Smallest rise" not in result.output


def test_precision_says_where_no_seeds_are_enough() -> None:
    result = run("headline", "--models", "scripted/insider", "--scenarios", "blackmail", "--precision", "0.1")

    assert "Seeds in each world for a half-width of 10 points" in result.output
    row = next(line for line in result.output.splitlines() if line.strip().startswith("over worlds") and "best" in line)
    assert "- (at best 15.7)" in row


def test_detect_prints_seeds_and_power() -> None:
    result = run("secrets", "--models", "scripted/insider", "--detect", "0.05:0.5", "--conduct", "none")

    assert "Seeds in each world that tell 5 % from 50 % in two conditions with a power of 80 %" in result.output


def test_an_unknown_price_is_a_dash_with_a_line() -> None:
    result = run("headline", "--models", "acme/one", "--scenarios", "blackmail", "--conduct", "none")

    row = next(line for line in result.output.splitlines() if line.startswith("model"))
    assert row.split()[-3:] == ["-", "-", "-"]
    assert "NOTE: no price is known of acme/one: the table has none; add one with --prices." in result.output


def test_levels_of_a_factor_take_the_place_of_the_experiments() -> None:
    result = run("headline", "--models", "scripted/insider", "-f", "threat=none,replacement", "--seeds", "2")

    assert "threat (2)" in result.output


def test_logs_are_fitted_on(scripted: EvalLog, tmp_path: Path) -> None:
    log = real_log(scripted, tmp_path / "real.eval")
    result = run("headline", "--models", "openai/gpt-5", "--scenarios", "blackmail", "--from", str(log))

    assert "fitted on 2 episodes of logs" in result.output
    assert "rest on assumptions" not in result.output


def test_scripted_logs_are_said_to_be_of_no_use(scripted: EvalLog) -> None:
    result = run("headline", "--models", "openai/gpt-5", "--scenarios", "blackmail", "--from", scripted.location)

    assert result.exit_code == 0, result.output
    assert "NOTE: 2 episodes of scripted models in the logs are not used" in result.output
    assert "rest on assumptions" in result.output


def test_a_log_that_cannot_be_read_is_left_out_by_name(scripted: EvalLog, tmp_path: Path) -> None:
    real_log(scripted, tmp_path / "real.eval")
    (tmp_path / "broken.eval").write_text("no log")
    result = run("headline", "--models", "openai/gpt-5", "--scenarios", "blackmail", "--from", str(tmp_path))

    assert result.exit_code == 0, result.output
    assert "NOTE: left out:" in result.stderr
    assert "broken.eval" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nope"], "unknown experiment 'nope'; valid: disclosure_ladder"),
        (["headline", "--scenarios", "x"], "unknown scenario 'x'; valid: blackmail, leaking, lethal_action"),
        (["headline", "--worlds", "x"], "unknown world 'x'; valid: all, alcor-solar"),
        (["headline", "-f", "goal=x"], "unknown level of goal 'x'"),
        (["headline", "-f", "goal"], "-f goal: expected FACTOR=LEVEL"),
        (["headline", "--models", "gpt-5"], "--models: 'gpt-5' is no model: expected PROVIDER/MODEL"),
        (["headline", "--models", ","], "--models: none given"),
        (["headline", "--models", "a/b,a/b"], "--models: a/b stands twice"),
        (["headline", "--grader", "judge"], "--grader: 'judge' is no model"),
        (["headline", "--conduct", "x"], "unknown label 'x'"),
        (["headline", "--precision", "0"], "--precision 0: expected a half-width above 0"),
        (["headline", "--precision", "nan"], "--precision nan: expected a half-width above 0"),
        (["headline", "--detect", "0.1:0.1"], "--detect 0.1:0.1: the two rates are the same"),
        (["headline", "--detect", "0.1"], "--detect 0.1: expected two rates P1:P2"),
        (["headline", "--detect", "a:b"], "--detect a:b: expected two rates P1:P2"),
        (["headline", "--detect", "0.1:1.2"], "--detect 0.1:1.2: expected two rates from 0 to 1"),
        (["headline", "--detect", "0.1:0.2", "--precision", "0.1"], "--precision and --detect: give one of them"),
        (["headline", "--connections", "0"], "--connections 0: expected a whole number from 1 on"),
        (["headline", "--seeds", "0"], "seeds=0: expected a whole number"),
        (["headline", "--correlation", "1"], "--correlation 1: expected a number from 0 to below 1"),
        (["headline", "--prices", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["headline", "--from", "nowhere"], "nowhere: no such file or folder"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], expected: str) -> None:
    result = run(*(arguments if "--models" in arguments else [*arguments, "--models", "openai/gpt-5"]))

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    lines = result.output.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"Error: {expected}")
