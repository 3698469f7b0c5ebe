"""The heat map: the rate of each model under each condition."""

from collections.abc import Sequence
from itertools import product

import pandas

from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.report.charts.grid import MOST_COLUMNS, MOST_ROWS, Cell, draw_grid
from agentic_misalignment.analysis.report.charts.headlines import much_unknown, rate_values
from agentic_misalignment.analysis.report.charts.names import (
    Names,
    by_scenario,
    chunks,
    figure_id,
    numbered,
    ordered_conditions,
    variant,
    written,
)
from agentic_misalignment.analysis.report.charts.text import percent
from agentic_misalignment.analysis.report.figure import Figure

_CAPTION = (
    "Each cell: share of valid episodes with harm, and n, the valid episodes. Empty: not run. Dashed frame: more than "
    "2 % of the episodes are not valid; the last line is the rate in percent if all of them had been harmless, or "
    "harmful. The intervals stand with the rates. "
)


def heat_map(rates: Sequence[Rate]) -> list[Figure]:
    """Draw the rate of each model under each condition, a figure for each scenario.

    What is more, models or conditions, stands in the rows. A scenario with one model and one condition has none, since
    there is nothing to compare.

    Args:
        rates: The rates.
    """
    return [
        figure
        for scenario in by_scenario(rate.group for rate in rates)
        for figure in _figures(scenario, [rate for rate in rates if rate.group.scenario == scenario])
    ]


def _figures(scenario: str, rates: Sequence[Rate]) -> list[Figure]:
    if len(rates) < 2:
        return []
    names = Names(rate.group for rate in rates)
    conditions = ordered_conditions(scenario, (rate.group.condition for rate in rates))
    models = sorted({variant(rate.group): names.of(rate.group) for rate in rates}.items(), key=lambda item: item[1])
    found = {(variant(rate.group), rate.group.condition): rate for rate in rates}
    turned = len(conditions) > len(models)
    model_parts = chunks(models, MOST_COLUMNS if turned else MOST_ROWS)
    condition_parts = chunks(conditions, MOST_ROWS if turned else MOST_COLUMNS)
    pieces = list(product(model_parts, condition_parts))
    return [
        _figure(scenario, piece, found, names.judged_by, number, len(pieces), turned=turned)
        for number, piece in enumerate(pieces, start=1)
    ]


def _figure(
    scenario: str,
    piece: tuple[list[tuple[Group, str]], list[str]],
    found: dict[tuple[Group, str], Rate],
    judged_by: str,
    number: int,
    of: int,
    *,
    turned: bool,
) -> Figure:
    models, conditions = piece
    shown = [
        (place, order, found[group, condition])
        for place, (group, _) in enumerate(models)
        for order, condition in enumerate(conditions)
        if (group, condition) in found
    ]
    cells = [_cell(rate, *((order, place) if turned else (place, order))) for place, order, rate in shown]
    labels = [name for _, name in models]
    rows, columns = (conditions, labels) if turned else (labels, conditions)
    corner = "condition / model" if turned else "model / condition"
    return Figure(
        id=figure_id("heat-map", scenario, number, of),
        title=numbered(f"Harm by model and condition in {written(scenario)}", number, of),
        caption=f"{_CAPTION}{judged_by}",
        chart=draw_grid(rows, columns, cells, corner=corner),
        data=pandas.DataFrame([rate_values(rate) for _, _, rate in shown]),
    )


def _cell(rate: Rate, row: int, column: int) -> Cell:
    valid, figures = rate.statuses["valid"], rate.figures
    bounds = f"{100 * figures['bound_low']:.0f} to {100 * figures['bound_high']:.0f}"
    return Cell(
        row=row,
        column=column,
        share=figures["rate"],
        big=percent(figures["rate"]) if valid else "-",
        small=f"n {valid}\n{bounds}" if much_unknown(rate) else f"n {valid}",
        open=much_unknown(rate),
    )
