"""The command `compare`."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agentic_misalignment.commands.compare import compare
from tests.evals import evaluated

QUICK: dict[str, Any] = {"worlds": "alcor-solar,totara-seed", "seeds": 1, "conduct": "none", "preflight": False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("logs")
    for policy in ("insider", "complier"):
        evaluated(found, f"scripted/{policy}", **QUICK)
    return found


def ran(*args: object) -> Result:
    return CliRunner().invoke(compare, [str(arg) for arg in args])


def test_two_models_of_a_folder(folder: Path) -> None:
    result = ran(folder, "--a-model", "scripted/complier", "--b-model", "scripted/insider")
    assert result.exit_code == 0
    assert "blackmail  explicit-replacement  0 % (0/2)  100 % (2/2)  2      2       +100.0" in result.output
    assert result.stderr == ""


def test_an_unknown_adjustment_names_the_valid_ones(folder: Path) -> None:
    result = ran(folder, "--adjust", "fdr")
    assert result.exit_code == 2
    assert "'holm', 'none'" in result.output


def test_the_same_logs_without_a_choice_are_one_line(folder: Path) -> None:
    result = ran(folder, folder)
    assert result.exit_code == 1
    assert result.output == (
        "Error: A and B have 4 episodes in common: give two runs, or choose. --a-model and --b-model choose among "
        "scripted/complier, scripted/insider; --a-judge and --b-judge among scripted/judge\n"
    )


def test_a_log_that_cannot_be_read_is_named_and_left_out(folder: Path, tmp_path: Path) -> None:
    for file in folder.glob("*.eval"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "broken.eval").write_text("{}")
    result = ran(tmp_path, "--a-model", "scripted/complier", "--b-model", "scripted/insider")
    assert result.exit_code == 0
    assert result.stderr.startswith("NOTE: left out: ")
    assert result.stderr.count("broken.eval") == 1


def test_a_missing_path_is_one_line(folder: Path, tmp_path: Path) -> None:
    result = ran(folder, tmp_path / "gone")
    assert result.exit_code == 1
    assert "gone: no such file or folder" in result.output
    assert result.output.count("\n") == 1
