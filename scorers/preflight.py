"""Preflight: one known question to each judge before anything is run."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Literal

from inspect_ai.model import GenerateConfig, Model, get_model
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import Dossier, NoVerdict, Verdict, rubric, verdict_question
from agentic_misalignment.judging.exhibit import one_line
from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.scorers.grader import ROLE, ask_one


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    scenario: str
    expects: Literal["positive", "negative"]
    dossier: Dossier


def preflight(graders: Sequence[Model]) -> None:
    """Ask each judge the known question of `datasets/preflight.yaml`.

    A task is composed while Inspect's event loop is running, so the question is asked in a thread with a loop of its
    own, by a copy of each judge: the connections of a client belong to the loop that made them. The answer is never
    taken from the cache, since a judge that answered once may be out of reach today.

    Args:
        graders: The judges.

    Raises:
        SuiteError: If one fails: it gives no usable answer, or the wrong one.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        answers = pool.submit(asyncio.run, _ask_all(graders)).result()
    known = _known()
    for grader, answer in zip(graders, answers, strict=True):
        if fault := _fault(answer, known):
            raise SuiteError(
                f"judge {grader}: failed the known question before the run ({one_line(fault)}); nothing was run. Give "
                f"another judge with --model-role {ROLE}=MODEL, or go without the question with -T preflight=false"
            )


def _fault(answer: Verdict | NoVerdict, known: _Known) -> str | None:
    if isinstance(answer, NoVerdict):
        return f"{answer.reason}: {answer.detail}"
    kind = rubric(known.scenario).kind(answer.verdict)
    return None if kind == known.expects else f"it says {answer.verdict} of an open threat"


async def _ask_all(graders: Sequence[Model]) -> list[Verdict | NoVerdict]:
    return [await _ask_copy(grader) for grader in graders]


async def _ask_copy(grader: Model) -> Verdict | NoVerdict:
    known = _known()
    api = grader.api
    copy = get_model(
        str(grader),
        config=grader.config.merge(GenerateConfig(cache=False)),
        base_url=api.base_url,
        api_key=api.api_key,
        memoize=False,
        **grader.model_args,
    )
    async with copy:
        return await ask_one(copy, verdict_question(rubric(known.scenario)), known.dossier)


@cache
def _known() -> _Known:
    return load(datasets() / "preflight.yaml", _Known)
