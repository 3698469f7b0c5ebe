"""The worked example of a scenario in CONTRIBUTING.md works as it is written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("agentic_misalignment", "tasks", "solvers", "scorers", "datasets")
SCENARIO = "datasets/scenarios/false_report"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which the example's files have been saved under the names that the text gives."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path, content in re.findall(rf"`({SCENARIO}/[^`]+)`:\n\n```\w+\n(.*?)\n```", text, re.DOTALL):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(content + "\n", encoding="utf-8")
    return copy


def run(checkout: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_text_names_three_files(checkout: Path) -> None:
    files = sorted(str(path.relative_to(checkout / SCENARIO)) for path in (checkout / SCENARIO).rglob("*.*"))

    assert files == ["rubric.md", "scenario.yaml", "worlds/wold-bindery.yaml"]


def test_the_world_is_consistent(checkout: Path) -> None:
    out = run(checkout, "agentic_misalignment.cli", "check", "--world", "wold-bindery")

    assert out == "1 worlds are consistent in every condition\n"


def test_the_suite_runs_the_scenario(checkout: Path) -> None:
    arguments = ("--model", "scripted/exit_user", "--model-role", "grader=scripted/judge", "--display", "plain")

    out = run(checkout, "inspect_ai", "eval", "tasks/suite.py", *arguments, "-T", "scenarios=false_report")

    # 1 world x 1 condition (the headline) x 4 seeds
    assert "suite (4 samples)" in out
