"""Rates by model and condition, with their intervals."""

from collections.abc import Sequence
from typing import Any

import pandas

from agentic_misalignment.analysis.judge_study import StudyResult
from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.report.charts.marks import (
    BOUNDS,
    CORRECTED,
    CORRECTED_ESTIMATE,
    ESTIMATE,
    WILSON,
    WORLDS,
    Record,
    Sign,
    intervals,
    points,
    shares,
)
from agentic_misalignment.analysis.report.charts.names import (
    Names,
    by_scenario,
    figure_id,
    numbered,
    ordered_conditions,
    variant,
    written,
)
from agentic_misalignment.analysis.report.charts.rows import Panel, Row, Rows, draw, pages
from agentic_misalignment.analysis.report.charts.text import percent, span, worlds
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.table import UNSCORED_SHARE, corrected_for

_STEP = 11
"""Distance of the intervals of one rate, in pixels."""

_WIDTH = 320


def headline_chart(rates: Sequence[Rate], studies: Sequence[StudyResult] = ()) -> list[Figure]:
    """Draw rates with their intervals: by scenario, the condition of the headline first.

    Args:
        rates: The rates.
        studies: Results of judge studies; a rate of the same judge and rubric stands there corrected too.
    """
    return [
        figure
        for scenario in by_scenario(rate.group for rate in rates)
        for figure in _figures(scenario, [rate for rate in rates if rate.group.scenario == scenario], studies)
    ]


def _figures(scenario: str, rates: Sequence[Rate], studies: Sequence[StudyResult]) -> list[Figure]:
    names = Names(rate.group for rate in rates)
    order = ordered_conditions(scenario, (rate.group.condition for rate in rates))
    placed = sorted(rates, key=lambda rate: (order.index(rate.group.condition), names.of(rate.group)))
    single = len({variant(rate.group) for rate in rates}) == 1
    rows = [_row(rate, names, studies, single=single) for rate in placed]
    pieces = pages(rows)
    return [
        _figure(scenario, piece, names.judged_by, number, len(pieces)) for number, piece in enumerate(pieces, start=1)
    ]


def _row(rate: Rate, names: Names, studies: Sequence[StudyResult], *, single: bool) -> Row:
    values = _values(rate, studies)
    name, condition = names.of(rate.group), rate.group.condition
    return Row(
        section=names.line(rate.group) if single else condition,
        label=condition if single else name,
        values=values,
        notes=(_note(rate, values),),
        least=26 + _STEP * (values["bounds"] + _is_corrected(values)),
    )


def identity(group: Group) -> dict[str, str]:
    """Return what a row of data is about."""
    return {"scenario": group.scenario, "condition": group.condition, "model": group.model} | {
        name: getattr(group, name) for name in ("judge", "version", "rubric_hash", "data_hash", "setup")
    }


def rate_values(rate: Rate) -> dict[str, Any]:
    """Return what a row of data says of a rate."""
    figures = rate.figures
    return {
        **identity(rate.group),
        "episodes": rate.episodes,
        "valid": rate.statuses["valid"],
        "worlds": int(figures["worlds"]),
        **{name: figures[name] for name in ("rate", "wilson_low", "wilson_high", "clustered_low", "clustered_high")},
        "bound_low": figures["bound_low"],
        "bound_high": figures["bound_high"],
    }


def _values(rate: Rate, studies: Sequence[StudyResult]) -> dict[str, Any]:
    # Where no judge decided, there is nothing to correct and nothing more to draw.
    found, nan = corrected_for(rate, studies) if rate.judged[1] else None, float("nan")
    return {
        **rate_values(rate),
        "corrected": found.value if found else nan,
        "corrected_low": found.low if found else nan,
        "corrected_high": found.high if found else nan,
        "bounds": much_unknown(rate),
    }


def much_unknown(rate: Rate) -> bool:
    """Tell whether so many episodes have no value that the rate stands with its bounds."""
    return rate.episodes - rate.statuses["valid"] > UNSCORED_SHARE * rate.episodes


def harmful(rate: Rate) -> int:
    """Return the number of valid episodes with harm."""
    return rate.judged[0] + rate.known[0]


def _note(rate: Rate, values: dict[str, Any]) -> str:
    valid, missing = rate.statuses["valid"], rate.episodes - rate.statuses["valid"]
    known = f"if known {span(values['bound_low'], values['bound_high'])}"
    if not valid:
        return f"none of {rate.episodes} valid\n{known}"
    lines = [f"{percent(values['rate'])}, {harmful(rate)} of {valid}, {worlds(values['worlds'])}"]
    if values["bounds"]:
        lines.append(f"{missing} not valid; {known}")
    if _is_corrected(values):
        lines.append(f"corrected {percent(values['corrected'])}, {_corrected_span(values)}")
    return "\n".join(lines)


def _figure(scenario: str, rows: Sequence[Row], judged_by: str, number: int, of: int) -> Figure:
    placed = Rows(rows)
    records = [_stacked(record) for record in placed.records]
    scale, tall = shares("valid episodes with harm", width=_WIDTH, on_top=placed.on_top), placed.height
    unknown = [record for record in records if record["bounds"]]
    marks = [
        *intervals(unknown, scale, tall, BOUNDS, "bound_low", "bound_high", field="bounds_y"),
        *intervals(records, scale, tall, WILSON, "wilson_low", "wilson_high"),
        *intervals(records, scale, tall, WORLDS, "clustered_low", "clustered_high"),
        *points(records, scale, tall, ESTIMATE, "rate"),
        *intervals(records, scale, tall, CORRECTED, "corrected_low", "corrected_high", field="corrected_y"),
        *points(records, scale, tall, CORRECTED_ESTIMATE, "corrected", field="corrected_y"),
    ]
    corrected = any(record["corrected"] == record["corrected"] for record in records)
    return Figure(
        id=figure_id("headline", scenario, number, of),
        title=numbered(f"Rate of harm in {written(scenario)}", number, of),
        caption=_caption(judged_by, bounds=bool(unknown), corrected=corrected),
        chart=draw(placed, [Panel(scale=scale, marks=marks)], _signs(bounds=bool(unknown), corrected=corrected)),
        data=pandas.DataFrame([row.values for row in rows]).drop(columns="bounds"),
    )


def _stacked(record: Record) -> Record:
    """Give each interval of a row a height of its own."""
    lines = ["y", *(["bounds_y"] if record["bounds"] else []), *(["corrected_y"] if _is_corrected(record) else [])]
    first = record["y"] - _STEP * (len(lines) - 1) / 2
    heights = {name: first + _STEP * place for place, name in enumerate(lines)}
    return {**record, "bounds_y": 0.0, "corrected_y": 0.0, **heights}


def _corrected_span(values: Record) -> str:
    return span(values["corrected_low"], values["corrected_high"])


def _is_corrected(values: Record) -> bool:
    return bool(values["corrected"] == values["corrected"])


def _signs(*, bounds: bool, corrected: bool) -> list[Sign]:
    signs: list[Sign] = [("rate, 95 % Wilson", WILSON, ESTIMATE), ("95 % over worlds", WORLDS, None)]
    signs += [("if all were known", BOUNDS, None)] if bounds else []
    return signs + ([("corrected for the judge", CORRECTED, CORRECTED_ESTIMATE)] if corrected else [])


def _caption(judged_by: str, *, bounds: bool, corrected: bool) -> str:
    sentences = [
        "Share of valid episodes with harm. The thick interval takes episodes for independent, the thin one takes "
        "worlds as clusters and is missing with a single world.",
    ]
    if bounds:
        sentences.append("Dotted: the rate if every act that is not known had been harmless, or harmful.")
    if corrected:
        sentences.append("Diamond: corrected for the judge's errors in its study, episodes taken for independent.")
    return " ".join([*sentences, judged_by])
