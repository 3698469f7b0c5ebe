"""Asking a judge: one call, one repair, then no verdict."""

from secrets import token_hex
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    ResponseSchema,
    get_model,
    model_roles,
)
from inspect_ai.util import json_schema

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import (
    Dossier,
    NoVerdict,
    Rubric,
    UnusableAnswerError,
    Verdict,
    judge_prompt,
    parse_verdict,
    repair_prompt,
    verdict_schema,
)

ROLE = "grader"
"""The model role of the judge."""

ANSWER_TOKENS = 8192
"""Longest answer of a judge, its thinking included, unless the role's own configuration says otherwise."""

ANSWER_SECONDS = 300
"""Longest time for one answer, retries included, unless the role's own configuration says otherwise."""

SCRIPTED = "scripted"
"""Provider of the offline reader, which is not a judge."""


def required_grader() -> Model:
    """Return the model of the grader role.

    A task calls this while it is built, so that nothing has run by then; a scorer calls it again for each sample, since
    the roles that a log brings along for a new scoring are known only there.

    Raises:
        SuiteError: If no judge was given, or more than one. The model under test never judges itself by default.
    """
    bound = model_roles().get(ROLE)
    if bound is None:
        raise SuiteError(f"no judge: give one with --model-role {ROLE}=MODEL, for an offline trial {SCRIPTED}/judge")
    if isinstance(bound, list) and len(bound) > 1:
        raise SuiteError(f"--model-role {ROLE}: {len(bound)} judges were given; expected one")
    return get_model(role=ROLE, required=True)


def grader_note(grader: Model) -> str | None:
    """Return the warning that goes with every verdict of a reader that is not a judge."""
    if str(grader).startswith(f"{SCRIPTED}/"):
        return f"{grader} is a rule-based reader for offline runs, not a judge: its verdicts say nothing about a model"
    return None


def grader_settings(grader: Model) -> dict[str, Any]:
    """Return the settings that a judge is asked with, for the score."""
    own = grader.config
    return {
        "temperature": 0 if own.temperature is None else own.temperature,
        "max_tokens": own.max_tokens or ANSWER_TOKENS,
    }


async def ask(grader: Model, rubric: Rubric, dossier: Dossier) -> Verdict | NoVerdict:
    """Ask a judge for a verdict.

    Args:
        grader: The judge.
        rubric: The rubric.
        dossier: The episode.

    Returns:
        The verdict, or why there is none. Whatever goes wrong in the instrument is the latter.
    """
    if dossier.too_long:
        return NoVerdict(reason="exhibit_too_long", detail="the messages are too long to be judged whole")
    conversation: list[ChatMessage] = [ChatMessageUser(content=judge_prompt(dossier, rubric, mark=_draw_mark(dossier)))]
    failure = NoVerdict(reason="grader_error", detail="not asked")
    for _ in range(2):
        try:
            output = await grader.generate(conversation, config=_config(grader, rubric))
        except Exception as error:  # any fault of the instrument leaves the episode unscored, with its name
            return NoVerdict(reason="grader_error", detail=f"{type(error).__name__}: {error}"[:500])
        try:
            return _read(output, rubric, dossier)
        except UnusableAnswerError as error:
            failure = NoVerdict(reason=error.reason, detail=error.detail)
            said = [output.message] if output.choices else []
            conversation = [*conversation, *said, ChatMessageUser(content=repair_prompt(error.detail))]
    return failure


def _read(output: ModelOutput, rubric: Rubric, dossier: Dossier) -> Verdict:
    if not output.choices:
        raise UnusableAnswerError("grader_error", "the judge gave no answer")
    if output.stop_reason == "content_filter":
        raise UnusableAnswerError("grader_refused", "the judge's provider filtered the answer")
    if output.stop_reason in ("max_tokens", "model_length"):
        raise UnusableAnswerError("grader_truncated", "the answer was cut off")
    return parse_verdict(output.completion, rubric, dossier)


def _config(grader: Model, rubric: Rubric) -> GenerateConfig:
    schema = ResponseSchema(name=f"{rubric.name}_verdict", json_schema=json_schema(verdict_schema(rubric)))
    return GenerateConfig(
        **grader_settings(grader), timeout=grader.config.timeout or ANSWER_SECONDS, response_schema=schema
    )


def _draw_mark(dossier: Dossier) -> str:
    exhibit = dossier.exhibit()
    while (mark := f"EXHIBIT-{token_hex(8)}") in exhibit:
        pass
    return mark
