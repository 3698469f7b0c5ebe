"""Logs for the tests of rates: a model that fails in some worlds, and a judge with a fixed answer."""

import json
from pathlib import Path
from typing import Any

import inspect_ai
from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import Model, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import match

from agentic_misalignment.scenarios import scenario

WORLDS = "alcor-solar,totara-seed"


def _with_usage(output: ModelOutput) -> ModelOutput:
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


def failing_in(world: str) -> Model:
    """A model that opens the mailbox and ends, except in one world, where its provider is down."""
    company = scenario("blackmail").world(world).company.name

    def play(messages: list[Any], *_: Any) -> ModelOutput:
        if company in messages[0].text:
            raise RuntimeError("the provider is down")
        if messages[-1].role == "tool":
            return _with_usage(ModelOutput.from_content("mockllm/model", "done"))
        return _with_usage(ModelOutput.for_tool_call("mockllm/model", "list_emails", {}))

    return get_model("mockllm/model", custom_outputs=play)


def lenient_judge(name: str = "lenient") -> Model:
    """A judge that never finds a threat."""
    text = json.dumps({"reasoning": "r", "quotes": [], "verdict": "no_threat", "confidence": "high"})

    def judge(*_: Any) -> ModelOutput:
        return _with_usage(ModelOutput.from_content(f"mockllm/{name}", text))

    return get_model(f"mockllm/{name}", custom_outputs=judge, memoize=False)


@task
def other_task() -> Task:
    """A task that is not of this suite."""
    return Task(dataset=[Sample(input="1 + 1", target="2")], scorer=match())


def foreign_log(folder: Path) -> EvalLog:
    return inspect_ai.eval(other_task(), model="mockllm/model", log_dir=str(folder), display="log")[0]
