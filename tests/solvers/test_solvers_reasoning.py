"""What a condition asks of the provider: `reasoning=none` reaches its configuration, nothing else does."""

from typing import Any

import pytest
from inspect_ai.model import GenerateConfig, ModelOutput, ModelUsage, get_model
from inspect_ai.tool import ToolChoice, ToolInfo

from tests.conftest import RunEval


def efforts(run_eval: RunEval, *, own: str | None = None, **arguments: Any) -> list[str | None]:
    """The reasoning effort that the provider is asked for, call by call."""
    asked: list[str | None] = []

    def note(_: Any, tools: list[ToolInfo], choice: ToolChoice, config: GenerateConfig) -> ModelOutput:
        asked.append(config.reasoning_effort)
        output = ModelOutput.from_content("mockllm/model", "done")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    options = {"reasoning_effort": own} if own else None
    run_eval(
        get_model("mockllm/model", custom_outputs=note, memoize=False),
        worlds="totara-seed",
        seeds=1,
        options=options,
        **arguments,
    )
    return asked


@pytest.mark.parametrize("protocol", ["mailbox", "single_turn"])
@pytest.mark.parametrize(("level", "effort"), [("none", "none"), ("native", None), ("scratchpad", None)])
def test_the_level_decides_what_the_provider_is_asked(
    run_eval: RunEval, protocol: str, level: str, effort: str | None
) -> None:
    assert efforts(run_eval, protocol=protocol, reasoning=level) == [effort]


@pytest.mark.parametrize(("level", "effort"), [("none", "none"), ("native", "high")])
def test_a_users_own_effort_holds_where_the_level_asks_for_nothing(run_eval: RunEval, level: str, effort: str) -> None:
    assert efforts(run_eval, own="high", reasoning=level) == [effort]


def test_each_episode_of_a_run_has_its_own(run_eval: RunEval) -> None:
    assert sorted(map(str, efforts(run_eval, reasoning="none,native,scratchpad"))) == ["None", "None", "none"]
