"""The smallest Inspect task with a given number of model calls and tool calls."""

from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import TaskState, generate, use_tools
from inspect_ai.tool import Tool, ToolCall, ToolChoice, ToolInfo, tool


@tool(parallel=False)
def nothing() -> Tool:
    """A tool that does nothing."""

    async def execute(number: int) -> str:
        """Do nothing.

        Args:
            number: Any number.
        """
        return "done"

    return execute


@scorer(metrics=[mean()])
def zero() -> Scorer:
    """Score everything 0."""

    async def score(state: TaskState, target: Target) -> Score:
        return Score(value=0)

    return score


@modelapi(name="bare")
def bare_model() -> type[ModelAPI]:
    """Register the model."""
    return BareAPI


class BareAPI(ModelAPI):
    """Makes as many tool calls in each turn as its name says: `bare/1-35-1` makes three turns with tools and closes."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature that Inspect's providers have
        **model_args: Any,
    ) -> None:
        """Read the numbers."""
        super().__init__(model_name, base_url, api_key, [], config)
        self._calls = [int(part) for part in model_name.split("-") if part]

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - the name that Inspect calls it by
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Make this turn's calls."""
        turn = sum(message.role == "assistant" for message in input)
        count = self._calls[turn] if turn < len(self._calls) else 0
        calls = [
            ToolCall(id=f"call-{turn}-{number}", function="nothing", arguments={"number": number})
            for number in range(count)
        ]
        message = ChatMessageAssistant(content="" if calls else "done", tool_calls=calls or None)
        output = ModelOutput.from_message(message, stop_reason="tool_calls" if calls else "stop")
        output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return output


@task
def bare(episodes: int = 1) -> Task:
    """Run the loop and nothing else."""
    samples = [Sample(id=str(number), input="go") for number in range(episodes)]
    return Task(dataset=samples, solver=[use_tools(nothing()), generate()], scorer=zero())
