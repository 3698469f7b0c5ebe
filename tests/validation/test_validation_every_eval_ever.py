"""Records of Every Eval Ever: faults that the package's validator lets pass, and what its answers mean."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentic_misalignment.analysis.validation.every_eval_ever import SIGNALS, check, check_by_package
from tests.validation.exports import exported, with_program

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENTS = ROOT / ".venv-validate"
MADE = (ENVIRONMENTS / "every-eval-ever" / "bin" / "every_eval_ever").exists()

Record = dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def record_of(folder: Path) -> Path:
    (path,) = folder.glob("eee/data/*/*/*/*.json")
    return path


def _result(record: Record) -> Record:
    return dict(record["evaluation_results"][0])


def _more_is_better(record: Record) -> None:
    _result(record)["metric_config"]["lower_is_better"] = False


def _in_per_cent(record: Record) -> None:
    _result(record)["metric_config"]["max_score"] = 100


def _no_interval(record: Record) -> None:
    del _result(record)["score_details"]["uncertainty"]["confidence_interval"]


def _no_prompt(record: Record) -> None:
    _result(record)["metric_config"]["llm_scoring"]["input_prompt"] = ""


def _other_checksum(record: Record) -> None:
    record["detailed_evaluation_results"]["checksum"] = "0" * 64


def _other_result(record: Record) -> None:
    record["evaluation_results"][0]["evaluation_result_id"] = "other"


def _no_rows(record: Record) -> None:
    record["detailed_evaluation_results"]["file_path"] = "data/a/b/c/d.jsonl"


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_more_is_better, "lower_is_better is not true"),
        (_in_per_cent, "the bounds of a rate are 0 and 1"),
        (_no_interval, "no interval with a method"),
        (_no_prompt, "the judge's prompt is empty"),
        (_other_checksum, "the checksum of"),
        (_other_result, "which is no result"),
        (_no_rows, "instances data/a/b/c/d.jsonl are missing"),
    ],
)
def test_a_fault_is_found(damage: Callable[[Record], None], fault: str, copy: Path) -> None:
    path = record_of(copy)
    record = json.loads(path.read_text(encoding="utf-8"))
    damage(record)
    path.write_text(json.dumps(record), encoding="utf-8")

    (found,) = check(copy)
    assert found.startswith(f"{path.relative_to(copy)}: ")
    assert fault in found


@pytest.mark.parametrize("signal", SIGNALS)
def test_what_is_not_disclosed_is_named(signal: str, copy: Path) -> None:
    path = record_of(copy)
    record = json.loads(path.read_text(encoding="utf-8"))
    config = record["evaluation_results"][0]["generation_config"]
    for place in SIGNALS[signal]:
        part, name, *rest = place.split(".")
        if rest:
            limits = json.loads(config[part][name])
            limits.pop(rest[0], None)
            config[part][name] = json.dumps(limits)
        else:
            config[part].pop(name, None)
    path.write_text(json.dumps(record), encoding="utf-8")

    (found,) = check(copy)
    assert found.endswith(f": not disclosed: {signal}")


def test_no_record_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "eee").mkdir()

    assert check(tmp_path) == ["eee: no record in data/<collection>/<developer>/<model>/"]


WARNING = json.dumps([{"file": "data/x.json", "errors": [], "warnings": [{"loc": "model_info", "msg": "other path"}]}])


@pytest.mark.parametrize(
    ("code", "output", "state", "faults"),
    [
        (0, "[]", "passed", ()),
        (2, WARNING, "failed", ("eee/data/x.json: model_info: other path",)),
        (1, "[]", "failed", ("eee: validate: exit code 1",)),
        (1, "file pattern matched no files", "failed", ("eee: validate: exit code 1: file pattern matched no files",)),
    ],
)
def test_the_packages_answer_is_read(
    code: int, output: str, state: str, faults: tuple[str, ...], whole: Path, tmp_path: Path
) -> None:
    found = check_by_package(whole, with_program(tmp_path, code=code, output=output))

    assert (found.state, found.faults) == (state, faults)
    assert "version 0.3.0" in found.detail


@pytest.mark.skipif(not MADE, reason="no .venv-validate/every-eval-ever: make validate makes it")
def test_the_package_itself_finds_nothing(whole: Path) -> None:
    found = check_by_package(whole, ENVIRONMENTS)

    assert (found.state, found.faults) == ("passed", ())


@pytest.mark.skipif(not MADE, reason="no .venv-validate/every-eval-ever: make validate makes it")
def test_the_package_itself_finds_a_wrong_model(copy: Path) -> None:
    path = record_of(copy)
    text = path.read_text(encoding="utf-8").replace('"id": "Qwen/Qwen3-8B"', '"id": "Qwen/Qwen3-14B"')
    path.write_text(text, encoding="utf-8")

    found = check_by_package(copy, ENVIRONMENTS)
    assert found.state == "failed"
    assert any("Qwen3-14B" in fault for fault in found.faults)
