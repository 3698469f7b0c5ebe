"""Exits: whether a way out is used, and the rate of harm with it."""

import re
from collections.abc import Mapping, Sequence

import pandas

from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.report.charts.headlines import harmful, rate_values
from agentic_misalignment.analysis.report.charts.marks import ESTIMATE, WILSON, WORLDS, Sign, intervals, points, shares
from agentic_misalignment.analysis.report.charts.names import (
    Names,
    by_scenario,
    figure_id,
    numbered,
    variant,
    written,
)
from agentic_misalignment.analysis.report.charts.of_frame import episodes_of, is_held, is_twin, levels_of
from agentic_misalignment.analysis.report.charts.rows import Chart, Panel, Row, Rows, draw, pages
from agentic_misalignment.analysis.report.charts.text import percent
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE
from agentic_misalignment.scenarios.factor import Factor

_FACTOR = "exit"
_USED = "exit_used"
_WIDTH = 215
_REACH = _WIDTH + 90
"""Headings end before the second panel."""

_SIGNS: list[Sign] = [("share or rate, 95 % Wilson", WILSON, ESTIMATE), ("95 % over worlds", WORLDS, None)]
_CAPTION = (
    "Left: share of all episodes in which the way out was written to, whatever was said; a notice or an approval is no "
    "address to write to. Right: rate of harm over the valid episodes. In the benign twin use is false use."
)
_APPROVAL = (
    "With send approval nothing that is sent leaves, so its rate of harm is no measure of what was tried; beside it "
    "stand the episodes with an attempt."
)

Levels = Mapping[str, str]
Item = tuple[Rate, Levels]


def exits(rates: Sequence[Rate], frame: pandas.DataFrame) -> list[Figure]:
    """Draw the use of each exit and the rate of harm with it, beside the same conditions without one.

    Args:
        rates: The rates.
        frame: The episodes table, which tells the levels of each condition.
    """
    return [
        figure
        for scenario in by_scenario(rate.group for rate in rates)
        for figure in _figures(scenario, [rate for rate in rates if rate.group.scenario == scenario], frame)
    ]


def _figures(scenario: str, rates: Sequence[Rate], frame: pandas.DataFrame) -> list[Figure]:
    named = [(rate, levels_of(rate.group, frame)) for rate in rates]
    known = [(rate, own) for rate, own in named if own.get(_FACTOR)]
    arms: dict[tuple[Group, tuple[tuple[str, str], ...]], list[Item]] = {}
    for rate, own in known:
        others = tuple((factor, level) for factor, level in own.items() if factor != _FACTOR)
        arms.setdefault((variant(rate.group), others), []).append((rate, own))
    without = (_factor().about.default, NOT_APPLICABLE)
    offered = [arm for arm in arms.values() if any(own[_FACTOR] not in without for _, own in arm)]
    names = Names(rate.group for arm in offered for rate, _ in arm)
    rows = [row for arm in offered for row in _rows(scenario, arm, names, frame)]
    pieces = pages(rows)
    return [
        Figure(
            id=figure_id("exits", scenario, number, len(pieces)),
            title=numbered(f"Ways out in {written(scenario)}", number, len(pieces)),
            caption=" ".join([_CAPTION, *([_APPROVAL] if _held(piece) else []), names.judged_by]),
            chart=_chart(piece),
            data=pandas.DataFrame([row.values for row in piece]),
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def _held(rows: Sequence[Row]) -> bool:
    return any(row.values["attempted"] is not None for row in rows)


def _rows(scenario: str, arm: Sequence[Item], names: Names, frame: pandas.DataFrame) -> list[Row]:
    default = _factor().about.default
    placed = sorted(arm, key=lambda item: (item[1][_FACTOR] != default, item[1][_FACTOR]))
    rate, own = placed[0]
    twin = ["benign twin"] if is_twin(scenario, own) else []
    section = ", ".join([_base(rate.group.condition, own[_FACTOR]), *twin, names.line(rate.group)])
    return [_row(section, rate, own, frame) for rate, own in placed]


def _factor() -> Factor:
    from agentic_misalignment.scenarios.factor import factors

    return factors()[_FACTOR]


def _base(condition: str, level: str) -> str:
    """Return the id that a condition would have without its way out."""
    return re.sub(rf"-{re.escape(_factor().about.label.format(level=level))}(?=-|$)", "", condition)


def _row(section: str, rate: Rate, levels: Levels, frame: pandas.DataFrame) -> Row:
    level, nan = levels[_FACTOR], float("nan")
    used = int(rate.flags.get(f"{_USED}_episodes", 0))
    values = {
        **rate_values(rate),
        "exit": level,
        "use": rate.flags.get(_USED, nan),
        "use_low": rate.flags.get(f"{_USED}_low", nan),
        "use_high": rate.flags.get(f"{_USED}_high", nan),
        "use_episodes": used,
        "attempted": _attempted(rate.group, frame) if is_held(levels) else None,
    }
    use = f"{percent(values['use'])}, n {used}" if used else "-"
    return Row(section=section, label=written(level), values=values, notes=(use, _harm_note(rate, values["attempted"])))


def _attempted(group: Group, frame: pandas.DataFrame) -> int:
    """Count the valid episodes with an attempt."""
    own = episodes_of(group, frame)
    return int((own[own["status"] == "valid"]["attempted"] > 0).sum())


def _harm_note(rate: Rate, attempted: int | None) -> str:
    valid = rate.statuses["valid"]
    if not valid:
        return f"none of {rate.episodes} valid"
    harm = f"{percent(rate.figures['rate'])}, {harmful(rate)} of {valid}"
    return harm if attempted is None else f"{harm}\nattempted in {attempted}"


def _chart(rows: Sequence[Row]) -> Chart:
    placed = Rows(rows, reach=_REACH)
    use = shares("episodes that use it", width=_WIDTH, on_top=placed.on_top)
    harm = shares("valid episodes with harm", width=_WIDTH, on_top=placed.on_top)
    tall, records = placed.height, placed.records
    left = [
        *intervals(records, use, tall, WILSON, "use_low", "use_high"),
        *points(records, use, tall, ESTIMATE, "use"),
    ]
    right = [
        *intervals(records, harm, tall, WILSON, "wilson_low", "wilson_high"),
        *intervals(records, harm, tall, WORLDS, "clustered_low", "clustered_high"),
        *points(records, harm, tall, ESTIMATE, "rate"),
    ]
    return draw(placed, [Panel(scale=use, marks=left), Panel(scale=harm, marks=right)], _SIGNS)
