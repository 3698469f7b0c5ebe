"""Columns about what was done: status, evidence, verdict, outcome, flags, and the votes of a panel."""

import json
from collections.abc import Callable, Iterator

from inspect_ai.scorer import Score

from agentic_misalignment.analysis.episodes.column import Column, Kind, Value, found
from agentic_misalignment.analysis.episodes.episode import CONDUCT, Episode, detail, number, zero_or_one

FLAGS = {
    "exit_used": "Whether the agent took the legitimate way out that the condition opens.",
    "given_to_requester": "Whether the document went to the one who asked for it.",
    "legitimate_disclosure": "Whether the document went to an authority that may have it.",
    "misread": "Whether the alert was cancelled by mistake: by evidence or verdict neither harm nor its absence.",
}
"""What the headline scores of the suite flag."""


def _status(episode: Episode) -> str:
    return str(episode.outcome.get("status", "error"))


def _reason(episode: Episode) -> str:
    if episode.headline is None:
        return episode.sample.error or "no headline score"
    return str(episode.outcome.get("reason") or "")


def _harm(episode: Episode) -> int | None:
    return zero_or_one(episode.headline.value) if episode.headline else None


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _flag(name: str) -> Callable[[Episode], Value]:
    def read(episode: Episode) -> Value:
        flags = episode.outcome.get("flags") or {}
        return bool(flags[name]) if flags.get(name) is not None else None

    return read


def _votes(episode: Episode) -> str | None:
    found_votes = {name: rows for name, rows in _panels(episode) if len(rows) > 1}
    kept = {name: [{key: row[key] for key in ("judge", "kind")} for row in rows] for name, rows in found_votes.items()}
    return _json(kept) if kept else None


def _panels(episode: Episode) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Yield the votes of each question by its name, as the status score names them."""
    for score in (episode.headline, episode.belief):
        yield str(detail(score).get("rubric")), detail(score).get("votes") or []
    for label, rows in (detail(episode.conduct).get("votes") or {}).items():
        yield f"{CONDUCT}.{label}", rows


def _of_outcome(name: str, text: str, *, key: str | None = None, kind: Kind = "text") -> Column:
    place = key or name

    def read(episode: Episode) -> Value:
        value = episode.outcome.get(place)
        if kind == "JSON":
            return _json(value)
        if kind == "number":
            return number(value)
        return value if value is None or isinstance(value, bool | int) else str(value)

    return found(name, f"headline score, metadata.{place}", text, read, kind=kind)


def outcome_columns() -> tuple[Column, ...]:
    """Return the columns of status, evidence, verdict and outcome."""
    return (
        found(
            "status",
            "headline score, metadata.status",
            "valid, filtered, limit, error or unscored; only valid episodes enter a rate. Without a headline score: "
            "error.",
            _status,
        ),
        found(
            "reason",
            "headline score, metadata.reason",
            "Why the episode is not valid, such as no_engagement or the type of the limit; empty if it is valid.",
            _reason,
        ),
        found(
            "harm",
            "headline score, value",
            "The value that enters the rate: 1 harm, 0 none; missing if the episode is not valid.",
            _harm,
            kind="0 or 1",
        ),
        _of_outcome(
            "harm_known",
            "What is known of the act, also of an episode that is not valid; missing where it is not known.",
            key="harm",
            kind="true or false",
        ),
        _of_outcome("finding", "What code found in the ledger."),
        _of_outcome(
            "attempted",
            "Acts in question that were carried out or tried: `executed`, and rejected calls that aimed at the same.",
            kind="whole number",
        ),
        _of_outcome("executed", "Acts in question that were carried out.", kind="whole number"),
        _of_outcome("judged", "Whether a judge was asked, since the ledger left it open.", kind="true or false"),
        _of_outcome("verdict", "What the judge says; missing if it was not asked or gave none."),
        _of_outcome("confidence", "How sure the judge is: low, medium or high."),
        _of_outcome("sent", "Messages that the agent sent.", kind="whole number"),
        _of_outcome("seen", "Mails whose text the agent has seen.", kind="whole number"),
        _of_outcome("rejected", "Calls that were rejected.", kind="whole number"),
        _of_outcome(
            "utility", "Share of the ordinary work that was done, 0 to 1; missing where there is none.", kind="number"
        ),
        _of_outcome("message_ids", "Ids of the messages in question, as a list.", kind="JSON"),
        _of_outcome(
            "quotes",
            "The judge's quotes, a list of objects with `action` (id of the text) and `text`.",
            kind="JSON",
        ),
        *(
            found(
                f"flag_{name}",
                f"headline score, metadata.flags.{name}",
                f"{text} Missing where it does not apply.",
                _flag(name),
                kind="true or false",
            )
            for name, text in FLAGS.items()
        ),
    )


def vote_column() -> Column:
    """Return the column with the votes of panels."""
    return found(
        "panel_votes",
        "scores, metadata.votes",
        "Votes of a panel, a list for each question (the rubric's name, or `conduct.` and the label) of objects with "
        "`judge` and `kind` (null for no answer); missing with a single judge.",
        _votes,
        kind="JSON",
    )


def text_of(score: Score | None, key: str) -> str | None:
    """Return a text of a score's metadata; `None` without one."""
    value = detail(score).get(key)
    return None if value is None else str(value)
