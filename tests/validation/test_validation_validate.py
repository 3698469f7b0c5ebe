"""`validate`: what it prints, its exit codes, and one line with the file for each kind of damage."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agentic_misalignment.analysis.validation import VALIDATORS, validate
from agentic_misalignment.commands.validate import validate as command
from tests.validation.exports import exported, with_program


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """An environment whose validator finds nothing."""
    return with_program(tmp_path / "environments", code=0, output="[]")


def run(folder: Path, environments: Path) -> Result:
    return CliRunner().invoke(command, [str(folder), "--environments", str(environments)])


def faults_in(result: Result) -> list[str]:
    return [line for line in result.stdout.splitlines() if line.startswith("FAULT: ")]


def states_in(result: Result) -> dict[str, str]:
    rows = [re.split(r"\s{2,}", line) for line in result.stdout.splitlines() if not line.startswith(("FAULT", "-"))]
    return {row[0]: row[1] for row in rows[1:]}


def test_everything_passes(whole: Path, clean: Path) -> None:
    result = run(whole, clean)

    assert result.exit_code == 0, result.stdout
    assert states_in(result) == {
        "readable": "passed",
        "checksums": "passed",
        "results": "absent",
        "figures": "absent",
        "register": "absent",
        "bundle": "absent",
        "every_eval_ever": "passed",
        "hub": "passed",
        "croissant": "passed",
        "every_eval_ever validate": "passed",
    }


def test_a_missing_environment_is_said_and_has_its_own_exit_code(whole: Path, tmp_path: Path) -> None:
    result = run(whole, tmp_path)

    assert result.exit_code == 2
    assert states_in(result)["every_eval_ever validate"] == "not run"
    assert f"no every_eval_ever in {tmp_path / 'every-eval-ever'}; make validate makes it" in result.stdout


def test_a_part_that_is_not_there_is_absent(copy: Path, tmp_path: Path) -> None:
    shutil.rmtree(copy / "eee")
    states = states_in(run(copy, tmp_path))

    assert states["every_eval_ever validate"] == states["every_eval_ever"] == "absent"


@pytest.mark.parametrize("made", [lambda path: None, Path.mkdir, Path.touch], ids=["nothing", "empty", "file"])
def test_what_is_no_export_is_refused_in_one_line(made: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    made(folder)
    result = run(folder, tmp_path)

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Error: {folder}: ")
    assert "agentic-misalignment export" in line


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.rglob(pattern)
    return path


def _no_json(folder: Path) -> str:
    path = folder / "hub" / "dataset" / "croissant.json"
    path.write_text("{", encoding="utf-8")
    return f"readable: {path.relative_to(folder)}: not JSON: "


def _no_json_line(folder: Path) -> str:
    path = one(folder, "*_samples.jsonl")
    path.write_text(path.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    return f"readable: {path.relative_to(folder)}: not JSON lines: .* in line 3"


def _no_text(folder: Path) -> str:
    (folder / "hub" / "dataset" / "eval.yaml").write_bytes(b"\xff\xfe")
    return "readable: hub/dataset/eval.yaml: not a text in UTF-8"


def _tampered(folder: Path) -> str:
    path = one(folder, "eee/**/[0-9a-f]*-[0-9a-f]*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    record["evaluation_results"][0]["score_details"]["score"] = 0.0
    path.write_text(json.dumps(record), encoding="utf-8")
    return f"checksums: {path.relative_to(folder)}"


def _missing(folder: Path) -> str:
    (folder / "hub" / "dataset" / "eval.yaml").unlink()
    return "checksums: hub/dataset/eval.yaml"


def _added(folder: Path) -> str:
    (folder / "stray.txt").write_text("not listed", encoding="utf-8")
    return "checksums: stray.txt"


@pytest.mark.parametrize("damage", [_no_json, _no_json_line, _no_text, _tampered, _missing, _added])
def test_damage_is_one_fault_with_the_file(damage: Callable[[Path], str], copy: Path, clean: Path) -> None:
    fault = damage(copy)
    result = run(copy, clean)

    assert result.exit_code == 1
    assert [line for line in faults_in(result) if re.match(f"FAULT: {fault}", line)], result.stdout


def test_a_validator_of_what_cannot_be_read_is_not_run(copy: Path, clean: Path) -> None:
    _no_json(copy)
    result = run(copy, clean)

    assert states_in(result)["croissant"] == "not run"
    assert "hub/dataset/croissant.json cannot be read" in result.stdout


def test_the_function_returns_what_the_command_prints(whole: Path, tmp_path: Path) -> None:
    checks = validate(whole, environments=tmp_path)

    assert {check.name: check.state for check in checks} == states_in(run(whole, tmp_path))


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda validator: str(validator.name))
def test_every_validator_stands_in_the_page(validator: object) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "validate.md").read_text(encoding="utf-8")

    assert f"| `{getattr(validator, 'name', None)}` |" in page


def test_a_validator_that_stumbles_over_damage_fails_and_the_others_are_heard(copy: Path, clean: Path) -> None:
    (copy / "hub" / "dataset" / "README.md").write_text("---\nconfigs: 3\n---\n", encoding="utf-8")

    result = run(copy, clean)

    assert result.exit_code == 1
    assert states_in(result)["croissant"] == "passed"
    assert "FAULT: checksums: hub/dataset/README.md: changed since the export" in faults_in(result)
    assert any(fault.startswith("FAULT: hub: hub: cannot be checked: TypeError") for fault in faults_in(result))
