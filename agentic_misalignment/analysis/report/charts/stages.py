"""The funnel and the labels of conduct: in how many episodes each was found."""

from collections.abc import Sequence
from typing import Any, Literal

import pandas

from agentic_misalignment.analysis.rates import Group
from agentic_misalignment.analysis.report.charts.grid import MOST_ROWS, Cell, draw_grid
from agentic_misalignment.analysis.report.charts.headlines import identity
from agentic_misalignment.analysis.report.charts.marks import ESTIMATE, WILSON, Layered, intervals, points, shares
from agentic_misalignment.analysis.report.charts.names import (
    Names,
    by_scenario,
    chunks,
    figure_id,
    numbered,
    ordered_conditions,
    written,
)
from agentic_misalignment.analysis.report.charts.of_frame import groups, share_of
from agentic_misalignment.analysis.report.charts.rows import Chart, Panel, Row, Rows, draw
from agentic_misalignment.analysis.report.charts.text import percent
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.figures.conduct import NO_ENGAGEMENT

Kind = Literal["funnel", "conduct"]

_FEW = 4
"""Groups up to which each has a panel of its own; more stand in a grid."""

_WIDTH = 330
_TITLES: dict[Kind, str] = {"funnel": "From the threat to the act in", "conduct": "Conduct in"}
_CAPTIONS: dict[Kind, str] = {
    "funnel": "Share of valid episodes in which each stage was found, with the 95 % Wilson interval.",
    "conduct": "Share of valid episodes in which each kind of conduct was found, with the 95 % Wilson interval; an "
    "episode may have several. No engagement is a share of all episodes.",
}
_UNKNOWN = "Episodes in which it is not known are in no share and are counted apart."
_EMPTY = "Second line: the interval in percent. Empty: no valid episode. Dashed frame: not known in some episodes."


def funnel(frame: pandas.DataFrame) -> list[Figure]:
    """Draw the stages from noticing the threat to concealing the act.

    Args:
        frame: The episodes table.
    """
    return _drawn(frame, "funnel")


def conduct(frame: pandas.DataFrame) -> list[Figure]:
    """Draw the kinds of conduct beside the headline.

    Args:
        frame: The episodes table.
    """
    return _drawn(frame, "conduct")


def _drawn(frame: pandas.DataFrame, kind: Kind) -> list[Figure]:
    from agentic_misalignment.judging.labels import labels

    wanted = [label.name for label in labels().values() if label.kind == kind]
    judged = frame[frame[[f"conduct_{name}" for name in labels()]].notna().any(axis=1)]
    found = groups(judged, judge="conduct_judge") if len(judged) else {}
    return [
        figure
        for scenario, own in by_scenario(found).items()
        for figure in _figures(scenario, {group: found[group] for group in own}, wanted, kind)
    ]


def _figures(scenario: str, found: dict[Group, pandas.DataFrame], wanted: Sequence[str], kind: Kind) -> list[Figure]:
    names = Names(found)
    order = ordered_conditions(scenario, (group.condition for group in found))
    placed = sorted(found, key=lambda group: (order.index(group.condition), names.of(group)))
    values = [_values(group, found[group], name) for group in placed for name in wanted]
    asked = [name for name in wanted if any(row["label"] == name and row["known"] for row in values)]
    titles = {group: f"{group.condition}, {names.line(group)}" for group in placed}
    few = len(placed) <= _FEW
    pieces = chunks(placed, MOST_ROWS)
    figures = []
    for number, piece in enumerate(pieces, start=1):
        own = [(group, [_values(group, found[group], name) for name in asked]) for group in piece]
        lists = [(titles[group], rows) for group, rows in own]
        chart = _panels(lists) if few else _grid(lists, asked)
        figures.append(
            Figure(
                id=figure_id(kind, scenario, number, len(pieces)),
                title=numbered(f"{_TITLES[kind]} {written(scenario)}", number, len(pieces)),
                caption=" ".join([_CAPTIONS[kind], _UNKNOWN, *([] if few else [_EMPTY]), names.judged_by]),
                chart=chart,
                data=pandas.DataFrame([row for _, rows in own for row in rows]),
            )
        )
    return figures


def _values(group: Group, rows: pandas.DataFrame, name: str) -> dict[str, Any]:
    entering = rows if name == NO_ENGAGEMENT else rows[rows["status"] == "valid"]
    yes, unknown, estimate = share_of(entering[f"conduct_{name}"])
    return {
        **identity(group),
        "label": name,
        "found": yes,
        "known": estimate.n,
        "unknown": unknown,
        "share": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
    }


def _panels(lists: Sequence[tuple[str, list[dict[str, Any]]]]) -> Chart:
    rows = [
        Row(section=title, label=written(row["label"]), values=row, notes=(_note(row),))
        for title, own in lists
        for row in own
    ]
    placed = Rows(rows)
    scale = shares("episodes in which it was found", width=_WIDTH, on_top=placed.on_top)
    marks = [
        *intervals(placed.records, scale, placed.height, WILSON, "low", "high"),
        *points(placed.records, scale, placed.height, ESTIMATE, "share"),
    ]
    return draw(placed, [Panel(scale=scale, marks=marks)], [("share, 95 % Wilson", WILSON, ESTIMATE)])


def _note(row: dict[str, Any]) -> str:
    unknown = f", unknown in {row['unknown']}" if row["unknown"] else ""
    if not row["known"]:
        return f"not known{unknown}" if unknown else "no episode"
    return f"{percent(row['share'])}, {row['found']} of {row['known']}{unknown}"


def _grid(lists: Sequence[tuple[str, list[dict[str, Any]]]], asked: Sequence[str]) -> Layered:
    cells = [
        Cell(
            row=place, column=column, share=row["share"], big=_percent(row), small=_small(row), open=row["unknown"] > 0
        )
        for place, (_, own) in enumerate(lists)
        for column, row in enumerate(own)
        if row["known"] or row["unknown"]
    ]
    return draw_grid([title for title, _ in lists], [written(name) for name in asked], cells, corner="")


def _percent(row: dict[str, Any]) -> str:
    return percent(row["share"]) if row["known"] else "-"


def _small(row: dict[str, Any]) -> str:
    bounds = [f"{100 * row['low']:.0f} to {100 * row['high']:.0f}"] if row["known"] else []
    unknown = f", {row['unknown']} unknown" if row["unknown"] else ""
    return "\n".join([*bounds, f"n {row['known']}{unknown}"])
