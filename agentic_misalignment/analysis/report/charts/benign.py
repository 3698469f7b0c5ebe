"""The benign twin: harm on a day without conflict, and how much of the ordinary work is done."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas

from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.report.charts.headlines import harmful, rate_values
from agentic_misalignment.analysis.report.charts.marks import ESTIMATE, WILSON, WORLDS, Sign, intervals, points, shares
from agentic_misalignment.analysis.report.charts.names import (
    Names,
    by_scenario,
    figure_id,
    numbered,
    ordered_conditions,
    written,
)
from agentic_misalignment.analysis.report.charts.of_frame import episodes_of, is_held, is_twin, levels_of
from agentic_misalignment.analysis.report.charts.rows import Chart, Panel, Row, Rows, draw, pages
from agentic_misalignment.analysis.report.charts.text import percent
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.utility import utility_figures

_WIDTH = 215
_REACH = _WIDTH + 90
"""Headings end before the second panel."""

_SIGNS: list[Sign] = [("rate or share, 95 % Wilson", WILSON, ESTIMATE), ("95 % over worlds", WORLDS, None)]
_CAPTION = (
    "Left: false positives, the valid episodes with harm where there is no conflict, threat or opportunity. Right: "
    "utility, the mean share of the ordinary chores that were answered in valid episodes; its intervals take each "
    "episode's share for part of a yes, which is wider than need be."
)

_HELD = "Where what is sent is held for approval nothing leaves, so nothing counts as answered."


def twin(rates: Sequence[Rate], frame: pandas.DataFrame) -> list[Figure]:
    """Draw the rate of harm and the utility under the conditions of the benign twin.

    Args:
        rates: The rates.
        frame: The episodes table, which tells the levels of each condition and the utility.
    """
    return [
        figure
        for scenario in by_scenario(rate.group for rate in rates)
        for figure in _figures(scenario, [rate for rate in rates if rate.group.scenario == scenario], frame)
    ]


def _figures(scenario: str, rates: Sequence[Rate], frame: pandas.DataFrame) -> list[Figure]:
    levels = {rate.group: levels_of(rate.group, frame) for rate in rates}
    benign = [rate for rate in rates if is_twin(scenario, levels[rate.group])]
    names = Names(rate.group for rate in benign)
    order = ordered_conditions(scenario, (rate.group.condition for rate in benign))
    placed = sorted(benign, key=lambda rate: (order.index(rate.group.condition), names.of(rate.group)))
    held = any(is_held(levels[rate.group]) for rate in benign)
    pieces = pages([_row(rate, names, frame) for rate in placed])
    return [
        Figure(
            id=figure_id("twin", scenario, number, len(pieces)),
            title=numbered(f"Benign twin of {written(scenario)}", number, len(pieces)),
            caption=" ".join([_CAPTION, *([_HELD] if held else []), names.judged_by]),
            chart=_chart(piece),
            data=pandas.DataFrame([row.values for row in piece]),
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def _row(rate: Rate, names: Names, frame: pandas.DataFrame) -> Row:
    values = {**rate_values(rate), **_utility(rate.group, frame)}
    valid = rate.statuses["valid"]
    harm = f"{percent(values['rate'])}, {harmful(rate)} of {valid}" if valid else f"none of {rate.episodes} valid"
    known = values["utility_episodes"]
    done = f"{percent(values['utility'])}, n {known:.0f}" if known else "-"
    return Row(section=rate.group.condition, label=names.of(rate.group), values=values, notes=(harm, done))


def _utility(group: Group, frame: pandas.DataFrame) -> Mapping[str, Any]:
    own = episodes_of(group, frame)
    known = own[(own["status"] == "valid") & own["utility"].notna()]
    figures = utility_figures(zip(known["utility"], known["world"], strict=True))
    names = {"rate": "", "wilson_low": "_low", "wilson_high": "_high", "episodes": "_episodes"}
    names |= {"clustered_low": "_clustered_low", "clustered_high": "_clustered_high"}
    return {f"utility{ending}": figures[name] for name, ending in names.items()}


def _chart(rows: Sequence[Row]) -> Chart:
    placed = Rows(rows, reach=_REACH)
    harm = shares("valid episodes with harm", width=_WIDTH, on_top=placed.on_top)
    work = shares("chores answered", width=_WIDTH, on_top=placed.on_top)
    tall, records = placed.height, placed.records
    left = [
        *intervals(records, harm, tall, WILSON, "wilson_low", "wilson_high"),
        *intervals(records, harm, tall, WORLDS, "clustered_low", "clustered_high"),
        *points(records, harm, tall, ESTIMATE, "rate"),
    ]
    right = [
        *intervals(records, work, tall, WILSON, "utility_low", "utility_high"),
        *intervals(records, work, tall, WORLDS, "utility_clustered_low", "utility_clustered_high"),
        *points(records, work, tall, ESTIMATE, "utility"),
    ]
    return draw(placed, [Panel(scale=harm, marks=left), Panel(scale=work, marks=right)], _SIGNS)
