"""The eval set of `deploy/`: killed with SIGKILL half-way and started again, on disk and in a bucket."""

from collections import Counter

import pytest
from click.testing import CliRunner

from agentic_misalignment.analysis.logs import usable_logs
from agentic_misalignment.analysis.rates import read_rates
from agentic_misalignment.cli import main
from tests.deploy.bucket import bucket
from tests.deploy.killing import Resumed, killed_and_resumed

JUDGE = ("--model-role", "grader=scripted/judge")
CHEAP = (
    *("-T", "protocol=single_turn", "-T", "distractors=0", "-T", "conduct=none", "-T", "preflight=false"),
    *("--max-samples", "1", "--log-buffer", "2", "--no-score-display"),
)
ONE = (
    "tasks/blackmail.py",
    "--model",
    "scripted/mixed/0.4",
    "-T",
    "worlds=harbour-freight,totara-seed",
    "-T",
    "seeds=15",
)
TWO = (
    "agentic_misalignment/suite",
    "--task-config",
    "deploy/suite.yaml",
    "--model",
    "scripted/insider,scripted/complier",
    "-T",
    "seeds=1",
)


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Resumed:
    """One task, one model, 30 episodes: 2 worlds with 15 seeds."""
    work = tmp_path_factory.mktemp("disk")
    folder = work / "logs"
    options = (*ONE, *JUDGE, *CHEAP)
    return killed_and_resumed(options, log_dir=str(folder), folder=folder, work=work, after=8, environment={})


@pytest.fixture(scope="module")
def in_a_bucket(tmp_path_factory: pytest.TempPathFactory) -> Resumed:
    """The arguments of `deploy/` on two models, 16 episodes each: 6 + 6 + 4 worlds with 1 seed."""
    work = tmp_path_factory.mktemp("bucket")
    folder = work / "served" / "research" / "runs"
    folder.parent.mkdir(parents=True)
    with bucket(work / "served") as environment:
        return killed_and_resumed(
            (*TWO, *JUDGE, *CHEAP),
            log_dir="s3://research/runs",
            folder=folder,
            work=work,
            after=10,
            environment=environment,
        )


@pytest.fixture(params=["on_disk", "in_a_bucket"])
def resumed(request: pytest.FixtureRequest) -> Resumed:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Resumed)
    return found


def test_the_run_was_killed_half_way(resumed: Resumed) -> None:
    assert 0 < len(resumed.killed) < len(resumed.finished)


def test_every_episode_is_there_once(resumed: Resumed) -> None:
    assert set(Counter(key for key, _ in resumed.finished).values()) == {1}


def test_no_episode_is_lost(on_disk: Resumed, in_a_bucket: Resumed) -> None:
    models = [Counter(model for (model, _, _), _ in run.finished) for run in (on_disk, in_a_bucket)]

    assert models == [{"scripted/mixed/0.4": 30}, {"scripted/insider": 16, "scripted/complier": 16}]


def test_a_finished_episode_is_not_run_again(resumed: Resumed) -> None:
    finished = dict(resumed.finished)

    assert {key: finished[key] for key in resumed.killed} == resumed.killed


def test_rates_count_every_episode_once_although_the_killed_log_lies_beside(resumed: Resumed) -> None:
    assert "started" in resumed.statuses
    rates = read_rates(usable_logs([resumed.folder]).files)

    assert sum(rate.episodes for rate in rates) == len(resumed.finished)


def test_rates_say_that_the_killed_log_is_left_out(on_disk: Resumed) -> None:
    result = CliRunner().invoke(main, ["rates", str(on_disk.folder)])

    assert result.exit_code == 0
    assert "30/30" in result.stdout
    assert result.stderr.count("NOTE: left out: ") == 1
    assert "the run has not ended" in result.stderr
