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


FAULTS = {
    "no_tasks": ("tasks:", "task:", "tasks: Field required"),
    "quantity": ("memory: 8Gi", "memory: 8GB", "runner.memory: Value error, Invalid K8s quantity for 'memory': '8GB'."),
    "misspelt": ("turn_limit:", "turn_limits:", "Unknown config 'turn_limits' at top level"),
    "dropped": ("memory:", "memry:", "Ignoring unknown field 'memry' at runner"),
    "set_by_hawk": ("retry_attempts: 3", "max_samples: 5", "max_samples: Hawk sets this itself"),
    "refused": ("retry_attempts: 3", "model: openai/gpt-5", "file: Value error, Unknown top-level key(s) ['model']"),
}
"""What stands in the file, what takes its place, and how the fault begins."""


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), str(ROOT / "validators" / "check_hawk.py"), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def said_of_faults(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the check says of files with one fault each; their names are those of the faults."""
    text, folder = FILE.read_text(), tmp_path_factory.mktemp("hawk")
    for name, (old, new, _) in FAULTS.items():
        assert old in text
        (folder / f"{name}.yaml").write_text(text.replace(old, new, 1))
    result = check(*sorted(folder.iterdir()))
    assert result.returncode == 1, result.stderr
    return result.stdout


@needs_hawk
def test_the_file_is_valid() -> None:
    result = check(FILE)

    assert (result.returncode, result.stdout) == (0, f"{FILE}: valid for Hawk\n")


@needs_hawk
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named(said_of_faults: str, name: str) -> None:
    lines = [line.partition(f"{name}.yaml: ")[2] for line in said_of_faults.splitlines() if f"/{name}.yaml: " in line]

    assert any(line.startswith(FAULTS[name][2]) for line in lines), lines


def test_the_pinned_version_is_this_one() -> None:
    (package,) = yaml.safe_load(FILE.read_text())["tasks"]

    assert package["package"] == f"agentic-misalignment=={version('agentic-misalignment')}"


def test_the_limit_is_the_task_s_own() -> None:
    assert yaml.safe_load(FILE.read_text())["turn_limit"] == TURN_LIMIT
