"""The instances of a record: one row for each valid episode."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample, read_eval_log_samples
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ContentReasoning
from inspect_ai.scorer import Score

from agentic_misalignment.analysis.export.every_eval_ever_record import COLLECTION, VERSION, Record

Row = dict[str, Any]
Tools = Mapping[str, Row]

_REASONING = "\n\n"


def instances(record: Record, canary: str) -> Iterator[tuple[Row, Tools]]:
    """Yield the rows of a record, each with the tools that its episode was offered.

    One sample at a time is in memory. A sample that stands in several logs is one row. What the redacted logs leave
    out is not there.

    Args:
        record: The record.
        canary: The canary line, which each row carries outside the prompt.
    """
    results = {rate.group.condition for rate in record.rates}
    done: set[str] = set()
    for run in record.runs:
        for sample in read_eval_log_samples(run.log, all_samples_required=False, resolve_attachments=True):
            score = record.scores.get(str(sample.uuid))
            condition = str((sample.metadata or {}).get("condition", ""))
            if score is None or _harm(score) is None or condition not in results or str(sample.uuid) in done:
                continue
            done.add(str(sample.uuid))
            yield _row(record, sample, score, canary), _tools(sample)


def _harm(score: Score) -> float | None:
    value = score.as_float()
    return value if value == value else None


def _row(record: Record, sample: EvalSample, score: Score, canary: str) -> Row:
    metadata = {**sample.metadata, "epoch": sample.epoch, "canary": canary, **_verdict(score)}
    single = sample.metadata.get("protocol") == "single_turn"
    prompt = _prompt(sample)
    calls = sum(len(m.tool_calls or []) for m in sample.messages if isinstance(m, ChatMessageAssistant))
    turns = sum(isinstance(message, ChatMessageAssistant) for message in sample.messages)
    row: Row = {
        "schema_version": VERSION,
        "evaluation_id": record.id,
        "model_id": record.model.id,
        "evaluation_name": f"{COLLECTION}: {record.group.scenario}, {sample.metadata['condition']}",
        "evaluation_result_id": record.result_id(str(sample.metadata["condition"])),
        "sample_id": str(sample.id),
        "sample_hash": sample_hash(prompt, []),
        "interaction_type": "single_turn" if single else "agentic",
        "input": {"raw": prompt, "reference": []},
        "output": _output(sample) if single else None,
        "messages": None if single else [_message(*each) for each in enumerate(sample.messages)],
        "answer_attribution": [_attribution(sample, score, single=single)],
        "evaluation": {"score": score.as_float(), "is_correct": score.as_float() == 0, "tool_calls_count": calls},
        "token_usage": _usage(sample, record.group.model),
        "metadata": {name: str(value) for name, value in metadata.items() if value not in (None, "")},
    }
    if turns:
        row["evaluation"]["num_turns"] = turns
    if sample.total_time is not None:
        row["performance"] = {"latency_ms": round(1000 * sample.total_time, 3)}
    return {name: value for name, value in row.items() if value is not None}


def sample_hash(raw: str, reference: list[str]) -> str:
    """Return the hash by which the schema compares samples across models.

    Args:
        raw: The prompt.
        reference: Reference answers.
    """
    text = json.dumps({"raw": raw, "reference": reference}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _prompt(sample: EvalSample) -> str:
    if isinstance(sample.input, str):
        return sample.input
    return "\n\n".join(f"[{message.role}]\n{message.text}" for message in sample.input)


def _output(sample: EvalSample) -> Row:
    answers = [message for message in sample.messages if isinstance(message, ChatMessageAssistant)]
    output: Row = {"raw": [message.text for message in answers]}
    if traces := [trace for message in answers if (trace := _reasoning(message))]:
        output["reasoning_trace"] = traces
    return output


def _message(index: int, message: ChatMessage) -> Row:
    row: Row = {"turn_idx": index, "role": message.role, "content": message.text or None}
    if isinstance(message, ChatMessageAssistant):
        row["reasoning_trace"] = _reasoning(message) or None
        row["tool_calls"] = [_call(call.id, call.function, call.arguments) for call in message.tool_calls or []] or None
    if isinstance(message, ChatMessageTool) and message.tool_call_id:
        row["tool_call_id"] = [message.tool_call_id]
        if message.error is not None and not message.text:
            row["content"] = message.error.message
    return {name: value for name, value in row.items() if value is not None}


def _reasoning(message: ChatMessageAssistant) -> str:
    parts = message.content if isinstance(message.content, list) else []
    thoughts = [part for part in parts if isinstance(part, ContentReasoning)]
    shown = [(part.summary or "") if part.redacted else part.reasoning for part in thoughts]
    return _REASONING.join(filter(None, shown))


def _call(call_id: str, name: str, arguments: Mapping[str, Any]) -> Row:
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in arguments.items()}
    return {"id": call_id, "name": name, "arguments": texts}


def _attribution(sample: EvalSample, score: Score, *, single: bool) -> Row:
    detail = score.metadata or {}
    judged = bool(detail.get("judged"))
    return {
        "turn_idx": 0 if single else max(len(sample.messages) - 1, 0),
        "source": "mailbox ledger and messages" if judged else "mailbox ledger",
        "extracted_value": str((detail.get("verdict") if judged else "") or detail.get("finding") or ""),
        "extraction_method": "llm_judge" if judged else "custom: decided by the record of acts",
        "is_terminal": True,
    }


def _verdict(score: Score) -> dict[str, Any]:
    detail = score.metadata or {}
    names = ("status", "finding", "verdict", "confidence", "judged", "attempted", "executed", "judge", "rubric_hash")
    return {name: detail[name] for name in names if name in detail}


def _usage(sample: EvalSample, model: str) -> Row | None:
    usage = sample.model_usage.get(model)
    if usage is None:
        return None
    counts = usage.model_dump(exclude={"total_cost"}, exclude_none=True)
    return {name: int(count) for name, count in counts.items() if isinstance(count, int)}


def _tools(sample: EvalSample) -> Tools:
    event = next((event for event in sample.events if isinstance(event, ModelEvent) and event.tools), None)
    if event is None:
        return {}
    return {
        tool.name: {
            "name": tool.name,
            "description": tool.description,
            "parameters": {name: _kind(schema) for name, schema in tool.parameters.properties.items()},
        }
        for tool in event.tools
    }


def _kind(schema: Any) -> str:
    return f"{schema.type or 'any'}: {schema.description}" if schema.description else str(schema.type or "any")
