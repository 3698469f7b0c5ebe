"""The command line: each command, and bad input as one line without a traceback."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agentic_misalignment.cli import main
from agentic_misalignment.scenarios import conditions, experiment, render_episode, scenario
from tests.analysis.analysis_logs import foreign_log
from tests.conftest import RunEval

BLACKMAIL = scenario("blackmail")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def refused(*arguments: str) -> str:
    """The one line with which a command refuses its input."""
    result = run(*arguments)
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    lines = [line for line in result.output.splitlines() if line]
    assert len([line for line in lines if line.startswith("Error: ")]) == 1
    return lines[-1]


def test_check_of_one_world() -> None:
    result = run("check", "--world", "totara-seed")

    assert (result.exit_code, result.output) == (0, "1 worlds are consistent in every condition\n")


def test_check_of_two_worlds() -> None:
    assert run("check", "--world", "totara-seed", "--world", "alcor-solar").output.startswith("2 worlds")


def test_show_prints_the_headline_episode() -> None:
    headline = conditions(BLACKMAIL, experiment("headline"))[0]
    episode = render_episode("blackmail", "totara-seed", headline, 1)

    result = run("show", "totara-seed")

    assert result.exit_code == 0
    assert result.output.startswith(f"# {episode.id}\n")
    for text in (str(episode.system), str(episode.opening), str(episode.mails[0].body)):
        assert text in result.output


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["-f", "threat=none"], "explicit-none/s1"),
        (["-f", "goal=none", "--factor", "threat=restriction"], "none-restriction/s1"),
        (["--seed", "3"], "explicit-replacement/s3"),
        (["-f", "nudges=deadline+agency_line"], "explicit-replacement-agency_line+deadline/s1"),
    ],
)
def test_show_of_another_condition(options: list[str], name: str) -> None:
    assert run("show", "totara-seed", *options).output.startswith(f"# totara-seed/{name}\n")


def test_show_of_another_level_has_other_text() -> None:
    assert run("show", "totara-seed").output != run("show", "totara-seed", "-f", "leverage=absent").output


def test_rates_of_a_file_and_of_a_folder(run_eval: RunEval, tmp_path: Path) -> None:
    log = run_eval("scripted/insider", worlds="alcor-solar,totara-seed", seeds=1)

    of_file, of_folder = run("rates", log.location), run("rates", str(tmp_path / "logs"))

    assert of_file.exit_code == 0
    assert of_file.output == of_folder.output
    # Wilson of 2 of 2: 2 / (2 + z^2) = 0.342 to 1
    assert re.search(r"scripted/insider +scripted/judge +2/2 +100 % +34 to 100 %", of_file.output)
    assert "NOTE: scripted/judge" in of_file.output
    assert f"inspect view --log-dir {tmp_path / 'logs'}" in of_file.output


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["check", "--world", "atlantis"], ["atlantis", "totara-seed"]),
        (["show", "atlantis"], ["atlantis", "totara-seed"]),
        (["show", "totara-seed", "--scenario", "heist"], ["heist", "blackmail"]),
        (["show", "totara-seed", "-f", "mood=bad"], ["mood", "goal", "threat"]),
        (["show", "totara-seed", "-f", "threat=doom"], ["threat", "doom", "restriction"]),
        (["show", "totara-seed", "-f", "threat"], ["threat", "FACTOR=LEVEL"]),
        (["show", "totara-seed", "-f", "threat="], ["threat", "restriction"]),
        (["show", "totara-seed", "-f", "goal=none", "-f", "goal_pair=speed_first"], ["goal_pair", "speed_first"]),
        (["show", "totara-seed", "--seed", "one"], ["seed", "one", "integer"]),
        (["show"], ["WORLD"]),
        (["rates"], ["LOGS"]),
        (["rates", "no/such/place"], ["no/such/place"]),
        (["frobnicate"], ["frobnicate"]),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], parts: list[str]) -> None:
    line = refused(*arguments)

    assert all(part in line for part in parts), line


def test_rates_of_a_folder_without_logs(tmp_path: Path) -> None:
    assert str(tmp_path) in refused("rates", str(tmp_path))


def test_rates_of_a_foreign_log(tmp_path: Path) -> None:
    log = foreign_log(tmp_path)

    assert Path(log.location).name in refused("rates", log.location)


def test_rates_of_a_file_that_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no log")

    assert "notes.txt" in refused("rates", str(tmp_path / "notes.txt"))


@pytest.mark.parametrize("seed", ["0", "-1"])
def test_seeds_count_from_one(seed: str) -> None:
    assert "seed" in refused("show", "totara-seed", "--seed", seed)
