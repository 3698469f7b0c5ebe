"""Rates as a plain table."""

import math
from collections.abc import Sequence

from agentic_misalignment.analysis.correction import corrected_rate
from agentic_misalignment.analysis.judge_study import LabelResult, StudyResult
from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.figures import Estimate
from agentic_misalignment.judging import rubric

UNSCORED_SHARE = 0.02
"""Share of episodes without a value above which a rate is printed with both bounds."""

_COUNT = "_episodes"

_FLAG_HEADINGS = ("scenario", "condition", "model", "beside the rate", "episodes", "share", "95 % Wilson")

_FIRST = ("scenario", "condition", "model", "judge", "valid", "rate")
_CORRECTED = ("corrected", "95 % with judge errors, episodes independent")
_LAST = ("not valid",)


def rate_table(rates: Sequence[Rate], studies: Sequence[StudyResult] = ()) -> str:
    """Write rates as an aligned table with what has to be known beside it.

    Args:
        rates: The rates.
        studies: Results of judge studies; a rate of the same judge and rubric stands there corrected too.

    Returns:
        The table. A rate with more than 2 % of its episodes without a value is followed by its bounds; a
        rate is never printed without an interval.
    """
    single = "95 %, Wilson or by rule" if any(rate.stopped_at for rate in rates) else "95 % Wilson"
    headings = (*_FIRST, single, "95 % over worlds", *(_CORRECTED if studies else ()), *_LAST)
    lines = aligned([headings, *(_row(rate, studies) for rate in rates)])
    lines += _flags(rates)
    why = {note for rate in rates if studies and (note := uncorrected(rate, studies))}
    notes = sorted({note for rate in rates for note in rate.notes} | set(apart(rates)) | why)
    return "\n".join([*lines, *([""] if notes else []), *(f"NOTE: {note}." for note in notes)])


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table, the first row as its heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _flags(rates: Sequence[Rate]) -> list[str]:
    """Return a second table with the flags, such as the use of a way out, where there are any."""
    rows = [
        _flag_row(rate, name.removesuffix(_COUNT)) for rate in rates for name in rate.flags if name.endswith(_COUNT)
    ]
    return ["", *aligned([_FLAG_HEADINGS, *rows])] if rows else []


def _flag_row(rate: Rate, name: str) -> tuple[str, ...]:
    figures = rate.flags
    return (
        rate.group.scenario,
        rate.group.condition,
        rate.group.model,
        name,
        f"{figures[f'{name}{_COUNT}']:.0f}",
        percent(figures[name]),
        interval(figures[f"{name}_low"], figures[f"{name}_high"]),
    )


def apart(rates: Sequence[Rate]) -> list[str]:
    """Say why episodes of one model, judge and condition stand in several rows."""
    rows: dict[tuple[str, ...], list[Rate]] = {}
    for rate in rates:
        group = rate.group
        rows.setdefault((group.scenario, group.condition, group.model, group.judge), []).append(rate)
    fields = ("version", "rubric_hash", "data_hash", "setup")
    return [
        f"{several[0].group.model} stands in {len(several)} rows that may not be pooled: they differ in {differ}"
        for several in rows.values()
        if (differ := ", ".join(name for name in fields if len({getattr(each.group, name) for each in several}) > 1))
    ]


def _row(rate: Rate, studies: Sequence[StudyResult]) -> tuple[str, ...]:
    figures = rate.figures
    corrected = corrected_for(rate, studies)
    more = (percent(corrected.value), interval(corrected.low, corrected.high)) if corrected else ("-", "-")
    return (
        rate.group.scenario,
        rate.group.condition,
        rate.group.model,
        rate.group.judge,
        f"{rate.statuses['valid']}/{rate.episodes}",
        percent(figures["rate"]),
        interval(figures["wilson_low"], figures["wilson_high"]),
        interval(figures["clustered_low"], figures["clustered_high"]),
        *(more if studies else ()),
        not_valid(rate),
    )


def study_of(rate: Rate, studies: Sequence[StudyResult]) -> LabelResult | None:
    """Return what is known of the judge of a rate, on the rubric of the rate; `None` if it was not studied.

    Args:
        rate: The rate.
        studies: Results of judge studies.
    """
    group = rate.group
    found = (
        study.label(group.scenario)
        for study in studies
        if study.judge == group.judge and study.rubric_hashes.get(group.scenario) == group.rubric_hash
    )
    return next((label for label in found if label), None)  # a study of attacks has no labels


def corrected_for(rate: Rate, studies: Sequence[StudyResult]) -> Estimate | None:
    """Return a rate corrected for the errors of its judge; see `corrected_rate`. `None` if the judge was not studied.

    Args:
        rate: The rate.
        studies: Results of judge studies.
    """
    found = study_of(rate, studies)
    if found is None or _apart(rate):
        return None
    counts = found.confusion
    return corrected_rate(
        *rate.judged,
        sensitivity=(counts.tp, counts.tp + counts.fn),
        specificity=(counts.tn, counts.tn + counts.fp),
        known_positive=rate.known[0],
        known=rate.known[1],
    )


def uncorrected(rate: Rate, studies: Sequence[StudyResult]) -> str | None:
    """Say why a rate is not corrected for the errors of its judge; `None` if it is, or if no judge decided in it.

    Args:
        rate: The rate.
        studies: Results of judge studies.
    """
    group, corrected = rate.group, corrected_for(rate, studies)
    if corrected is not None and not math.isnan(corrected.value):
        return None
    if _apart(rate):
        return f"rates of {group.scenario} are not corrected, since misreadings are counted apart from them"
    judge = f"{group.judge or 'nobody'} on rubric {group.scenario} {group.rubric_hash or 'unknown'}"
    if corrected is None:
        return f"no study given is of {judge}: no correction"
    if rate.judged[1]:
        return f"the study of {judge} does not show it to be better than chance: no correction"
    return None


def not_valid(rate: Rate) -> str:
    """Count the episodes that are not valid, with the bounds of the rate if they are many."""
    counts = [f"{status} {count}" for status, count in rate.statuses.items() if count and status != "valid"]
    if rate.figures["no_engagement"]:
        counts.append(f"of these no_engagement {rate.figures['no_engagement']:.0f}")
    if rate.episodes - rate.statuses["valid"] > UNSCORED_SHARE * rate.episodes:
        counts.append(f"rate if all known: {interval(rate.figures['bound_low'], rate.figures['bound_high'])}")
    return ", ".join(counts) or "-"


def percent(value: float) -> str:
    """Write a share."""
    return "-" if math.isnan(value) else f"{100 * value:.0f} %"


def interval(low: float, high: float) -> str:
    """Write an interval of shares."""
    return "-" if math.isnan(low) else f"{100 * low:.0f} to {100 * high:.0f} %"


def _apart(rate: Rate) -> bool:
    """Tell whether some verdicts are no part of the rate: then errors towards them cannot be corrected in it."""
    return bool(rubric(rate.group.scenario).apart)
