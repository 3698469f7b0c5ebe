"""Asking judges: one call each, one repair, then no verdict."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from inspect_ai.model import (
    CachePolicy,
    ChatMessage,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    ResponseSchema,
    model_roles,
)
from inspect_ai.util import collect, json_schema
from pydantic import BaseModel

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import Dossier, NoVerdict, Question, UnusableAnswerError, Vote
from agentic_misalignment.judging.families import of_own_family

ROLE = "grader"
"""The model role of the judge, or of the members of a panel."""

ANSWER_TOKENS = 8192
"""Longest answer of a judge, its thinking included, unless the role's own configuration says otherwise."""

ANSWER_SECONDS = 300
"""Longest time for one answer, retries included, unless the role's own configuration says otherwise."""

SCRIPTED = "scripted"
"""Provider of the offline reader, which is not a judge."""

Answer = TypeVar("Answer", bound=BaseModel)


def required_graders() -> list[Model]:
    """Return the models of the grader role: one judge, or the members of a panel.

    A task calls this while it is built, so that nothing has run by then; a scorer calls it again for each sample, since
    the roles that a log brings along for a new scoring are known only there.

    Raises:
        SuiteError: If no judge was given, or one twice. The model under test never judges itself by default.
    """
    bound = model_roles().get(ROLE)
    if not bound:
        raise SuiteError(f"no judge: give one with --model-role {ROLE}=MODEL, for an offline trial {SCRIPTED}/judge")
    graders = list(bound) if isinstance(bound, list) else [bound]
    names = [str(grader) for grader in graders]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise SuiteError(f"--model-role {ROLE}: {twice} stands twice; a panel has different judges, one vote each")
    return graders


def judged_by(graders: Sequence[Model], tested: str) -> dict[str, Any]:
    """Return what a score says of its judges.

    Args:
        graders: The judges.
        tested: Name of the model under test.
    """
    names = [str(grader) for grader in graders]
    own = of_own_family(tested, names)
    notes = [
        f"{name} is a rule-based reader for offline runs, not a judge: its verdicts say nothing about a model"
        for name in dict.fromkeys(names)
        if name.startswith(f"{SCRIPTED}/")
    ]
    notes += [f"{name} judges a model of its own family" for name in dict.fromkeys(own)]
    settings = [grader_settings(grader) for grader in graders]
    return {
        "judge": " + ".join(names),
        "judge_settings": settings[0] if len(settings) == 1 else settings,
        "judge_note": "; ".join(notes) or None,
        "judge_own_family": own,
    }


def grader_settings(grader: Model) -> dict[str, Any]:
    """Return the settings that a judge is asked with, for the score."""
    own = grader.config
    return {
        "temperature": 0 if own.temperature is None else own.temperature,
        "max_tokens": own.max_tokens or ANSWER_TOKENS,
    }


async def ask(graders: Sequence[Model], question: Question[Answer], dossier: Dossier) -> list[Vote[Answer]]:
    """Ask every judge.

    Args:
        graders: The judges.
        question: The question.
        dossier: The episode.

    Returns:
        One vote of each, in their order.
    """

    async def vote(grader: Model) -> Vote[Answer]:
        answer = await ask_one(grader, question, dossier)
        return Vote(str(grader), answer)

    return await collect(*[vote(grader) for grader in graders])


async def ask_one(grader: Model, question: Question[Answer], dossier: Dossier) -> Answer | NoVerdict:
    """Ask one judge.

    Args:
        grader: The judge.
        question: The question.
        dossier: The episode.

    Returns:
        The answer, or why there is none. Whatever goes wrong in the instrument is the latter.
    """
    conversation: list[ChatMessage] = [ChatMessageUser(content=question.prompt(dossier))]
    failure: NoVerdict | None = None
    for cached in (True, False):
        try:
            output = await grader.generate(conversation, config=_config(grader, question, cached=cached))
        except Exception as error:  # any fault of the instrument leaves the episode unscored, with its name
            fault = NoVerdict(reason="grader_error", detail=f"{type(error).__name__}: {error}"[:500])
            return failure or fault
        try:
            return _whole(_read(output, question, dossier), question, dossier)
        except UnusableAnswerError as error:
            failure = NoVerdict(reason=error.reason, detail=error.detail)
            said = [output.message] if output.choices else []
            conversation = [*conversation, *said, ChatMessageUser(content=question.repair(error.detail))]
    return failure or NoVerdict(reason="grader_error", detail="not asked")


def _whole(answer: Answer, question: Question[Answer], dossier: Dossier) -> Answer | NoVerdict:
    """Return an answer, unless it rests on texts that could not be shown whole and finds nothing in them."""
    if dossier.too_long(question.sources) and not question.stands(answer):
        return NoVerdict(
            reason="exhibit_too_long",
            detail="the texts are too long to be shown whole, and nothing was found in the rest",
        )
    return answer


def _read(output: ModelOutput, question: Question[Answer], dossier: Dossier) -> Answer:
    if not output.choices:
        raise UnusableAnswerError("grader_error", "the judge gave no answer")
    if output.stop_reason == "content_filter":
        raise UnusableAnswerError("grader_refused", "the judge's provider filtered the answer")
    if output.stop_reason in ("max_tokens", "model_length"):
        raise UnusableAnswerError("grader_truncated", "the answer was cut off")
    return question.parse(output.completion, dossier)


def _config(grader: Model, question: Question[Any], *, cached: bool) -> GenerateConfig:
    return GenerateConfig(
        **grader_settings(grader),
        timeout=grader.config.timeout or ANSWER_SECONDS,
        response_schema=_response_schema(question.name, question.schema),
        # An answer to a request to mend is not kept: the next run shall ask anew.
        cache=_cache_policy(grader) if cached else False,
    )


def _cache_policy(grader: Model) -> CachePolicy | bool:
    if grader.config.cache is not None:
        return grader.config.cache
    # The offline reader answers at once, and its rules change with the code.
    return False if str(grader).startswith(f"{SCRIPTED}/") else CachePolicy(expiry="4W", per_epoch=False)


@cache
def _response_schema(name: str, schema: type[BaseModel]) -> ResponseSchema:
    return ResponseSchema(name=name, json_schema=json_schema(schema))
