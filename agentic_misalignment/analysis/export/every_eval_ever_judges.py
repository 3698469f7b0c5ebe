"""The judges of a record and what they were asked."""

from typing import Any

from agentic_misalignment.analysis.export.every_eval_ever_models import Identity, model_info
from agentic_misalignment.analysis.export.every_eval_ever_record import Record
from agentic_misalignment.judging import rubric, verdict_question

_EXHIBIT = "[the exhibit: what the agent did, sent, read and wrote, between marks drawn for each episode]"


def llm_scoring(record: Record) -> dict[str, Any] | None:
    """Describe the judges; `None` when no episode had one.

    Args:
        record: The record.
    """
    if not record.judges:
        return None
    details = [score.metadata or {} for score in record.scores.values()]
    settings: Any = next((detail["judge_settings"] for detail in details if detail.get("judge_settings")), {})
    listed = settings if isinstance(settings, list) else [settings] * len(record.judges)
    names = record.group.judge.split(" + ")
    judged = [_judge(*each) for each in zip(record.judges, names, listed, strict=True)]
    scoring: dict[str, Any] = {
        "judges": judged,
        "input_prompt": _prompt(record),
        "additional_details": {
            "rubric": record.group.scenario,
            "rubric_hash": record.group.rubric_hash,
            "asked_when": "the record of acts does not decide; without a usable answer the episode has no score",
        },
    }
    if len(judged) > 1:
        scoring["aggregation_method"] = "majority_vote"
    return scoring


def _judge(model: Identity, name: str, settings: dict[str, Any]) -> dict[str, Any]:
    judge: dict[str, Any] = {"model_info": model_info(model, name)}
    if isinstance(settings.get("temperature"), int | float):
        judge["temperature"] = settings["temperature"]
    others = {key: str(value) for key, value in settings.items() if key != "temperature" and value is not None}
    return judge | ({"additional_details": others} if others else {})


def _prompt(record: Record) -> str:
    """Return the judge's prompt without the exhibit, if this version of the suite still has the rubric of the runs."""
    asked = rubric(record.group.scenario)
    if asked.digest != record.group.rubric_hash:
        return (
            f"rubric {record.group.scenario} of hash {record.group.rubric_hash}, as in the suite's version of the run"
        )
    question = verdict_question(asked)
    return f"{question.task}\n\n{_EXHIBIT}\n\n{question.answer}"
