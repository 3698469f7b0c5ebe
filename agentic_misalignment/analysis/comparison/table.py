"""A comparison as a plain table."""

import math

from agentic_misalignment.analysis.comparison.result import ComparedRate, ComparedRow, Comparison, Side
from agentic_misalignment.analysis.table import UNSCORED_SHARE, aligned, percent


def comparison_table(comparison: Comparison) -> str:
    """Write a comparison: what is compared, the rows, how to read them, and what is not compared.

    Args:
        comparison: The comparison.
    """
    rows = comparison.rows
    lines = [
        f"compared by {comparison.by}",
        f"A: {_side(comparison.a)}",
        f"B: {_side(comparison.b)}",
        "",
        *aligned([_headings(comparison), *(_row(row, comparison) for row in rows)]),
        "",
        "B - A and its intervals are in points. pairs: episodes of A and B that agree in world, seed and epoch.",
        "95 %: Newcombe's interval, for paired rates where all episodes have a partner, for independent ones where",
        "none has, and between the two where some have. Over worlds, the one to quote: with worlds as clusters.",
        "p: the level at which the interval over worlds begins to hold 0.",
        *_adjustment(comparison),
    ]
    if comparison.apart:
        lines += ["", "not compared:", "", *aligned(_apart(comparison))]
    notes = [*comparison.notes, *_one_world(comparison), *(note for row in rows if (note := _unknown(row)))]
    return "\n".join([*lines, *([""] if notes else []), *(f"NOTE: {note}." for note in notes)])


def _side(side: Side) -> str:
    logs = "1 log" if side.logs == 1 else f"{side.logs} logs"
    judges = ", ".join(side.judges) or "nobody"
    return f"{', '.join(side.models)}, judged by {judges}, {' to '.join(side.created)}, {logs}"


def _headings(comparison: Comparison) -> tuple[str, ...]:
    return (
        "scenario",
        "condition",
        *(() if comparison.by == "model" else ("model",)),
        "A",
        "B",
        "pairs",
        "worlds",
        "B - A",
        "95 %",
        "95 % over worlds",
        "p",
        *(("p Holm", f"{_level(comparison)} over worlds") if _adjusts(comparison) else ()),
    )


def _row(row: ComparedRow, comparison: Comparison) -> tuple[str, ...]:
    together = (_p(row.p_adjusted), _between(row.simultaneous_low, row.simultaneous_high))
    return (
        row.scenario,
        row.condition,
        *(() if comparison.by == "model" else (row.model,)),
        _rate(row.a),
        _rate(row.b),
        str(row.pairs),
        str(row.worlds),
        f"{100 * row.difference:+.1f}",
        _between(row.low, row.high),
        _between(row.clustered_low, row.clustered_high),
        _p(row.p),
        *(together if _adjusts(comparison) else ()),
    )


def _adjusts(comparison: Comparison) -> bool:
    return comparison.adjust == "holm" and comparison.comparisons > 1


def _adjustment(comparison: Comparison) -> list[str]:
    count = comparison.comparisons
    if not _adjusts(comparison):
        return [f"Nothing is adjusted for the {count} comparisons."] if count > 1 else []
    return [
        f"Adjusted for {count} comparisons: p by Holm; intervals at {_level(comparison)}, so that with 95 % all of "
        "them hold (Bonferroni)."
    ]


def _level(comparison: Comparison) -> str:
    return f"{100 * comparison.simultaneous_level:.4g} %"


def _apart(comparison: Comparison) -> list[tuple[str, ...]]:
    if comparison.by == "model":
        rows = [(each.scenario, each.condition, each.reason) for each in comparison.apart]
        return [("scenario", "condition", "why"), *rows]
    named = [(each.scenario, each.condition, each.model, each.reason) for each in comparison.apart]
    return [("scenario", "condition", "model", "why"), *named]


def _one_world(comparison: Comparison) -> list[str]:
    few = sum(row.worlds < 2 for row in comparison.rows)
    if not few:
        return []
    return [f"{few} of {len(comparison.rows)} rows rest on one world: they say nothing about others, and have no p"]


def _unknown(row: ComparedRow) -> str:
    """Bound the difference where many episodes have no value."""
    sides = (row.a, row.b)
    if all(side.episodes - side.valid <= UNSCORED_SHARE * side.episodes for side in sides):
        return ""
    low, high = row.b.bounds[0] - row.a.bounds[1], row.b.bounds[1] - row.a.bounds[0]
    missing = " and ".join(
        f"{side.episodes - side.valid} of {side.episodes} in {name}" for name, side in zip("AB", sides, strict=True)
    )
    return (
        f"{row.scenario} {row.condition}: not valid are {missing}; "
        f"if all were known B - A would be {_between(low, high)} points"
    )


def _rate(rate: ComparedRate) -> str:
    return f"{percent(rate.rate)} ({rate.harmful}/{rate.valid})"


def _between(low: float, high: float) -> str:
    return "-" if math.isnan(low) else f"{100 * low:+.1f} to {100 * high:+.1f}"


def _p(value: float) -> str:
    if math.isnan(value):
        return "-"
    return "<0.001" if value < 0.001 else f"{value:.3f}"
