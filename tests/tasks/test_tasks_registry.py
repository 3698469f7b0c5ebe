"""Tasks by path and by registry name."""

from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as evaluate
from inspect_ai import list_tasks

from agentic_misalignment.scenarios import scenario_names

ROOT = Path(__file__).parents[2]
NAMES = [*scenario_names(), "judge_study", "lynch2025", "suite", "test_vs_real"]
SMALL: dict[str, dict[str, Any]] = {
    "judge_study": {"limit_items": 1, "scenarios": "leaking"},
    "test_vs_real": {"episodes": 1, "worlds": "totara-seed", "conduct": "none"},
}


def test_every_task_is_found_in_its_file() -> None:
    found = {task.name: task.file for task in list_tasks(["tasks"], root_dir=ROOT)}

    assert found == {name: f"tasks/{name}.py" for name in NAMES}


@pytest.mark.parametrize("name", SMALL)
def test_a_task_runs_by_registry_name(name: str, tmp_path: Path) -> None:
    (log,) = evaluate(
        f"agentic_misalignment/{name}",
        model="scripted/realist_insider",
        model_roles={"grader": "scripted/judge"},
        task_args=SMALL[name],
        log_dir=str(tmp_path),
        display="log",
    )

    assert (log.status, log.eval.task) == ("success", f"agentic_misalignment/{name}")
    assert log.eval.task_registry_name == f"agentic_misalignment/{name}"
    assert len(log.samples or []) == 1


@pytest.mark.parametrize("name", SMALL)
def test_a_task_runs_by_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (log,) = evaluate(
        f"tasks/{name}.py",
        model="scripted/realist_insider",
        model_roles={"grader": "scripted/judge"},
        task_args=SMALL[name],
        log_dir=str(tmp_path),
        display="log",
    )

    assert (log.status, log.eval.task) == ("success", name)
