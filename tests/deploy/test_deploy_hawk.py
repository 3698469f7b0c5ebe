"""The eval set for Hawk, against Hawk's own schema in an environment of its own."""

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from agentic_misalignment.limits import TURN_LIMIT

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "deploy" / "hawk.yaml"
PYTHON = ROOT / ".venv-validate" / "hawk" / "bin" / "python"
needs_hawk = pytest.mark.skipif(
    not PYTHON.exists(), reason="no .venv-validate/hawk: make validate makes it where there is Python 3.13"
)


def checked(file: Path) -> tuple[int, list[str]]:
    """Exit code and lines of the check."""
    command = [str(PYTHON), str(ROOT / "validators" / "check_hawk.py"), str(file)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, (result.stdout + result.stderr).splitlines()


@needs_hawk
def test_the_file_is_valid() -> None:
    assert checked(FILE) == (0, [f"{FILE}: valid for Hawk"])


@needs_hawk
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("tasks:", "task:", "tasks: Field required"),
        ("memory: 8Gi", "memory: 8GB", "runner.memory: Value error, Invalid K8s quantity for 'memory': '8GB'."),
        ("turn_limit:", "turn_limits:", "Unknown config 'turn_limits' at top level"),
        ("memory:", "memry:", "Ignoring unknown field 'memry' at runner"),
        ("retry_attempts: 3", "max_samples: 5", "max_samples: Hawk sets this itself"),
        ("retry_attempts: 3", "model: openai/gpt-5", "file: Value error, Unknown top-level key(s) ['model']"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = FILE.read_text()
    assert old in text
    broken = tmp_path / "hawk.yaml"
    broken.write_text(text.replace(old, new, 1))

    code, lines = checked(broken)
    assert code == 1
    assert any(line.startswith(fault) for line in lines), lines


def test_the_pinned_version_is_this_one() -> None:
    (package,) = yaml.safe_load(FILE.read_text())["tasks"]

    assert package["package"] == f"agentic-misalignment=={version('agentic-misalignment')}"


def test_the_limit_is_the_task_s_own() -> None:
    assert yaml.safe_load(FILE.read_text())["turn_limit"] == TURN_LIMIT
