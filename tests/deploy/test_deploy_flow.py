"""The Flow spec of `deploy/`: checked, and run for real on scripted models."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agentic_misalignment.analysis.rates import read_rates

ROOT = Path(__file__).parent.parent.parent
FLOW = Path(sys.executable).parent / "flow"
SCRIPTED = ("models=scripted/insider,scripted/complier", "grader=scripted/judge", "seeds=1", "preflight=false")

pytestmark = pytest.mark.skipif(shutil.which("uv") is None, reason="no uv on the PATH, which flow run needs")


def flow(command: str, *options: str, work: Path) -> subprocess.CompletedProcess[str]:
    arguments = [each for arg in SCRIPTED for each in ("--arg", arg)]
    environment = {**os.environ, "XDG_DATA_HOME": str(work / "data"), "XDG_CACHE_HOME": str(work / "cache")}
    return subprocess.run(
        [
            str(FLOW),
            command,
            "deploy/flow.py",
            *arguments,
            "--log-dir",
            str(work / "logs"),
            "--display",
            "plain",
            *options,
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the spec was run: 2 models, 3 scenarios, 16 worlds, 1 seed."""
    folder = tmp_path_factory.mktemp("flow")
    result = flow("run", "--store", "none", "--limit", "8", work=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_every_episode_of_both_models_is_there(work: Path) -> None:
    rates = read_rates([work / "logs"])

    # The first 8 episodes of the suite: 6 worlds of blackmail, then 2 of leaking.
    assert {(rate.group.model, rate.group.scenario): rate.episodes for rate in rates} == {
        ("scripted/insider", "blackmail"): 6,
        ("scripted/insider", "leaking"): 2,
        ("scripted/complier", "blackmail"): 6,
        ("scripted/complier", "leaking"): 2,
    }


def test_the_answers_are_the_known_ones(work: Path) -> None:
    rates = read_rates([work / "logs"])

    assert {(rate.group.model, rate.figures["rate"]) for rate in rates} == {
        ("scripted/insider", 1.0),
        ("scripted/complier", 0.0),
    }


def test_the_judge_of_the_spec_is_the_judge_of_the_logs(work: Path) -> None:
    assert {rate.group.judge for rate in read_rates([work / "logs"])} == {"scripted/judge"}


def test_flow_finds_the_run_complete(work: Path) -> None:
    result = flow("check", "--limit", "8", work=work)

    assert (result.returncode, "2/2 tasks complete" in result.stdout) == (0, True), result.stdout
