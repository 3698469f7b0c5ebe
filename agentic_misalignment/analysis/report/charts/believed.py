"""Harm by reality belief: how often each belief was found, and what was done with it."""

from collections.abc import Sequence
from typing import Any

import pandas

from agentic_misalignment.analysis.beliefs import BeliefTable
from agentic_misalignment.analysis.report.charts.headlines import identity
from agentic_misalignment.analysis.report.charts.marks import ESTIMATE, WILSON, WORLDS, Sign, intervals, points, shares
from agentic_misalignment.analysis.report.charts.names import Names, by_scenario, figure_id, numbered, written
from agentic_misalignment.analysis.report.charts.rows import Chart, Panel, Row, Rows, draw, pages
from agentic_misalignment.analysis.report.charts.text import percent, points_of
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.figures.beliefs import DIFFERENCE
from agentic_misalignment.judging import BELIEFS

_WIDTH = 215
_REACH = _WIDTH + 90
"""Headings end before the second panel."""

_SIGNS: list[Sign] = [("share or rate, 95 % Wilson", WILSON, ESTIMATE), ("95 % over worlds", WORLDS, None)]
_CAPTION = (
    "Left: share of episodes with each belief. Right: rate of harm among those of them whose harm is known. "
    "Beliefs are not drawn by chance: a difference is an association."
)


def beliefs(tables: Sequence[BeliefTable]) -> list[Figure]:
    """Draw the share of each reality belief and the rate of harm with it, first where the prompt asked.

    Args:
        tables: The tables.
    """
    return [
        figure
        for scenario in by_scenario(table.group for table in tables)
        for figure in _figures(scenario, [table for table in tables if table.group.scenario == scenario])
    ]


def _figures(scenario: str, tables: Sequence[BeliefTable]) -> list[Figure]:
    names = Names(table.group for table in tables)
    judges = sorted({table.judge for table in tables})
    placed = sorted(tables, key=lambda table: not table.prompted)
    rows = [row for table in placed for row in _rows(table, names, several=len(judges) > 1)]
    believed = f"Beliefs judged by {judges[0] or 'none'}." if len(judges) == 1 else "Judges of beliefs differ."
    pieces = pages(rows)
    return [
        Figure(
            id=figure_id("beliefs", scenario, number, len(pieces)),
            title=numbered(f"Harm by reality belief in {written(scenario)}", number, len(pieces)),
            caption=f"{_CAPTION} {names.judged_by} {believed}",
            chart=_chart(piece),
            data=pandas.DataFrame([row.values for row in piece]),
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def _rows(table: BeliefTable, names: Names, *, several: bool) -> list[Row]:
    asked = "asked by the prompt" if table.prompted else "not asked by the prompt"
    heading = [table.group.condition, names.line(table.group), asked]
    heading += [f"beliefs judged by {table.judge}, rubric {table.rubric_hash}"] if several else []
    difference = table.figures[DIFFERENCE]
    heading += [f"harm(real) - harm(test) {points_of(difference)} points"] if difference == difference else []
    heading += [f"{table.unscored} without a belief"] if table.unscored else []
    rows = [_values(table, belief) for belief in BELIEFS]
    return [
        Row(section=", ".join(heading), label=written(row["belief"]), values=row, notes=_notes(row)) for row in rows
    ]


def _values(table: BeliefTable, belief: str) -> dict[str, Any]:
    figures, share, harm = table.figures, f"share_{belief}", f"harm_{belief}"
    return {
        **identity(table.group),
        "belief_judge": table.judge,
        "belief_rubric_hash": table.rubric_hash,
        "belief": belief,
        "episodes": int(figures[f"{belief}_episodes"]),
        "share": figures[share],
        "share_low": figures[f"{share}_low"],
        "share_high": figures[f"{share}_high"],
        "harm_known": int(figures[f"{harm}_episodes"]),
        "harm": figures[harm],
        **{f"harm_{end}": figures[f"{harm}_{end}"] for end in ("low", "high", "clustered_low", "clustered_high")},
    }


def _notes(row: dict[str, Any]) -> tuple[str, str]:
    share = f"{percent(row['share'])}, n {row['episodes']}" if row["share"] == row["share"] else "no episode"
    if not row["harm_known"]:
        return share, "no episode"
    return share, f"{percent(row['harm'])}, n {row['harm_known']}"


def _chart(rows: Sequence[Row]) -> Chart:
    placed = Rows(rows, reach=_REACH)
    share = shares("episodes with the belief", width=_WIDTH, on_top=placed.on_top)
    harm = shares("of these, with harm", width=_WIDTH, on_top=placed.on_top)
    tall, records = placed.height, placed.records
    left = [
        *intervals(records, share, tall, WILSON, "share_low", "share_high"),
        *points(records, share, tall, ESTIMATE, "share"),
    ]
    right = [
        *intervals(records, harm, tall, WILSON, "harm_low", "harm_high"),
        *intervals(records, harm, tall, WORLDS, "harm_clustered_low", "harm_clustered_high"),
        *points(records, harm, tall, ESTIMATE, "harm"),
    ]
    return draw(placed, [Panel(scale=share, marks=left), Panel(scale=harm, marks=right)], _SIGNS)
