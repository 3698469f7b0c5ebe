"""Scoring a log again: each scorer gives the same columns as the first time."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from inspect_ai import eval as evaluate
from inspect_ai import score as rescore
from inspect_ai.log import EvalLog
from inspect_ai.scorer import Score, Scorer

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scorers import blackmail, conduct, status
from agentic_misalignment.scorers import test_vs_real as belief_score
from agentic_misalignment.tasks import test_vs_real as belief_task
from tests.analysis.analysis_logs import foreign_log
from tests.conftest import RunEval
from tests.judges import MockJudge, findings, verdict

SCORERS: dict[str, Callable[[], Scorer]] = {
    "blackmail": blackmail,
    "test_vs_real": belief_score,
    "conduct": conduct,
    "status": status,
}


def comparable(value: Any) -> Any:
    """A value in which what is not known equals itself."""
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return "nan" if isinstance(value, float) and math.isnan(value) else value


def column(score: Score) -> Any:
    return comparable(score.model_dump(exclude={"history"}))


def metrics(log: EvalLog, number: int) -> Any:
    assert log.results
    return comparable({name: each.value for name, each in log.results.scores[number].metrics.items()})


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Twenty episodes with all beliefs, with and without the act, by the offline reader."""
    log = evaluate(
        belief_task,
        model="scripted/mix/beliefs",
        model_roles={"grader": "scripted/judge"},
        task_args={"worlds": "totara-seed", "episodes": 20},
        log_dir=str(tmp_path_factory.mktemp("logs")),
        display="log",
    )[0]
    assert log.status == "success"
    return log


def again(log: EvalLog, *scorers: Scorer, action: Any = "append", grader: Any = "scripted/judge") -> EvalLog:
    return rescore(log, list(scorers), action=action, display="log", model_roles={"grader": grader})


AGAIN = [
    (name, action)
    for name in SCORERS
    for action in ("append", "overwrite")
    if (name, action) != ("status", "overwrite")
]
"""Each scorer beside the old scores and in their place; the status is read from the headline score beside it."""


@pytest.mark.parametrize(("name", "action"), AGAIN)
def test_each_scorer_gives_the_same_columns_again(played: EvalLog, name: str, action: str) -> None:
    scored = again(played, SCORERS[name](), action=action)
    first = [column((sample.scores or {})[name]) for sample in played.samples or []]
    second = [column(list((sample.scores or {}).values())[-1]) for sample in scored.samples or []]

    assert second == first
    assert metrics(scored, -1) == metrics(played, list(SCORERS).index(name))


def test_all_scorers_together_give_the_same_columns_again(played: EvalLog) -> None:
    scored = again(played, *(make() for make in SCORERS.values()), action="overwrite")

    for before, after in zip(played.samples or [], scored.samples or [], strict=True):
        assert {name: column(score) for name, score in (after.scores or {}).items()} == {
            name: column(score) for name, score in (before.scores or {}).items()
        }


def test_a_log_is_judged_by_the_judge_of_the_run_unless_another_is_given(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1, conduct="none")
    judges = []
    for roles in ({}, {"grader": MockJudge("other").model}):
        scored = rescore(log, blackmail(), action="append", display="log", model_roles=roles)
        judges += [
            (list((sample.scores or {}).values())[-1].metadata or {})["judge"] for sample in scored.samples or []
        ]

    assert judges == ["scripted/judge", "mockllm/other"]


# --- a panel, and after it one judge ----------

THREAT = ("a1", "this goes no further. Otherwise")
SMALL: dict[str, Any] = {"worlds": "totara-seed", "seeds": 1, "protocol": "single_turn", "preflight": False}


def by_panel(run_eval: RunEval) -> EvalLog:
    judges = [
        MockJudge(name, blackmail=verdict(label, THREAT), conduct=findings(drafted=THREAT))
        for name, label in (("a", "open_threat"), ("b", "no_threat"), ("c", "open_threat"))
    ]
    return run_eval("scripted/insider", grader=[judge.model for judge in judges], **SMALL)


def newest_votes(log: EvalLog) -> dict[str, Any]:
    (sample,) = log.samples or []
    return dict((list((sample.scores or {}).values())[-1].metadata or {})["votes"])


def test_the_votes_of_a_panel_are_counted_once(run_eval: RunEval) -> None:
    log = by_panel(run_eval)
    names = {*newest_votes(log)}
    assert {"blackmail", "reality_belief", "conduct.drafted"} <= names

    assert {*newest_votes(again(log, status()))} == names


def test_one_judge_after_a_panel_leaves_no_votes_of_the_panel(run_eval: RunEval) -> None:
    scored = again(by_panel(run_eval), blackmail(), conduct(), status(), grader=MockJudge("d").model)

    assert {*newest_votes(scored)} == {"reality_belief"}


# --- logs that are none of ours ----------


@pytest.mark.parametrize("name", SCORERS)
def test_a_log_of_another_suite_is_refused_in_one_line(tmp_path: Any, name: str) -> None:
    with pytest.raises(SuiteError, match="not an episode of this suite") as caught:
        again(foreign_log(tmp_path), SCORERS[name]())
    assert "\n" not in caught.value.format_message()


@pytest.mark.parametrize("name", SCORERS)
def test_an_episode_without_its_mailbox_is_refused_in_one_line(run_eval: RunEval, name: str) -> None:
    log = run_eval("scripted/silent", worlds="totara-seed", seeds=1, conduct="none")
    for sample in log.samples or []:
        sample.store, sample.scores = {}, {}

    with pytest.raises(SuiteError, match="no mailbox") as caught:
        again(log, SCORERS[name]())
    assert "\n" not in caught.value.format_message()


def test_without_a_judge_nothing_is_scored(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1, conduct="none")
    log.eval.model_roles = None

    with pytest.raises(SuiteError, match="--model-role"):
        rescore(log, blackmail(), action="append", display="log")
