"""Effects of factors: a forest of paired contrasts, and one of fitted odds ratios."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas

from agentic_misalignment.analysis.effects import Contrast, FittedEffect
from agentic_misalignment.analysis.report.charts.marks import (
    ESTIMATE,
    OFF_LEFT,
    OFF_RIGHT,
    WILSON,
    WORLDS,
    Record,
    Scale,
    Sign,
    ends,
    intervals,
    points,
)
from agentic_misalignment.analysis.report.charts.names import figure_id, numbered, written
from agentic_misalignment.analysis.report.charts.rows import Panel, Row, Rows, draw, pages
from agentic_misalignment.analysis.report.charts.text import percent, points_of, worlds, wrapped
from agentic_misalignment.analysis.report.figure import Figure

_WIDTH = 330
_STEPS = (0.25, 0.5, 1.0)
"""Half-widths of the axis of differences."""

_LARGEST = 1000.0
"""Odds ratios beyond this, or below its inverse, are off the axis."""

_TICKS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
_NOTE = 210
"""Greatest width of what stands beside an effect, in pixels."""

Effect = Contrast | FittedEffect


def forest(contrasts: Sequence[Contrast]) -> list[Figure]:
    """Draw paired contrasts: difference in the rate of harm with both intervals, by factor.

    Args:
        contrasts: The contrasts.
    """
    return [_contrasts(*piece) for piece in _pieces(contrasts)]


def fitted(effects: Sequence[FittedEffect]) -> list[Figure]:
    """Draw fitted odds ratios on a logarithmic axis, by factor.

    Args:
        effects: The effects.
    """
    return [_effects(*piece) for piece in _pieces(effects)]


def _pieces(effects: Sequence[Effect]) -> Iterator[tuple[str, list[Row], int, int]]:
    """Yield scenario and rows of each figure, with its number and how many there are of the scenario."""
    for scenario in sorted({effect.scenario for effect in effects}):
        own = [effect for effect in effects if effect.scenario == scenario]
        factors = list(dict.fromkeys(effect.factor for effect in own))
        levels = list(dict.fromkeys((effect.factor, effect.level) for effect in own))
        placed = sorted(own, key=lambda each: (factors.index(each.factor), levels.index((each.factor, each.level))))
        of_models = {name: len({getattr(effect, name) for effect in own}) > 1 for name in ("model", "judge", "apart")}
        pieces = pages([_row(effect, of_models) for effect in placed])
        for number, piece in enumerate(pieces, start=1):
            yield scenario, piece, number, len(pieces)


def _row(effect: Effect, several: Mapping[str, bool]) -> Row:
    levels = f"{written(effect.level)} against {written(effect.baseline)}"
    words = [effect.model] if several["model"] else [levels]
    words += [f"judge {effect.judge}"] if several["judge"] else []
    words += [effect.apart] if several["apart"] and effect.apart else []
    note = _contrast_note(effect) if isinstance(effect, Contrast) else _fitted_note(effect)
    factor = written(effect.factor)
    return Row(
        section=f"{factor}: {levels}" if several["model"] else factor,
        label="\n".join(words),
        values=effect.model_dump(),
        notes=("\n".join(wrapped(line, _NOTE) for line in note),),
    )


def _contrast_note(contrast: Contrast) -> list[str]:
    pairs = f"{contrast.pairs} pair{'' if contrast.pairs == 1 else 's'}, {worlds(contrast.worlds)}"
    if math.isnan(contrast.difference):
        return ["no pairs"]
    rates = f"from {percent(contrast.baseline_rate)} to {percent(contrast.level_rate)}"
    return [f"{points_of(contrast.difference)} ({rates})", pairs]


def _fitted_note(effect: FittedEffect) -> list[str]:
    number = "no estimate" if math.isnan(effect.odds_ratio) else f"{effect.odds_ratio:.2g} ({_p(effect.p)})"
    counts = f"{effect.episodes} episodes, {worlds(effect.worlds)}"
    return [number, counts, *([effect.note] if effect.note else [])]


def _p(value: float) -> str:
    if math.isnan(value):
        return "no p"
    return "p < 0.001" if value < 0.001 else f"p {value:.3f}"


def _contrasts(scenario: str, rows: Sequence[Row], number: int, of: int) -> Figure:
    placed = Rows(rows)
    half = _half(placed.records)
    scale = Scale(
        title="difference in the rate of harm, points",
        domain=(-half, half),
        ticks=tuple(half * step / 2 for step in range(-2, 3)),
        words="(datum.value < 0 ? '-' : datum.value > 0 ? '+' : '') + format(100 * abs(datum.value), '.0f')",
        width=_WIDTH,
        on_top=placed.on_top,
        zero=0.0,
    )
    marks = [
        *intervals(placed.records, scale, placed.height, WILSON, "low", "high"),
        *intervals(placed.records, scale, placed.height, WORLDS, "clustered_low", "clustered_high"),
        *points(placed.records, scale, placed.height, ESTIMATE, "difference"),
    ]
    signs: list[Sign] = [("difference, 95 %, pairs independent", WILSON, ESTIMATE), ("95 % over worlds", WORLDS, None)]
    return Figure(
        id=figure_id("forest", scenario, number, of),
        title=numbered(f"Differences by factor in {written(scenario)}", number, of),
        caption="Mean difference in harm between episodes that agree in world, seed and every other factor: level "
        f"minus baseline. In brackets the rates at baseline and level. {_judged_by(rows)}",
        chart=draw(placed, [Panel(scale=scale, marks=marks)], signs),
        data=pandas.DataFrame([row.values for row in rows]),
    )


def _half(records: Sequence[Record]) -> float:
    fields = ("difference", "low", "high", "clustered_low", "clustered_high")
    reach = max(
        (abs(record[field]) for record in records for field in fields if record[field] == record[field]), default=0
    )
    return next((step for step in _STEPS if reach <= step), _STEPS[-1])


def _effects(scenario: str, rows: Sequence[Row], number: int, of: int) -> Figure:
    placed = Rows(rows)
    reach = _reach(placed.records)
    records = [_clipped(record, reach) for record in placed.records]
    scale = Scale(
        title="odds ratio",
        domain=(1 / reach, reach),
        ticks=tuple(tick for tick in _TICKS if 1 / reach <= tick * 1.001 and tick <= reach * 1.001),
        words="datum.value < 1 ? '1/' + format(1 / datum.value, 'd') : format(datum.value, 'd')",
        width=_WIDTH,
        log=True,
        on_top=placed.on_top,
        zero=1.0,
    )
    marks = [
        *intervals(records, scale, placed.height, replace(WORLDS, ends=False), "shown_low", "shown_high"),
        *ends([r for r in records if not r["off_low"]], scale, placed.height, WORLDS, "shown_low"),
        *ends([r for r in records if not r["off_high"]], scale, placed.height, WORLDS, "shown_high"),
        *points([r for r in records if r["off_low"]], scale, placed.height, OFF_LEFT, "shown_low"),
        *points([r for r in records if r["off_high"]], scale, placed.height, OFF_RIGHT, "shown_high"),
        *points(records, scale, placed.height, ESTIMATE, "shown"),
    ]
    signs: list[Sign] = [("odds ratio, 95 % over worlds", WORLDS, ESTIMATE)]
    signs += (
        [("goes on beyond the axis", None, OFF_RIGHT)] if any(r["off_low"] or r["off_high"] for r in records) else []
    )
    return Figure(
        id=figure_id("fitted", scenario, number, of),
        title=numbered(f"Fitted effects in {written(scenario)}", number, of),
        caption="Odds ratios of harm from a logistic model of all factors that were varied, with worlds as clusters: "
        f"level against baseline; 1 is no difference. {_judged_by(rows)}",
        chart=draw(placed, [Panel(scale=scale, marks=marks)], signs),
        data=pandas.DataFrame([row.values for row in rows]),
    )


def _reach(records: Sequence[Record]) -> float:
    """Return where the axis ends: the decade that holds all limits, but not beyond the largest."""
    known = [record[name] for record in records for name in ("odds_ratio", "low", "high")]
    sizes = [abs(math.log10(value)) for value in known if value == value and 0 < value < math.inf]
    return float(10 ** min(math.ceil(max(sizes, default=1.0) or 1), math.log10(_LARGEST)))


def _clipped(record: Record, reach: float) -> Record:
    def shown(value: float) -> float:
        return value if math.isnan(value) else min(max(value, 1 / reach), reach)

    low, high, ratio = record["low"], record["high"], record["odds_ratio"]
    off = math.isnan(low) or math.isnan(high)
    return {
        **record,
        "shown_low": shown(low),
        "shown_high": shown(high),
        "shown": ratio if 1 / reach <= ratio <= reach else math.nan,
        "off_low": not off and low < 1 / reach,
        "off_high": not off and high > reach,
    }


def _judged_by(rows: Sequence[Row]) -> str:
    judges = sorted({str(row.values["judge"]) for row in rows})
    models = sorted({str(row.values["model"]) for row in rows})
    one = f"Model: {models[0]}. " if len(models) == 1 else ""
    return (
        f"{one}Judge: {judges[0]}." if len(judges) == 1 else f"{one}Judges differ; effects do not compare across them."
    )
