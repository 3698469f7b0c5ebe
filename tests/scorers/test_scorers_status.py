"""The status of a log that was scored again."""

from typing import Any

from inspect_ai import score
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from agentic_misalignment.scorers import blackmail, status
from tests.conftest import RunEval


def mute(*_: Any) -> ModelOutput:
    output = ModelOutput.from_content("mockllm/model", "")
    output.usage = ModelUsage(input_tokens=1, output_tokens=0, total_tokens=1)
    return output


def test_status_follows_the_newest_headline_score(run_eval: RunEval) -> None:
    first = run_eval("scripted/insider", worlds="totara-seed", seeds=1)
    grader = {"grader": get_model("mockllm/model", custom_outputs=mute)}

    again = score(first, blackmail(), action="append", model_roles=grader, display="log")
    last = score(again, status(), action="append", model_roles=grader, display="log")

    # the first judge found the threat; the second answers nothing, so the episode is unscored by it
    assert last.samples is not None
    scores = last.samples[0].scores or {}
    assert [scores["status"].value, scores["status1"].value] == ["valid", "unscored"]
