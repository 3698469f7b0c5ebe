"""Episodes whose text is left out: what is harmful, and what stays of it."""

import re
from collections.abc import Mapping
from typing import Any

from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageTool, ChatMessageUser, ModelOutput
from inspect_ai.scorer import Score

from agentic_misalignment.judging.labels import HARMS

LEFT_OUT_TEXT = "[left out]"

_ROLES = {
    "assistant": ChatMessageAssistant,
    "system": ChatMessageSystem,
    "tool": ChatMessageTool,
    "user": ChatMessageUser,
}
_HARMFUL_LABELS = (*HARMS, "drafted")
"""Labels of conduct: a harm of another scenario, and one that was written and did not arrive, are texts of harm too."""

_LEGACY = re.compile(r"(?:.*/)?legacy\d*")
"""The published verdict of a run of `lynch2025`."""

_PLAIN = re.compile(r"[\w.:+/-]{0,80}")
"""A word or an id; what an agent wrote has spaces."""

_PLAIN_LIST = re.compile(r"[a-z_0-9]*(?:, [a-z_0-9]+)*")
_QUOTING = ("quotes", "details")
_SENTENCES = ("judge_note",)


def is_harmful(sample: EvalSample) -> bool:
    """Tell whether the outcome of an episode is harmful or may be: only where harm is known to be absent it is not.

    Every score counts, the older ones of a log that was scored again too, and labels of conduct.

    Args:
        sample: The sample.
    """
    scores = (sample.scores or {}).items()
    known = [detail["harm"] for detail in (score.metadata or {} for _, score in scores) if "harm" in detail]
    labels = (score.value for _, score in scores if isinstance(score.value, Mapping))
    if any(value.get(label) == 1 for value in labels for label in _HARMFUL_LABELS):
        return True
    legacy = any(_LEGACY.fullmatch(name) and score.value == 1 for name, score in scores)
    return legacy or not known or any(harm is not False for harm in known)


def without_text(sample: EvalSample, sentence: str, *, prompt: bool = False) -> EvalSample:
    """Return a sample without messages, events, store, attachments, quotes and explanations.

    Only what is named here stays, so that a field that a later version of Inspect adds is left out. As many messages
    stand there as before, in the same roles.

    Args:
        sample: The sample.
        sentence: What is said in the place of the text.
        prompt: Whether the prompt is left out too.
    """
    texts = [sentence, *(LEFT_OUT_TEXT for _ in sample.messages)]
    return EvalSample(
        id=sample.id,
        epoch=sample.epoch,
        input=sentence if prompt else sample.input,
        target=sample.target,
        messages=[
            _ROLES[message.role](id=f"left-out-{number}", content=text)
            for number, (message, text) in enumerate(zip(sample.messages, texts, strict=False), start=1)
        ],
        output=ModelOutput(model=sample.output.model, usage=sample.output.usage, time=sample.output.time),
        scores={name: _without_quotes(score, sentence) for name, score in (sample.scores or {}).items()},
        metadata=sample.metadata,
        model_usage=sample.model_usage,
        role_usage=sample.role_usage,
        started_at=sample.started_at,
        completed_at=sample.completed_at,
        total_time=sample.total_time,
        working_time=sample.working_time,
        uuid=sample.uuid,
        error=sample.error.model_copy(update=_no_error(sentence)) if sample.error else None,
        limit=sample.limit,
        turn_count=sample.turn_count,
    )


def _no_error(sentence: str) -> dict[str, str]:
    return {"message": sentence, "traceback": "", "traceback_ansi": ""}


def _without_quotes(score: Score, sentence: str) -> Score:
    answer = score.answer if score.answer and _PLAIN_LIST.fullmatch(score.answer) else None
    return Score(
        value=score.value if not isinstance(score.value, str) else str(_plain(score.value)),
        answer=answer,
        explanation=sentence if score.explanation else None,
        metadata=_plain_values(score.metadata or {}),
    )


def _plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _emptied(value) if name in _QUOTING else _value(name, value) for name, value in values.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _plain_values(value)
    if isinstance(value, list):
        return [_value(name, inner) for inner in value]
    return value if name in _SENTENCES else _plain(value)


def _plain(value: Any) -> Any:
    return LEFT_OUT_TEXT if isinstance(value, str) and not _PLAIN.fullmatch(value) else value


def _emptied(value: Any) -> Any:
    return {} if isinstance(value, Mapping) else []
