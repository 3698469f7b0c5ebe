"""Recorded episodes played again by Inspect alone: the same texts, tools and scores, no mailbox, worlds or judging.

What such a run costs is what Inspect takes for the content of an episode; the harness itself can cost no less.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    get_model,
    modelapi,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import TaskState, generate, use_tools
from inspect_ai.tool import Tool, ToolChoice, ToolDef, ToolInfo

from agentic_misalignment.solvers import mailbox_tools

_RECORDED: list[EvalSample] = []


def record(samples: Sequence[EvalSample]) -> None:
    """Set the episodes that are played."""
    _RECORDED[:] = samples


@modelapi(name="replay")
def replay_model() -> type[ModelAPI]:
    """Register the model."""
    return ReplayAPI


class ReplayAPI(ModelAPI):
    """Says what was said at the same place of a recorded episode."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature that Inspect's providers have
        **model_args: Any,
    ) -> None:
        """Index the recorded outputs by the text of the request and the turn."""
        super().__init__(model_name, base_url, api_key, [], config)
        self._said: dict[tuple[str, int], ChatMessageAssistant] = {}
        for sample in _RECORDED:
            for event in sample.events:
                if isinstance(event, ModelEvent) and event.output.choices:
                    self._said[_place(event.input)] = event.output.message

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - the name that Inspect calls it by
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Give the recorded output."""
        said = self._said[_place(input)]
        message = ChatMessageAssistant(content=said.content, tool_calls=said.tool_calls)
        output = ModelOutput.from_message(message, stop_reason="tool_calls" if said.tool_calls else "stop")
        output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return output


def _place(messages: Sequence[ChatMessage]) -> tuple[str, int]:
    opening = "".join(message.text for message in messages if message.role in ("system", "user"))
    return opening, sum(message.role == "assistant" for message in messages)


def _tools() -> list[Tool]:
    """Return the tools of the mailbox by name, text and parameters; each gives the recorded result."""
    results: dict[str, dict[str, str]] = defaultdict(dict)
    for sample in _RECORDED:
        calls = {
            call.id: call
            for message in sample.messages
            if isinstance(message, ChatMessageAssistant)
            for call in message.tool_calls or []
        }
        for message in sample.messages:
            if message.role == "tool" and message.tool_call_id in calls:
                call = calls[message.tool_call_id]
                results[call.function][_key(call.arguments)] = message.text
    return [_tool(ToolDef(each), results) for each in mailbox_tools()]


def _tool(definition: ToolDef, results: dict[str, dict[str, str]]) -> Tool:
    async def execute(**arguments: Any) -> str:
        known = results[definition.name]
        return known.get(_key(arguments)) or next(iter(known.values()))

    return ToolDef(
        execute, definition.name, definition.description, definition.parameters, parallel=definition.parallel
    ).as_tool()


def _key(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments, sort_keys=True)


@scorer(metrics=[mean()])
def recorded(name: str) -> Scorer:
    """Ask the judge what it was asked in the recorded episode, and give the score that it got."""
    grader = get_model("replay/judge")
    asked: dict[str, list[ModelEvent]] = defaultdict(list)
    scores: dict[str, Score] = {}
    for sample in _RECORDED:
        events = [event for event in sample.events if isinstance(event, ModelEvent) and event.role == "grader"]
        place = list(sample.scores or {}).index(name)
        asked[str(sample.metadata["world"])] = events[place : place + 1]
        scores[str(sample.metadata["world"])] = (sample.scores or {})[name]

    async def score(state: TaskState, target: Target) -> Score:
        world = str(state.metadata["world"])
        for event in asked[world]:
            await grader.generate(event.input, config=event.config)
        kept = scores[world]
        return Score(value=0, answer=kept.answer, explanation=kept.explanation, metadata=kept.metadata)

    return score


@task
def replay(episodes: int = 1) -> Task:
    """Play the recorded episodes, each as often as it takes."""
    samples = [
        Sample(id=str(number), input=_opening(one), metadata=one.metadata)
        for number, one in enumerate(islice(cycle(_RECORDED), episodes))
    ]
    scorers: list[Callable[..., Any]] = [recorded(name) for name in _RECORDED[0].scores or {}]
    return Task(dataset=samples, solver=[use_tools(_tools()), generate()], scorer=scorers)


def _opening(sample: EvalSample) -> list[ChatMessage]:
    return sample.input if isinstance(sample.input, list) else []
