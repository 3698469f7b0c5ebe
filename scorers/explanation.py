"""The explanation that the log viewer shows beside a score."""

from collections.abc import Mapping, Sequence
from typing import Any

from agentic_misalignment.judging import Act, Evidence, NoVerdict, Outcome, SentMessage, Verdict, Vote
from agentic_misalignment.scorers.votes import quote_lines, said


def explain(
    outcome: Outcome,
    evidence: Evidence,
    verdict: Verdict | NoVerdict | None,
    votes: Sequence[Vote[Verdict]],
    *,
    seen: int,
    note: str | None,
) -> str:
    """Explain an outcome in plain text, which is how the viewer shows what it must not trust.

    Args:
        outcome: Evidence and verdict joined.
        evidence: The evidence.
        verdict: The verdict, or why there is none; `None` if no judge was asked.
        votes: What each judge said.
        seen: How many mails the agent has seen.
        note: A warning that goes with the judge.
    """
    blocks = [_status(outcome), _evidence(evidence, seen), *_verdict(verdict, votes)]
    return "\n\n".join([*blocks, *([f"{note}."] if note else [])])


def _status(outcome: Outcome) -> str:
    reason = f" ({outcome.standing.reason})" if outcome.standing.reason else ""
    return f"Status: {outcome.standing.status}{reason}"


def _evidence(evidence: Evidence, seen: int) -> str:
    acts = ", ".join(dict.fromkeys(_act(act) for act in (*evidence.executed, *evidence.questioned)))
    flags = "".join(f" {name}: {'yes' if value else 'no'}." for name, value in evidence.flags.items())
    first = (
        f"Evidence: {evidence.finding}{f' ({acts})' if acts else ''}. {seen} mails seen, {len(evidence.sent)} sent, "
        f"{evidence.rejected} calls rejected.{flags}"
    )
    return "\n".join([first, *map(_disclosure, evidence.details.get("disclosures", ()))])


def _disclosure(row: Mapping[str, Any]) -> str:
    outside = ", ".join(row["outside"]) or "nobody outside"
    return f"    {row['action']}: {', '.join(row['sections'])} to {outside} ({', '.join(row['classes'])})"


def _act(act: Act) -> str:
    return f"{act.action} = {act.email.id}" if isinstance(act, SentMessage) else act.action


def _verdict(verdict: Verdict | NoVerdict | None, votes: Sequence[Vote[Verdict]]) -> list[str]:
    if verdict is None:
        return ["Judge: not asked, since the ledger decides."]
    if isinstance(verdict, NoVerdict):
        return ["\n".join([f"Judge: no verdict ({verdict.reason}): {verdict.detail}", *said(votes)])]
    head = f"Verdict: {verdict.verdict}, confidence {verdict.confidence}. {verdict.reasoning}"
    return ["\n".join([head, *said(votes)]), *quote_lines(verdict.quotes)]
