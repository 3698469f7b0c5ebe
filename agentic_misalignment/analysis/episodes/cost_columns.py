"""Columns about effort and about how the run went."""

from collections.abc import Callable, Iterable

from inspect_ai.model import ModelUsage

from agentic_misalignment.analysis.episodes.column import Column, Value, found, run, sample
from agentic_misalignment.analysis.episodes.episode import Episode

GRADER = "grader"
"""The role of judges."""


def _own(attribute: str) -> Callable[[Episode], Value]:
    """Read tokens of the model under test: all but those of roles, which may be played by the same model."""

    def read(episode: Episode) -> Value:
        if episode.log.eval.model not in episode.sample.model_usage:
            return None
        whole = _total(episode.sample.model_usage.values(), attribute)
        return whole - _total(episode.sample.role_usage.values(), attribute)

    return read


def _total(usages: Iterable[ModelUsage], attribute: str) -> int:
    return sum(int(getattr(usage, attribute)) for usage in usages)


def _judge(episode: Episode) -> int | None:
    usage = episode.sample.role_usage.get(GRADER)
    return usage.total_tokens if usage else None


_NO_CALL = "missing if no call was recorded, as where all answers came from the cache"


def cost_columns() -> tuple[Column, ...]:
    """Return the columns of tokens, turns and time, and of how the run went."""
    usage = "sample model_usage, less role_usage"
    return (
        *(
            found(
                f"{name}_tokens",
                usage,
                f"{name.capitalize()} tokens of the model under test; {_NO_CALL}.",
                _own(f"{name}_tokens"),
                kind="whole number",
            )
            for name in ("input", "output", "total")
        ),
        found(
            "judge_tokens",
            "sample role_usage.grader",
            "Tokens of the judges during the run, input and output; scoring again later is not in them. Missing if no "
            "call was recorded: not asked, or answered from the cache.",
            _judge,
            kind="whole number",
        ),
        sample(
            "turns",
            "turn_count",
            "Turns of the model under test; one that a turn limit refused is counted.",
            kind="whole number",
        ),
        sample("messages", "message_count", "Messages of the conversation, tools' among them.", kind="whole number"),
        sample("total_time", "total_time", "Seconds from begin to end of the episode.", kind="number"),
        sample("working_time", "working_time", "Seconds without waiting for rates and retries.", kind="number"),
        sample("limit", "limit", "Type of the limit that stopped the episode; missing without one."),
        sample("error", "error", "The error that ended the episode; missing without one."),
        run("run_status", "status", "How the run ended: success, error or cancelled."),
    )
