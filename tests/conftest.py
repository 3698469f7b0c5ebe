"""What all tests share: no display, no cache outside the test, deterministic properties, evals in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.log import EvalLog

from agentic_misalignment.tasks import blackmail

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("repeatable")

RunEval = Callable[..., EvalLog]


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    # `none` shows nothing, but lays out the table of all metrics all the same, which takes longer than a short run
    monkeypatch.setenv("INSPECT_DISPLAY", "log")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def run_eval(tmp_path: Path) -> RunEval:
    """Run a task in this process and return its log."""

    def run(
        model: Any,
        *,
        task: Callable[..., Task] = blackmail,
        grader: Any = "scripted/judge",
        log_dir: Path | None = None,
        options: dict[str, Any] | None = None,
        **task_args: Any,
    ) -> EvalLog:
        logs = evaluate(
            task,
            model=model,
            model_roles={"grader": grader},
            task_args=task_args,
            log_dir=str(log_dir or tmp_path / "logs"),
            display="log",
            log_realtime=False,
            **(options or {}),
        )
        return logs[0]

    return run


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the number of seeds of the proofs over all conditions."""
    parser.addoption("--seeds", type=int, default=1, help="Seeds in which neighbouring conditions are compared.")


@pytest.fixture(scope="session")
def seeds(pytestconfig: pytest.Config) -> int:
    """How many seeds a proof covers."""
    return int(pytestconfig.getoption("--seeds"))
