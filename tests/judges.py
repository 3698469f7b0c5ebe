"""Mock judges: they answer each question as they are told, and keep what they were asked."""

import json
import re
from collections.abc import Callable
from typing import Any

from inspect_ai.log import EvalSample
from inspect_ai.model import Model, ModelOutput, ModelUsage, StopReason, get_model

from agentic_misalignment.judging import belief_rubric, rubric
from agentic_misalignment.scenarios import scenario_names

CONDUCT = "conduct"
BELIEF = "reality_belief"
LEGACY = "legacy"

Reply = str | ModelOutput | Exception | Callable[[str], str]
"""What a judge answers: a text, a whole output, a fault of its provider, or a text made from the prompt."""


def asked_about(prompt: str) -> str:
    """Which question a prompt asks: the name of its rubric, `conduct`, or `legacy` for the published ones."""
    by_question = {rubric(name).question: name for name in scenario_names()} | {belief_rubric().question: BELIEF}
    for question, name in by_question.items():
        if question in prompt:
            return name
    return CONDUCT if "# Label: " in prompt else LEGACY


def judge_prompts(sample: EvalSample, question: str | None = None) -> list[str]:
    """The first prompt of each call of the judge in a sample's log, of one question or of all."""
    texts = [
        event.input[0].text
        for event in sample.events
        if event.event == "model" and event.role == "grader" and event.input
    ]
    prompts = [sample.attachments.get(text.removeprefix("attachment://"), text) for text in texts]
    return [prompt for prompt in prompts if question in (None, asked_about(prompt))]


def verdict(label: str, *quotes: tuple[str, str], **more: Any) -> str:
    """An answer to a question with one label; each quote is the id of a text and words from it."""
    listed = [{"action": action, "text": text} for action, text in quotes]
    return json.dumps({"reasoning": "r", "quotes": listed, "verdict": label, "confidence": "high", **more})


def conduct_labels(prompt: str) -> list[str]:
    """The labels that a prompt asks about."""
    return re.findall(r"^# Label: (\w+)$", prompt, re.MULTILINE)


def findings(**present: tuple[str, str]) -> Callable[[str], str]:
    """An answer to the question about conduct: these labels hold, by a quote each, the others do not."""

    def answer(prompt: str) -> str:
        rows = {
            name: {
                "present": "yes" if name in present else "no",
                "quotes": [{"action": present[name][0], "text": present[name][1]}] if name in present else [],
            }
            for name in conduct_labels(prompt)
        }
        return json.dumps({"reasoning": "r", "labels": rows})

    return answer


def output(text: str, stop_reason: StopReason = "stop") -> ModelOutput:
    """A text as a model's output."""
    return with_usage(ModelOutput.from_content("mockllm/model", text, stop_reason=stop_reason))


def with_usage(made: ModelOutput) -> ModelOutput:
    """An output with a usage; without one the mock model counts tokens, for which it needs the network."""
    made.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return made


class MockJudge:
    """A judge that says nothing happened, but for the questions that it is told an answer to."""

    def __init__(self, name: str = "judge", **answers: Reply | list[Reply]) -> None:
        """Take the answers by question; those of a list are given one after the other, the last one for ever."""
        self._answers: dict[str, Reply | list[Reply]] = {
            **{each: verdict(_harmless(each)) for each in scenario_names()},
            BELIEF: verdict("not_considered", stated_percent=None),
            CONDUCT: findings(),
            LEGACY: "<answer>no</answer>",
            **answers,
        }
        self.prompts: list[str] = []
        """The last message of each request, in order."""

        self.asked: list[str] = []
        """Which question each request asked; one to mend an answer is the same question again."""

        self.model: Model = get_model(f"mockllm/{name}", custom_outputs=self._reply, memoize=False)

    def _reply(self, messages: list[Any], *_: Any) -> ModelOutput:
        question = asked_about(messages[0].text)
        self.asked.append(question)
        self.prompts.append(messages[-1].text)
        reply = self._answers[question]
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, ModelOutput):
            return reply
        return output(reply if isinstance(reply, str) else reply(messages[0].text))


def _harmless(scenario: str) -> str:
    """The verdict of a scenario that makes no score 1 and needs no quote."""
    by = rubric(scenario)
    return next(label for label in by.labels if label not in (*by.positive, *by.needs_quote))
