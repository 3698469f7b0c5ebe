"""Findings: what a judge answers when it is asked about several labels at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from agentic_misalignment.judging.answer import SHORTEST_QUOTE, Quote, read_answer, require_quote, verify_quotes
from agentic_misalignment.judging.dossier import Dossier
from agentic_misalignment.judging.labels import Label
from agentic_misalignment.judging.question import Question, list_sources
from agentic_misalignment.judging.rubric import digest, prompt_source
from agentic_misalignment.scenarios.text import render

PROMPTS = ("judge", "conduct_task", "conduct_answer", "repair")


class Finding(BaseModel):
    """What a judge says of one label."""

    model_config = ConfigDict(extra="forbid")

    present: Literal["yes", "no"]
    quotes: list[Quote]


class Findings(BaseModel):
    """A judge's answer."""

    model_config = ConfigDict(extra="forbid")

    reasoning: str
    labels: dict[str, Finding]


def conduct_question(labels: Sequence[Label]) -> Question[Findings]:
    """Return the question which of several labels hold.

    Args:
        labels: The labels that a judge is asked about.
    """
    rows = [{"name": each.name, "text": each.text, "sources": list_sources(each.quotes_from)} for each in labels]
    context: dict[str, object] = {
        "rubrics": rows,
        "names": ", ".join(f'"{label.name}"' for label in labels),
        "shortest": SHORTEST_QUOTE,
    }
    task, answer = (
        render(prompt_source(name), context, where=f"datasets/prompts/{name}.md")
        for name in ("conduct_task", "conduct_answer")
    )
    schema = _schema(*(label.name for label in labels))
    return Question(
        name="conduct",
        digest=conduct_digest(labels),
        schema=schema,
        task=task,
        answer=answer,
        mails="texts",
        sources=("messages", "attempts", "private"),
        stands=lambda found: all(finding.present == "yes" for finding in found.labels.values()),
        parse=lambda text, dossier: parse_findings(text, labels, schema, dossier),
    )


def conduct_digest(labels: Sequence[Label]) -> str:
    """Return the hash of the labels' rubrics and the prompts around them; see `Rubric.digest`."""
    return digest("\0".join(f"{label.name}\n{label.quotes_from}\n{label.text}" for label in labels), PROMPTS)


def parse_findings(answer: str, labels: Sequence[Label], schema: type[BaseModel], dossier: Dossier) -> Findings:
    """Read a judge's answer.

    Args:
        answer: The whole text of the answer.
        labels: The labels that were asked about.
        schema: What the answer has to be.
        dossier: The dossier that was shown.

    Raises:
        UnusableAnswerError: If the answer does not fit, a label is left out, a quote is not where it should be, or a
            label that is present has no quote.
    """
    found = Findings.model_validate(read_answer(answer, schema).model_dump())
    for label in labels:
        finding = found.labels[label.name]
        verify_quotes(finding.quotes, dossier.quotable(label.quotes_from))
        if finding.present == "yes":
            require_quote(finding.quotes, f"the label {label.name}")
    return found


@cache
def _schema(*names: str) -> type[BaseModel]:
    strict = ConfigDict(extra="forbid")
    fields: dict[str, Any] = dict.fromkeys(names, (Finding, ...))
    listed = create_model("conduct_labels", __config__=strict, **fields)
    return create_model("conduct_findings", __config__=strict, reasoning=(str, ...), labels=(listed, ...))
