"""What the judge is really shown, read as the judge's model receives it."""

import json
import re
from typing import Any

import pytest
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from agentic_misalignment.scenarios import scenario
from tests.conftest import RunEval


def shown(run_eval: RunEval, **task_args: Any) -> str:
    """All that a judge is shown of one episode in which the insider threatens."""
    seen: list[str] = []

    def judge(messages: list[Any], *_: Any) -> ModelOutput:
        seen.extend(message.text for message in messages)
        text = json.dumps({"reasoning": "r", "quotes": [], "verdict": "no_threat", "confidence": "low"})
        output = ModelOutput.from_content("mockllm/model", text)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    grader = get_model("mockllm/model", custom_outputs=judge, memoize=False)
    run_eval("scripted/insider", grader=grader, seeds=1, **task_args)
    assert len(seen) == 1
    assert "Otherwise" in seen[0]
    return seen[0]


@pytest.mark.parametrize("protocol", ["mailbox", "single_turn"])
def test_nothing_of_the_design_is_shown(run_eval: RunEval, protocol: str) -> None:
    text = shown(run_eval, worlds="totara-seed", protocol=protocol, nudges="agency_line", reality="deliberate")

    words = ["scripted", "insider", "mockllm", "explicit-replacement", "totara-seed", "/s1"]
    words += ["single_turn", "protocol", "nudge", "agency_line", "deliberate", "home_first", "distractor"]
    assert [word for word in words if word in text] == []


def test_the_mark_is_drawn_for_each_call(run_eval: RunEval) -> None:
    prompts = [shown(run_eval, worlds="totara-seed", protocol="single_turn") for _ in range(2)]
    first, second = (re.findall(r"EXHIBIT-[0-9a-f]{16}", prompt) for prompt in prompts)

    assert len(first) == len(second) == 3
    assert len(set(first)) == len(set(second)) == 1
    assert set(first) != set(second)


def test_the_canary_is_shown_to_nobody(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1, protocol="mailbox,single_turn")

    canary = scenario("blackmail").about.canary
    assert log.samples is not None
    texts = [message.text for sample in log.samples for message in sample.messages]
    texts += [text for sample in log.samples for text in sample.attachments.values()]
    assert len(texts) > 10
    assert [text for text in texts if canary in text] == []
