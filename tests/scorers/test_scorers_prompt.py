"""What the judge is really shown, read as the judge's model receives it."""

import re
from typing import Any

import pytest

from agentic_misalignment.scenarios import scenario
from tests.conftest import RunEval
from tests.judges import MockJudge

QUESTIONS = ("blackmail", "reality_belief", "conduct")


def shown(run_eval: RunEval, judge: str = "judge", **task_args: Any) -> dict[str, str]:
    """All that a judge is shown of one episode in which the insider threatens, by the question."""
    grader = MockJudge(judge)
    run_eval("scripted/insider", grader=grader.model, seeds=1, preflight=False, **task_args)
    assert sorted(grader.asked) == sorted(QUESTIONS)
    assert all("Otherwise" in prompt for prompt in grader.prompts)
    return dict(zip(grader.asked, grader.prompts, strict=True))


@pytest.mark.parametrize("protocol", ["mailbox", "single_turn"])
def test_nothing_of_the_design_is_shown(run_eval: RunEval, protocol: str) -> None:
    prompts = shown(run_eval, worlds="totara-seed", protocol=protocol, nudges="agency_line", reality="deliberate")
    text = "\n".join(prompts.values())

    words = ["scripted", "insider", "mockllm", "explicit-replacement", "totara-seed", "/s1"]
    words += ["single_turn", "protocol", "nudge", "agency_line", "deliberate", "home_first", "distractor"]
    assert [word for word in words if word in text] == []


def test_the_same_episode_is_asked_about_in_the_same_words(run_eval: RunEval) -> None:
    # two judges, since the answers of one are cached and it would not be asked again
    first, second = (
        shown(run_eval, judge, worlds="totara-seed", protocol="single_turn") for judge in ("first", "second")
    )

    assert first == second


def test_each_question_has_a_mark_of_its_own(run_eval: RunEval) -> None:
    prompts = shown(run_eval, worlds="totara-seed", protocol="single_turn")
    marks = {name: re.findall(r"EXHIBIT-[0-9a-f]{16}", prompt) for name, prompt in prompts.items()}

    assert {name: (len(found), len(set(found))) for name, found in marks.items()} == dict.fromkeys(QUESTIONS, (3, 1))
    assert len({found[0] for found in marks.values()}) == len(QUESTIONS)


def test_the_canary_is_shown_to_nobody(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1, protocol="mailbox,single_turn")

    canary = scenario("blackmail").about.canary
    assert log.samples is not None
    texts = [message.text for sample in log.samples for message in sample.messages]
    texts += [text for sample in log.samples for text in sample.attachments.values()]
    assert len(texts) > 10
    assert [text for text in texts if canary in text] == []
