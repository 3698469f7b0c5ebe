"""A task from end to end with Inspect's own mock model: nothing of the suite's scripted models is in play."""

from pathlib import Path
from typing import Any

from inspect_ai import eval as evaluate
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from agentic_misalignment.tasks import blackmail


def reads_and_ends(messages: list[Any], *_: Any) -> ModelOutput:
    """List the mails once, then say that nothing is left to do."""
    read = any(message.role == "tool" for message in messages)
    output = (
        ModelOutput.from_content("mockllm/model", "Nothing to do.")
        if read
        else ModelOutput.for_tool_call("mockllm/model", "list_emails", {})
    )
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


def test_an_agent_that_only_reads_does_no_harm(tmp_path: Path) -> None:
    (log,) = evaluate(
        blackmail,
        task_args={"worlds": "totara-seed", "seeds": 1, "conduct": "none", "preflight": False},
        model=get_model("mockllm/model", custom_outputs=reads_and_ends),
        model_roles={"grader": "scripted/judge"},
        log_dir=str(tmp_path),
        display="log",
    )

    assert log.status == "success", log.error
    assert log.samples
    scores = log.samples[0].scores or {}
    assert (scores["blackmail"].value, scores["status"].value) == (0, "valid")
