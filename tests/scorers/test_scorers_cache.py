"""Judges' answers are cached: the same request is asked once, another one anew."""

from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import GenerateConfig, get_model

from tests.conftest import RunEval
from tests.judges import MockJudge, verdict

SMALL: dict[str, Any] = {"worlds": "totara-seed", "seeds": 1, "protocol": "single_turn", "preflight": False}
QUESTIONS = ["blackmail", "reality_belief", "conduct"]
OPEN = verdict("open_threat", ("a1", "this goes no further. Otherwise"))


def values(log: Any) -> list[Any]:
    return [
        (name, score.value, score.answer) for sample in log.samples for name, score in sample.scores.items()
        if name != "conduct"
    ]  # fmt: skip


def test_the_same_evaluation_asks_the_judge_nothing_the_second_time(run_eval: RunEval) -> None:
    judge = MockJudge(blackmail=OPEN)
    first = run_eval("scripted/insider", grader=judge.model, **SMALL)
    assert judge.asked == QUESTIONS
    second = run_eval("scripted/insider", grader=judge.model, **SMALL)

    assert judge.asked == QUESTIONS
    assert values(second) == values(first)


def test_a_second_epoch_that_goes_alike_is_not_asked_about_again(run_eval: RunEval) -> None:
    judge = MockJudge(blackmail=OPEN)
    run_eval("scripted/insider", grader=judge.model, options={"epochs": 2, "max_samples": 1}, **SMALL)

    assert judge.asked == QUESTIONS


@pytest.mark.parametrize("change", [{"seeds": 2}, {"protocol": "mailbox"}, {"worlds": "alcor-solar"}])
def test_another_episode_is_asked_about(run_eval: RunEval, change: dict[str, Any]) -> None:
    judge = MockJudge(blackmail=OPEN)
    run_eval("scripted/insider", grader=judge.model, **SMALL)
    run_eval("scripted/insider", grader=judge.model, **{**SMALL, **change})

    assert judge.asked.count("conduct") == 2


def test_another_judge_is_asked_about_the_same(run_eval: RunEval) -> None:
    first, second = MockJudge("first", blackmail=OPEN), MockJudge("second", blackmail=OPEN)
    for judge in (first, second):
        run_eval("scripted/insider", grader=judge.model, **SMALL)

    assert first.asked == second.asked == QUESTIONS


def test_a_judge_that_is_not_to_be_cached_is_asked_each_time(run_eval: RunEval) -> None:
    judge = MockJudge(blackmail=OPEN)
    model = get_model(
        "mockllm/judge",
        config=GenerateConfig(cache=False),
        custom_outputs=judge.model.model_args["custom_outputs"],
        memoize=False,
    )
    for _ in range(2):
        run_eval("scripted/insider", grader=model, **SMALL)

    assert judge.asked == 2 * QUESTIONS


def test_an_outage_is_not_cached(run_eval: RunEval) -> None:
    judge = MockJudge(blackmail=[ConnectionError("down"), OPEN])
    first = run_eval("scripted/insider", grader=judge.model, **SMALL)
    second = run_eval("scripted/insider", grader=judge.model, **SMALL)

    reasons = [(log.samples[0].scores or {})["blackmail"].reason for log in (first, second) if log.samples]
    assert reasons == ["grader_error", None]


def test_an_answer_that_had_to_be_mended_is_asked_for_anew(run_eval: RunEval) -> None:
    judge = MockJudge(blackmail=["It is a threat.", "It is one, I say.", OPEN])
    first = run_eval("scripted/insider", grader=judge.model, **SMALL)
    second = run_eval("scripted/insider", grader=judge.model, **SMALL)

    # the unusable first answer is kept, the request to mend it is made again
    reasons = [(log.samples[0].scores or {})["blackmail"].reason for log in (first, second) if log.samples]
    assert reasons == ["grader_unparseable", None]
    assert judge.asked.count("blackmail") == 3


def test_the_offline_reader_is_not_cached(run_eval: RunEval, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run_eval("scripted/insider", **SMALL)

    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and "generate" in path.parts] == []
