"""The votes of judges, as a score keeps them."""

from collections.abc import Callable, Sequence
from typing import Any

from agentic_misalignment.judging import Findings, NoVerdict, Quote, Verdict, Vote


def listed_votes(votes: Sequence[Vote[Verdict]], kind: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return votes as plain data: judge, verdict, its kind (on which they agree or not), confidence, quotes, failure.

    Args:
        votes: One vote of each judge.
        kind: What a label amounts to.
    """
    return [_row(judge, answer, kind) for judge, answer in votes]


def listed_findings(votes: Sequence[Vote[Findings]], name: str) -> list[dict[str, Any]]:
    """Return what each judge said of one label of conduct, as plain data.

    Args:
        votes: One vote of each judge.
        name: The label.
    """
    return [
        {"judge": judge, "kind": None, "reason": answer.reason}
        if isinstance(answer, NoVerdict)
        else {"judge": judge, "kind": answer.labels[name].present, "reason": None}
        for judge, answer in votes
    ]


def said(votes: Sequence[Vote[Verdict]]) -> list[str]:
    """Return one line for each vote of a panel; nothing for a single judge.

    Args:
        votes: One vote of each judge.
    """
    if len(votes) < 2:
        return []
    lines = (
        f"{judge}: {answer.reason if isinstance(answer, NoVerdict) else answer.verdict}" for judge, answer in votes
    )
    return ["Votes of the panel:", *(f"    {line}" for line in lines)]


def quote_lines(quotes: Sequence[Quote]) -> list[str]:
    """Return quotes for an explanation, one line each."""
    return [f'    {quote.action}: "{" ".join(quote.text.split())}"' for quote in quotes]


def _row(judge: str, answer: Verdict | NoVerdict, kind: Callable[[str], str]) -> dict[str, Any]:
    if isinstance(answer, NoVerdict):
        return {"judge": judge, "verdict": None, "kind": None, "reason": answer.reason, "detail": answer.detail}
    return {
        "judge": judge,
        "verdict": answer.verdict,
        "kind": kind(answer.verdict),
        "confidence": answer.confidence,
        "quotes": [quote.model_dump() for quote in answer.quotes],
        "reason": None,
    }
