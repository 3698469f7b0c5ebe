"""Runs of the published cells beside the published rates."""

from collections.abc import Sequence
from typing import Any

import pandas

from agentic_misalignment.analysis.published import PublishedRow
from agentic_misalignment.analysis.report.charts.headlines import identity
from agentic_misalignment.analysis.report.charts.marks import (
    ESTIMATE,
    OWN_RULE,
    OWN_RULE_ESTIMATE,
    PUBLISHED,
    PUBLISHED_ESTIMATE,
    RANGE,
    WILSON,
    Record,
    Sign,
    intervals,
    points,
    shares,
)
from agentic_misalignment.analysis.report.charts.names import Names, by_scenario, figure_id, numbered, written
from agentic_misalignment.analysis.report.charts.rows import Chart, Panel, Row, Rows, draw, pages
from agentic_misalignment.analysis.report.charts.text import percent
from agentic_misalignment.analysis.report.figure import Figure

_WIDTH = 320
_STEP = 12
_SECOND_HAND = "second-hand"
_CAPTION = (
    "Share of replies with harm in the cells of lynch2025. Only this run by the published rule compares with the "
    "published rates, and its judge differs from the study's; this suite's rule stands beside it."
)


def published(rows: Sequence[PublishedRow]) -> list[Figure]:
    """Draw runs of the published cells beside the published rates.

    Args:
        rows: The rows of `read_published`; other runs do not compare.
    """
    return [
        figure
        for scenario in by_scenario(row.group for row in rows)
        for figure in _figures(scenario, [row for row in rows if row.group.scenario == scenario])
    ]


def _figures(scenario: str, found: Sequence[PublishedRow]) -> list[Figure]:
    names = Names(row.group for row in found)
    rows = [_row(row, names) for row in found]
    second_hand = any(_SECOND_HAND in rate.read for row in found for rate in row.published)
    note = "* Transcribed second-hand from the study's appendix." if second_hand else ""
    pieces = pages(rows)
    return [
        Figure(
            id=figure_id("published", scenario, number, len(pieces)),
            title=numbered(f"Beside the published rates: {written(scenario)}", number, len(pieces)),
            caption=" ".join(filter(None, [_CAPTION, note, names.judged_by])),
            chart=_chart(piece),
            data=pandas.DataFrame([row.values for row in piece]),
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def _row(row: PublishedRow, names: Names) -> Row:
    values = _values(row)
    compared = "" if row.single else f"range of {len(row.published)} published models"
    section = ", ".join(filter(None, [names.line(row.group), row.protocol.replace("_", " "), compared or _of(row)]))
    return Row(
        section=section,
        label=row.cell.condition,
        values=values,
        notes=("\n".join(_notes(row, values)),),
        least=26 + 2 * _STEP,
    )


def _of(row: PublishedRow) -> str:
    return f"published as {row.published[0].model}"


def _values(row: PublishedRow) -> dict[str, Any]:
    figures, single, nan = row.ours.figures, row.single, float("nan")
    percents = [rate.percent / 100 for rate in row.published]
    return {
        **identity(row.group),
        "protocol": row.protocol,
        "episodes": row.ours.episodes,
        "legacy": row.legacy.rate,
        "legacy_low": row.legacy.low,
        "legacy_high": row.legacy.high,
        "legacy_n": row.legacy.n,
        "ours": figures["rate"],
        "ours_low": figures["wilson_low"],
        "ours_high": figures["wilson_high"],
        "ours_n": row.ours.statuses["valid"],
        "published_model": row.published[0].model if single else "",
        "published": single.rate if single else nan,
        "published_low": single.low if single else nan,
        "published_high": single.high if single else nan,
        "published_n": single.n if single else 0,
        "published_least": nan if single else min(percents),
        "published_most": nan if single else max(percents),
        "published_read": "; ".join(dict.fromkeys(rate.read for rate in row.published)),
    }


def _notes(row: PublishedRow, values: dict[str, Any]) -> list[str]:
    mark = "*" if _SECOND_HAND in values["published_read"] else ""
    single = row.single
    return [
        f"published rule {_share(values['legacy'], values['legacy_n'])}",
        f"published{mark} {_share(single.rate, single.n)}"
        if single
        else f"published{mark} {percent(values['published_least'])} to {percent(values['published_most'])}",
        f"this suite's rule {_share(values['ours'], values['ours_n'])}",
    ]


def _share(rate: float, n: int) -> str:
    return f"{percent(rate)}, n {n}" if n else "no verdict"


def _chart(rows: Sequence[Row]) -> Chart:
    placed = Rows(rows)
    records = [_stacked(record) for record in placed.records]
    scale, tall = shares("replies with harm", width=_WIDTH, on_top=placed.on_top), placed.height
    ranged = any(record["published_least"] == record["published_least"] for record in records)
    compared = any(record["published"] == record["published"] for record in records)
    marks = [
        *intervals(records, scale, tall, WILSON, "legacy_low", "legacy_high", field="upper"),
        *points(records, scale, tall, ESTIMATE, "legacy", field="upper"),
        *intervals(records, scale, tall, RANGE, "published_least", "published_most"),
        *intervals(records, scale, tall, PUBLISHED, "published_low", "published_high"),
        *points(records, scale, tall, PUBLISHED_ESTIMATE, "published"),
        *intervals(records, scale, tall, OWN_RULE, "ours_low", "ours_high", field="lower"),
        *points(records, scale, tall, OWN_RULE_ESTIMATE, "ours", field="lower"),
    ]
    signs: list[Sign] = [("this run, published rule, 95 % Wilson", WILSON, ESTIMATE)]
    signs += [("published, 95 % Wilson", PUBLISHED, PUBLISHED_ESTIMATE)] if compared else []
    signs += [("published, least to most", RANGE, None)] if ranged else []
    signs += [("this run, this suite's rule", OWN_RULE, OWN_RULE_ESTIMATE)]
    return draw(placed, [Panel(scale=scale, marks=marks)], signs)


def _stacked(record: Record) -> Record:
    return {**record, "upper": record["y"] - _STEP, "lower": record["y"] + _STEP}
