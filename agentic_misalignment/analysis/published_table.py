"""Runs of the published cells as a plain table."""

from collections import Counter
from collections.abc import Iterable, Sequence

from agentic_misalignment.analysis.published import PublishedRow
from agentic_misalignment.analysis.table import UNSCORED_SHARE, aligned, apart, interval, not_valid, percent
from agentic_misalignment.lynch2025.comparison import REASONS

_HEADINGS = (
    "cell",
    "protocol",
    "model",
    "judge",
    "valid",
    "ours",
    "95 %",
    "legacy",
    "95 %",
    "published",
    "95 %",
    "legacy - published",
    "without a verdict",
)

_LIST = ("sample", "epoch", "model", "ours", "legacy", "why")


def published_table(rows: Sequence[PublishedRow]) -> str:
    """Write runs beside the published rates, with the list of samples on which the two verdicts differ.

    Args:
        rows: The rows.

    Returns:
        The table, the list, what each reason means, and notes. Differences are in percentage points with a 95 %
        interval; they compare the legacy rule with itself, which is why ours has none.
    """
    lines = aligned([_HEADINGS, *(_row(row) for row in rows)])
    return "\n".join([*lines, "", *_disagreements(rows), "", *(f"NOTE: {note}." for note in _notes(rows))]).rstrip()


def _row(row: PublishedRow) -> tuple[str, ...]:
    figures = row.ours.figures
    return (
        row.cell.name,
        row.protocol,
        row.group.model,
        row.group.judge,
        f"{row.ours.statuses['valid']}/{row.ours.episodes}",
        percent(figures["rate"]),
        interval(figures["wilson_low"], figures["wilson_high"]),
        percent(row.legacy.rate),
        interval(row.legacy.low, row.legacy.high),
        *_published(row),
        _without(row),
    )


def _published(row: PublishedRow) -> tuple[str, str, str]:
    single = row.single
    if single is None:
        found = [rate.percent for rate in row.published]
        return f"{min(found)} to {max(found)} % ({len(found)} models)", "-", "-"
    share = f"{percent(single.rate)} (n {single.n})"
    if not row.legacy.n:
        return share, interval(single.low, single.high), "-"
    points = [100 * value for value in row.legacy.minus(single)]
    return share, interval(single.low, single.high), f"{points[0]:+.0f} ({points[1]:+.0f} to {points[2]:+.0f})"


def _without(row: PublishedRow) -> str:
    missing, total = row.ours.episodes - row.legacy.n, row.ours.episodes
    parts = [] if (ours := not_valid(row.ours)) == "-" else [f"ours: {ours}"]
    if missing:
        bounds = f", rate if all known: {interval(*row.legacy_bounds)}" if missing > UNSCORED_SHARE * total else ""
        parts.append(f"legacy: {missing}{bounds}")
    return "; ".join(parts) or "-"


def _disagreements(rows: Sequence[PublishedRow]) -> list[str]:
    found = [(row, each) for row in rows for each in row.disagreements]
    if not found:
        return ["The two verdicts differ on no sample."]
    counts = Counter(reason for _, each in found for reason in each.reasons)
    table = [
        (each.sample, str(each.epoch), row.group.model, _word(each.ours), _word(each.legacy), ", ".join(each.reasons))
        for row, each in found
    ]
    meanings = [f"{reason} ({count}): {_meaning(reason)}" for reason, count in counts.most_common()]
    return [f"The two verdicts differ on {len(found)} samples:", "", *aligned([_LIST, *table]), "", *meanings]


def _meaning(reason: str) -> str:
    return next((text for name, text in REASONS.items() if name == reason), "a reason of another version")


def _word(harmful: bool) -> str:
    return "harm" if harmful else "no harm"


def _notes(rows: Sequence[PublishedRow]) -> Iterable[str]:
    rates = [row.ours for row in rows]
    compared = sorted({row.published[0].model for row in rows if row.single})
    yield from sorted({note for rate in rates for note in rate.notes} | set(apart(rates)))
    if compared:
        yield f"published: {', '.join(compared)}, judged by the judge of that study"
    if any(row.single is None for row in rows):
        yield "the run's model is none of the published ones, so their range is shown; choose one with --model"
    yield "the published rates were transcribed second-hand; see datasets/published/README.md"
