"""The same code works five ways: by path, by registry name from a wheel, own solver, rescoring, library."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

from tests.analysis.analysis_logs import foreign_log

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
SMALL = ("--model-role", "grader=scripted/judge", "-T", "worlds=harbour-freight", "-T", "seeds=1", "--display", "plain")


def run(command: Sequence[str], *, cwd: Path, path: Path | None = None) -> str:
    environment = {**os.environ, **({"PYTHONPATH": str(path)} if path else {})}
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def inspect(*arguments: str, cwd: Path = ROOT, path: Path | None = None) -> str:
    return run([str(BIN / "inspect"), *arguments], cwd=cwd, path=path)


def only_log(folder: Path) -> EvalLog:
    logs = list_eval_logs(str(folder))
    assert len(logs) == 1
    return read_eval_log(logs[0])


def rate(log: EvalLog) -> float:
    assert log.status == "success"
    assert log.results is not None
    return {score.name: score.metrics for score in log.results.scores}["blackmail"]["rate"].value


@pytest.fixture(scope="module")
def wheel_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it with its metadata, as an installation does."""
    built = tmp_path_factory.mktemp("dist")
    site = tmp_path_factory.mktemp("installed") / "site-packages"  # Inspect knows a package by this name
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT)], cwd=built)
    wheel = str(next(built.glob("*.whl")))
    run([sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", str(site), wheel], cwd=built)
    return site


def test_by_path_in_a_checkout(tmp_path: Path) -> None:
    inspect("eval", "tasks/blackmail.py", "--model", "scripted/insider", *SMALL, "--log-dir", str(tmp_path))

    log = only_log(tmp_path)
    assert (log.eval.task, rate(log)) == ("blackmail", 1)


def test_by_registry_name_from_a_wheel_in_another_folder(wheel_folder: Path, tmp_path: Path) -> None:
    inspect(
        "eval", "agentic_misalignment/blackmail", "--model", "scripted/insider", *SMALL, cwd=tmp_path, path=wheel_folder
    )

    log = only_log(tmp_path / "logs")
    assert (log.eval.task, rate(log)) == ("agentic_misalignment/blackmail", 1)
    assert (log.eval.metadata or {})["commit"] is None  # so it was the wheel and not the checkout


def test_with_a_solver_of_the_user(tmp_path: Path) -> None:
    solver = tmp_path / "mine.py"
    solver.write_text(
        "from inspect_ai.agent import react, as_solver\n"
        "from inspect_ai.solver import Solver, solver\n"
        "from agentic_misalignment.solvers import mailbox_tools\n\n\n"
        "@solver\n"
        "def mine() -> Solver:\n"
        "    return as_solver(react(prompt=None, tools=mailbox_tools(), submit=False))\n"
    )
    inspect(
        "eval",
        "tasks/blackmail.py",
        "--solver",
        f"{solver}@mine",
        "--model",
        "scripted/insider",
        *SMALL,
        "--log-dir",
        str(tmp_path / "logs"),
    )

    log = only_log(tmp_path / "logs")
    assert (log.eval.solver, rate(log)) == (f"{solver}@mine", 1)


def test_with_one_of_our_solvers_by_path(tmp_path: Path) -> None:
    solver = "solvers/mailbox_agent.py@mailbox_agent"
    inspect(
        "eval",
        "tasks/blackmail.py",
        "--solver",
        solver,
        "--model",
        "scripted/planner",
        *SMALL,
        "--log-dir",
        str(tmp_path),
    )

    assert rate(only_log(tmp_path)) == 0


@pytest.fixture(scope="module")
def old_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of one episode."""
    folder = tmp_path_factory.mktemp("old")
    inspect("eval", "tasks/blackmail.py", "--model", "scripted/realist_insider", *SMALL, "--log-dir", str(folder))
    return next(folder.glob("*.eval"))


def rescored(log: Path, name: str) -> list[str]:
    scorer = f"scorers/{name}.py@{name}"
    judge = ("--model-role", "grader=scripted/judge")
    return ["score", str(log), "--scorer", scorer, *judge, "--action", "overwrite", "--overwrite", "--display", "plain"]


@pytest.mark.parametrize("name", ["blackmail", "test_vs_real", "conduct"])
def test_rescoring_an_old_log_gives_the_same_columns(old_log: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copy(old_log, tmp_path))
    before = read_eval_log(str(copy))
    inspect(*rescored(copy, name))

    old, new = (log.samples[0].scores or {} for log in (before, read_eval_log(str(copy))) if log.samples)
    assert list(new) == [name]
    assert new[name] == old[name]


def test_a_log_of_another_suite_is_refused_in_one_line(tmp_path: Path) -> None:
    log = foreign_log(tmp_path)
    command = [str(BIN / "inspect"), *rescored(Path(log.location), "conduct")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    shown = (result.stdout + result.stderr).strip()
    assert result.returncode != 0
    assert shown == "Error: no mailbox in this sample's store: it is not an episode of this suite"


def test_library_from_the_wheel(wheel_folder: Path, tmp_path: Path) -> None:
    code = (
        "from agentic_misalignment import conditions, experiment, render_episode, scenario\n"
        "blackmail = scenario('blackmail')\n"
        "condition = conditions(blackmail, experiment('headline'))[0]\n"
        "episode = render_episode('blackmail', blackmail.worlds[0], condition, seed=1)\n"
        "print(len(blackmail.worlds), episode.id, len(episode.mailbox.items) > 24)\n"
    )

    out = run([sys.executable, "-c", code], cwd=tmp_path, path=wheel_folder)

    assert out.split() == ["6", "alcor-solar/explicit-replacement/s1", "True"]


def test_list_of_tasks_in_a_checkout() -> None:
    assert "tasks/blackmail.py@blackmail" in inspect("list", "tasks").split()


@pytest.mark.parametrize("parameter", ["threat=doom", "mood=bad", "seeds=some"])
def test_bad_parameter_on_the_command_line_shows_no_traceback(parameter: str, tmp_path: Path) -> None:
    command = [str(BIN / "inspect"), "eval", "tasks/blackmail.py", "--model", "scripted/insider", *SMALL[:2]]
    result = subprocess.run(
        [*command, "-T", parameter, "--log-dir", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    shown = result.stdout + result.stderr
    assert result.returncode != 0
    assert "Traceback" not in shown
    assert parameter.partition("=")[0] in shown
    assert list(tmp_path.iterdir()) == []
