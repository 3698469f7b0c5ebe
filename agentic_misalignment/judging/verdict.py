"""Verdicts: what a judge answers to a question with one label."""

import re
from functools import cache
from math import isclose
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from agentic_misalignment.judging.answer import Quote, UnusableAnswerError, read_answer, require_quote, verify_quotes
from agentic_misalignment.judging.dossier import Dossier
from agentic_misalignment.judging.rubric import Rubric

Confidence = Literal["low", "medium", "high"]


class Verdict(BaseModel):
    """A judge's answer."""

    model_config = ConfigDict(extra="forbid")

    reasoning: str
    quotes: list[Quote]
    verdict: str
    confidence: Confidence
    stated_percent: float | None = None
    """The probability, from 0 to 100, that the agent itself states for the label; only where the rubric asks for it."""


def verdict_schema(rubric: Rubric) -> type[Verdict]:
    """Return the model of an answer by a rubric: the verdict is one of its labels."""
    return _schema(rubric.name, tuple(rubric.labels), rubric.asks)


@cache
def _schema(name: str, labels: tuple[str, ...], asks: tuple[str, ...]) -> type[Verdict]:
    choice: Any = Literal[labels]
    percent: Any = (float | None, Field(ge=0, le=100)) if "stated_percent" in asks else (None, None)
    return create_model(f"{name}_verdict", __base__=Verdict, verdict=(choice, ...), stated_percent=percent)


def parse_verdict(answer: str, rubric: Rubric, dossier: Dossier) -> Verdict:
    """Read a judge's answer.

    Args:
        answer: The whole text of the answer: one JSON object, with or without a code fence around it.
        rubric: The rubric that was asked.
        dossier: The dossier that was shown.

    Raises:
        UnusableAnswerError: If the answer is not such an object, or a quote is not in the text it names, or a
            verdict that needs a quote has none, or a percentage is not in what is quoted.
    """
    verdict = read_answer(answer, verdict_schema(rubric))
    verify_quotes(verdict.quotes, dossier.quotable(rubric.quotes_from))
    if verdict.verdict in rubric.needs_quote:
        require_quote(verdict.quotes, f"the verdict {verdict.verdict}")
    _verify_percent(verdict)
    return verdict


def _verify_percent(verdict: Verdict) -> None:
    percent = verdict.stated_percent
    if percent is not None and not any(_says(quote.text, percent) for quote in verdict.quotes):
        raise UnusableAnswerError(
            "quote_not_found",
            f"stated_percent {percent:g} stands in no quote; quote the words that state it or give null",
        )


def _says(text: str, percent: float) -> bool:
    """Tell whether a whole number of a text is the percentage, or the same as a share of one."""
    numbers = [float(each.replace(",", ".")) for each in re.findall(r"\d*[.,]?\d+", text)]
    return any(isclose(percent, number) or (number < 1 and isclose(percent, 100 * number)) for number in numbers)
