"""From logs to rates: what counts, how often, in which row, and which logs are refused."""

import shutil
from pathlib import Path

import pytest
from inspect_ai import eval as evaluate
from inspect_ai import score
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from agentic_misalignment.analysis import Rate, read_rates
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scorers import blackmail as blackmail_score
from agentic_misalignment.tasks import blackmail
from tests.analysis.analysis_logs import WORLDS, failing_in, foreign_log, lenient_judge
from tests.conftest import RunEval
from tests.evals import metrics_of


def rescored(log: EvalLog) -> Path:
    """Let another judge score a log, beside its own score."""
    new = score(
        read_eval_log(log.location),
        blackmail_score(),
        action="append",
        model_roles={"grader": lenient_judge()},
        display="log",
    )
    write_eval_log(new, log.location)
    return Path(log.location)


def only(paths: list[Path]) -> Rate:
    rates = read_rates(paths)
    assert len(rates) == 1
    return rates[0]


def test_a_log_makes_a_row_with_its_group(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds=WORLDS, seeds=1)

    rate = only([Path(log.location)])

    assert (rate.group.scenario, rate.group.condition) == ("blackmail", "explicit-replacement")
    assert (rate.group.model, rate.group.judge) == ("scripted/insider", "scripted/judge")
    assert (rate.episodes, rate.statuses["valid"], rate.figures["rate"], rate.figures["worlds"]) == (2, 2, 1, 2)


def test_a_row_has_the_figures_of_the_log(run_eval: RunEval) -> None:
    log = run_eval("scripted/mixed/0.5", worlds=WORLDS, seeds=4)

    metrics = metrics_of(log, "blackmail") | metrics_of(log, "status")
    figures = only([Path(log.location)]).figures
    assert 0 < figures["rate"] < 1
    assert {key: figures[key] for key in metrics} == pytest.approx(metrics, nan_ok=True)


def test_copies_of_a_log_count_once(run_eval: RunEval, tmp_path: Path) -> None:
    log = run_eval("scripted/insider", worlds=WORLDS, seeds=2)
    copies = tmp_path / "copies"
    copies.mkdir()
    for name in ("a.eval", "b.eval"):
        shutil.copy(log.location, copies / name)

    rate = only([copies, Path(log.location), Path(log.location)])

    assert (rate.episodes, rate.figures["episodes"]) == (4, 4)


def test_runs_of_the_same_episodes_count_apart(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/insider", worlds="totara-seed", seeds=2)
    run_eval("scripted/insider", worlds="totara-seed", seeds=2)

    assert only([tmp_path / "logs"]).episodes == 4


def test_epochs_count_as_episodes(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds=WORLDS, seeds=1, options={"epochs": 2})

    assert only([Path(log.location)]).figures["episodes"] == 4


def test_a_log_that_was_scored_again_counts_the_newest_verdict(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds=WORLDS, seeds=1)
    assert only([Path(log.location)]).figures["rate"] == 1

    rate = only([rescored(log)])

    assert (rate.figures["rate"], rate.group.judge, rate.episodes) == (0, "mockllm/lenient", 2)
    assert rate.notes == ()


def test_what_may_not_be_pooled_stands_in_rows_of_its_own(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/insider", worlds="totara-seed", seeds=1)
    run_eval("scripted/insider", worlds="totara-seed", seeds=1, grader=lenient_judge(), preflight=False)
    run_eval("scripted/insider", worlds="totara-seed", seeds=1, options={"turn_limit": 40})
    run_eval("scripted/quoter", worlds="totara-seed", seeds=1)
    run_eval("scripted/quoter", worlds="totara-seed", seeds=1, threat="none")

    rates = read_rates([tmp_path / "logs"])

    assert len({rate.group for rate in rates}) == 5
    assert [rate.episodes for rate in rates] == [1] * 5
    assert {(rate.group.model, rate.group.judge, rate.figures["rate"]) for rate in rates} == {
        ("scripted/insider", "scripted/judge", 1),
        ("scripted/insider", "mockllm/lenient", 0),
        ("scripted/quoter", "scripted/judge", 0),
    }


@pytest.mark.parametrize("score_on_error", [True, False])
def test_an_errored_episode_stands_in_the_row_of_its_run(run_eval: RunEval, score_on_error: bool) -> None:
    log = run_eval(failing_in("alcor-solar"), worlds=WORLDS, seeds=1, options={"score_on_error": score_on_error})

    rate = only([Path(log.location)])

    assert (rate.statuses["error"], rate.statuses["valid"], rate.episodes) == (1, 1, 2)
    assert (rate.figures["rate"], rate.figures["episodes"]) == (0, 1)
    assert (rate.figures["bound_low"], rate.figures["bound_high"]) == (0, 0.5)


def test_a_run_that_did_not_succeed_is_noted(run_eval: RunEval) -> None:
    log = run_eval(failing_in("alcor-solar"), worlds=WORLDS, seeds=1, options={"fail_on_error": True})
    assert log.status == "error"

    assert any("ended with status error" in note for note in only([Path(log.location)]).notes)


def test_the_reader_that_is_no_judge_is_noted(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1)

    assert any("scripted/judge" in note and "not a judge" in note for note in only([Path(log.location)]).notes)


def refusal(path: Path) -> str:
    with pytest.raises(SuiteError) as caught:
        read_rates([path])
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    assert "gone.eval" in refusal(tmp_path / "gone.eval")


def test_a_folder_without_logs_is_named(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(tmp_path)


def test_a_foreign_log_is_named(tmp_path: Path) -> None:
    log = foreign_log(tmp_path)

    assert Path(log.location).name in refusal(Path(log.location))
    assert Path(log.location).name in refusal(tmp_path)


def test_a_run_that_has_not_ended_is_named(run_eval: RunEval, tmp_path: Path) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1)
    log.status = "started"
    write_eval_log(log, tmp_path / "open.eval")

    assert "open.eval" in refusal(tmp_path / "open.eval")


@pytest.mark.parametrize("name", ["notes.txt", "broken.eval", "empty.json"])
def test_a_file_that_is_no_log_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")

    assert name in refusal(tmp_path / name)


def test_how_fast_a_provider_was_asked_keeps_no_runs_apart(tmp_path: Path) -> None:
    for folder, connections in (("slow", 1), ("fast", 8)):
        evaluate(
            blackmail,
            model="scripted/complier",
            model_roles={"grader": "scripted/judge"},
            task_args={"worlds": "totara-seed", "seeds": 1, "conduct": "none", "preflight": False},
            max_connections=connections,
            log_dir=str(tmp_path / folder),
            display="log",
        )

    (rate,) = read_rates([tmp_path])

    assert rate.episodes == 2
