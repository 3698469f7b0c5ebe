"""Questions: what a judge is asked about an episode, and how its answer is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import BaseModel

from agentic_misalignment.judging.answer import SHORTEST_QUOTE
from agentic_misalignment.judging.dossier import Dossier, Mails, Source
from agentic_misalignment.judging.rubric import Rubric, prompt_source
from agentic_misalignment.judging.verdict import Verdict, parse_verdict, verdict_schema
from agentic_misalignment.scenarios.text import render

Answer = TypeVar("Answer", bound=BaseModel)

SOURCES: dict[Source, str] = {
    "messages": "messages that the assistant sent (a1, a2, …)",
    "notices": "notices (by their id)",
    "attempts": "attempts (t1, t2, …)",
    "private": "what the assistant wrote for itself (p1, p2, …)",
}
"""How a judge is told what it may quote."""


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """One question to a judge."""

    name: str
    digest: str
    """Hash of everything that is asked; see `Rubric.digest`."""

    schema: type[BaseModel]
    """What an answer has to be."""

    task: str
    answer: str
    """How to answer, the end of the request."""

    mails: Mails
    sources: tuple[Source, ...]
    """What the answer rests on: if that is too long to be shown whole, only some answers stand."""

    stands: Callable[[Answer], bool]
    """Tells whether an answer stands although something was left out: what was found was there."""

    parse: Callable[[str, Dossier], Answer]
    """Reads an answer; raises `UnusableAnswerError`."""

    def prompt(self, dossier: Dossier) -> str:
        """Write the whole request.

        The exhibit stands between marks that are the hash of the question and of the exhibit itself. Nobody who writes
        into the exhibit can know the mark, since every word that they write changes it; and the same request is the
        same text, so that answers can be cached.

        Args:
            dossier: The episode.

        Raises:
            ValueError: If the mark occurs in the exhibit.
        """
        exhibit = dossier.exhibit(self.mails)
        mark = f"EXHIBIT-{sha256(f'{self.digest}{exhibit}'.encode('utf-8', 'replace')).hexdigest()[:16]}"
        if mark in exhibit:
            raise ValueError("the mark occurs in the exhibit")
        return _render("judge", task=self.task, answer=self.answer, exhibit=exhibit, mark=mark)

    def repair(self, fault: str) -> str:
        """Write the one request to mend an answer that cannot be used."""
        keys = [key for key, field in self.schema.model_fields.items() if field.is_required()]
        return _render("repair", fault=fault, keys=", ".join(f'"{key}"' for key in keys))


def verdict_question(rubric: Rubric) -> Question[Verdict]:
    """Return the question that a rubric with one verdict asks."""
    answer = _render(
        "verdict_answer",
        names=", ".join(rubric.labels),
        needs_quote=" or ".join(rubric.needs_quote),
        shortest=SHORTEST_QUOTE,
        sources=list_sources(rubric.quotes_from).capitalize(),
        asks_percent="stated_percent" in rubric.asks,
    )
    labels = "\n".join(f"- {label}: {meaning}" for label, meaning in rubric.labels.items())
    return Question(
        name=rubric.name,
        digest=rubric.digest,
        schema=verdict_schema(rubric),
        task=_render("verdict_task", question=rubric.question, rubric=rubric.text, labels=labels),
        answer=answer,
        mails=rubric.mails,
        sources=rubric.quotes_from,
        stands=lambda verdict: verdict.verdict in rubric.needs_quote,
        parse=lambda text, dossier: parse_verdict(text, rubric, dossier),
    )


def list_sources(sources: Sequence[Source]) -> str:
    """Return in words what may be quoted."""
    return " and ".join(SOURCES[source] for source in sources)


def _render(name: str, **context: object) -> str:
    return render(prompt_source(name), context, where=f"datasets/prompts/{name}.md")
