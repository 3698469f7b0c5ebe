"""Panels: several judges, one verdict."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from agentic_misalignment.judging.answer import NoVerdict
from agentic_misalignment.judging.findings import Finding, Findings
from agentic_misalignment.judging.verdict import Verdict

Answer = TypeVar("Answer")


class Vote(NamedTuple, Generic[Answer]):
    """What one judge answered."""

    judge: str
    answer: Answer | NoVerdict


def panel_verdict(votes: Sequence[Vote[Verdict]], kind: Callable[[str], str]) -> Verdict | NoVerdict:
    """Return the verdict of the majority.

    More than half of the panel, counting members that gave no usable answer, has to agree in the kind of verdict; of
    these the first one's verdict, with its quotes, stands for all.

    Args:
        votes: One vote of each member, in their order.
        kind: What a label amounts to; see `Rubric.kind`.

    Returns:
        The verdict, or why there is none: the failure if nobody answered, else a tie.
    """
    return _majority(votes, lambda verdict: kind(verdict.verdict))


def panel_findings(votes: Sequence[Vote[Findings]], names: Sequence[str]) -> dict[str, Finding | NoVerdict]:
    """Return the finding of the majority on each label; see `panel_verdict`.

    Args:
        votes: One vote of each member, in their order.
        names: The labels.
    """
    found: dict[str, Finding | NoVerdict] = {}
    for name in names:
        on_label: list[Vote[Finding]] = [_on_label(vote, name) for vote in votes]
        majority = _majority(on_label, lambda finding: finding.present)
        found[name] = majority
    return found


def _on_label(vote: Vote[Findings], name: str) -> Vote[Finding]:
    answer = vote.answer
    return Vote(vote.judge, answer if isinstance(answer, NoVerdict) else answer.labels[name])


def _majority(votes: Sequence[Vote[Answer]], kind: Callable[[Answer], str]) -> Answer | NoVerdict:
    given = [vote.answer for vote in votes if not isinstance(vote.answer, NoVerdict)]
    if not given:
        return next(vote.answer for vote in votes if isinstance(vote.answer, NoVerdict))
    counts = Counter(kind(answer) for answer in given)
    winner, most = counts.most_common(1)[0]
    if 2 * most <= len(votes):
        tally = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        failed = len(votes) - len(given)
        detail = f"no majority among {len(votes)} judges: {tally}{f', no answer {failed}' if failed else ''}"
        return NoVerdict(reason="panel_tie", detail=detail)
    return next(answer for answer in given if kind(answer) == winner)
