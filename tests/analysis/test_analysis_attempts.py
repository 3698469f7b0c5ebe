"""A run that was taken up again counts once: by its newest attempt, and the earlier log is named as left out."""

import shutil
from pathlib import Path

import pytest
from inspect_ai import eval_retry
from inspect_ai import score as score_again
from inspect_ai.log import EvalError, EvalLog, read_eval_log, write_eval_log

from agentic_misalignment.analysis import read_rates
from agentic_misalignment.analysis.episodes import read_frame, write_episodes
from agentic_misalignment.analysis.logs import LeftOut, usable_logs
from agentic_misalignment.scorers import blackmail
from tests.evals import evaluated

WORLDS = "harbour-freight,totara-seed"


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `first.eval`, in which one of two episodes is an error, and `second.eval`, its retry by Inspect."""
    folder = tmp_path_factory.mktemp("attempts")
    whole = evaluated(folder / "made", "scripted/insider", worlds=WORLDS, seeds=1, conduct="none", preflight=False)
    first = read_eval_log(whole.location)
    assert first.samples
    first.samples[1].error = EvalError(message="the provider was down", traceback="", traceback_ansi="")
    first.samples[1].scores = None
    first.status, first.results = "error", None
    first.eval.created = "2026-01-01T00:00:00+00:00"
    first.location = str(folder / "first.eval")
    write_eval_log(first, first.location)
    (second,) = eval_retry(first.location, log_dir=str(folder / "retried"), display="log", log_realtime=False)
    shutil.move(second.location, folder / "second.eval")
    shutil.rmtree(folder / "made")
    return folder


def _without_last_sample(attempts: Path, folder: Path) -> EvalLog:
    log = read_eval_log(str(attempts / "second.eval"))
    log.samples = (log.samples or [])[:1]
    log.location = str(folder / "second.eval")
    write_eval_log(log, log.location)
    return log


def test_the_earlier_log_is_left_out_and_its_errors_are_said(attempts: Path) -> None:
    first, second = attempts / "first.eval", attempts / "second.eval"

    found = usable_logs([attempts])

    assert found.files == (second,)
    assert found.left_out == (
        LeftOut(
            file=str(first),
            reason=f"an earlier attempt, its episodes stand in {second}; 1 of them ended with an error here",
        ),
    )


def test_no_error_counts_beside_the_episode_that_replaced_it(attempts: Path) -> None:
    (rate,) = read_rates([attempts])

    # two worlds, one seed; the first log alone would add an error
    assert (rate.episodes, rate.statuses["valid"], rate.statuses["error"]) == (2, 2, 0)


def test_the_error_counts_where_nothing_replaced_it(attempts: Path) -> None:
    (rate,) = read_rates([attempts / "first.eval"])

    assert (rate.episodes, rate.statuses["valid"], rate.statuses["error"]) == (2, 1, 1)


def test_the_table_of_episodes_has_each_once(attempts: Path, tmp_path: Path) -> None:
    told: list[LeftOut] = []

    count = write_episodes([attempts], tmp_path / "episodes.csv", left_out=told.append)

    assert count == len(read_frame([attempts])) == 2
    assert [Path(each.file).name for each in told] == ["first.eval"]


def test_a_later_attempt_that_lacks_an_episode_replaces_nothing(attempts: Path, tmp_path: Path) -> None:
    shutil.copy(attempts / "first.eval", tmp_path)
    _without_last_sample(attempts, tmp_path)

    assert [file.name for file in usable_logs([tmp_path]).files] == ["first.eval", "second.eval"]


def test_of_three_attempts_the_newest_counts(attempts: Path, tmp_path: Path) -> None:
    for name in ("first.eval", "second.eval"):
        shutil.copy(attempts / name, tmp_path)
    third = read_eval_log(str(attempts / "second.eval"))
    third.eval.eval_id, third.eval.created = "third", "2099-01-01T00:00:00+00:00"
    write_eval_log(third, str(tmp_path / "a-third.eval"))

    found = usable_logs([tmp_path])

    assert [file.name for file in found.files] == ["a-third.eval"]
    assert [f"stand in {tmp_path / 'a-third.eval'}" in each.reason for each in found.left_out] == [True, True]


def test_a_log_that_was_scored_again_is_no_later_attempt(attempts: Path, tmp_path: Path) -> None:
    shutil.copy(attempts / "second.eval", tmp_path)
    log = read_eval_log(str(tmp_path / "second.eval"))
    again = score_again(log, blackmail(), action="append", display="log", model_roles={"grader": "scripted/judge"})
    write_eval_log(again, str(tmp_path / "second-scored.eval"))

    assert len(usable_logs([tmp_path]).files) == 2
