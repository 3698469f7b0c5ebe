"""Marks: what estimates and intervals look like, in a chart and in its key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from agentic_misalignment.analysis.report.charts.text import width
from agentic_misalignment.analysis.report.theme import colour

Record = Mapping[str, Any]
"""One thing to draw, by field; `y` is its height in pixels from the top."""

Layered = alt.LayerChart | alt.FacetChart
"""What Altair makes of layers."""

_SAMPLE = 24
_END = 9


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """How an interval is drawn."""

    colour: str
    thickness: float
    ends: bool = False
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dot:
    """How an estimate is drawn."""

    shape: Literal["circle", "square", "diamond", "triangle-up", "triangle-left", "triangle-right"]
    fill: str
    stroke: str = "ink"
    size: int = 62


WILSON = Stroke(colour="series-1", thickness=8)
WORLDS = Stroke(colour="series-1", thickness=1.5, ends=True)
BOUNDS = Stroke(colour="muted", thickness=1.5, dash=(2, 3))
CORRECTED = Stroke(colour="series-2", thickness=1.5, ends=True)

ESTIMATE = Dot(shape="circle", fill="ground")
CORRECTED_ESTIMATE = Dot(shape="diamond", fill="series-2", stroke="series-2")

PUBLISHED = Stroke(colour="series-3", thickness=3)
PUBLISHED_ESTIMATE = Dot(shape="square", fill="series-3", stroke="series-3")
RANGE = Stroke(colour="series-3", thickness=2, ends=True, dash=(6, 3))
OWN_RULE = Stroke(colour="muted", thickness=1.5, ends=True)
OWN_RULE_ESTIMATE = Dot(shape="triangle-up", fill="muted", stroke="muted", size=46)
OFF_LEFT = Dot(shape="triangle-left", fill="series-1", stroke="series-1")
OFF_RIGHT = Dot(shape="triangle-right", fill="series-1", stroke="series-1")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A horizontal axis."""

    title: str
    domain: tuple[float, float]
    ticks: tuple[float, ...]
    words: str
    """How a tick is written: a Vega expression of `datum.value`."""

    width: int
    log: bool = False
    on_top: bool = False
    """Where a chart is so tall that its foot is out of sight."""

    zero: float = 0.0
    """Where the line of no harm, or no difference, stands."""

    def x(self, field: str) -> alt.X:
        """Return the channel of a field on this axis."""
        axis = alt.Axis(
            values=list(self.ticks),
            labelExpr=self.words,
            labelOverlap=False,
            labelFlush=False,
            grid=False,
            title=self.title or None,
            orient="top" if self.on_top else "bottom",
        )
        kind: Literal["log", "linear"] = "log" if self.log else "linear"
        return alt.X(field, type="quantitative", axis=axis, scale=alt.Scale(domain=list(self.domain), type=kind))


def shares(title: str, *, width: int, on_top: bool = False) -> Scale:
    """Return the axis of shares from 0 to 100 %."""
    ticks = (0, 0.25, 0.5, 0.75, 1) if width < 260 else (0, 0.2, 0.4, 0.6, 0.8, 1)
    words = "format(100 * datum.value, '.0f') + ' %'"
    return Scale(title=title, domain=(0, 1), ticks=ticks, words=words, width=width, on_top=on_top)


def chart_of(records: Sequence[Record]) -> alt.Chart:
    """Return a chart of records, without marks; `nan` and infinity, which JSON has not, are left out."""
    values = [{name: value for name, value in record.items() if not _endless(value)} for record in records]
    return alt.Chart(alt.InlineData(values=values))


def _endless(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def known(records: Sequence[Record], *fields: str) -> list[Record]:
    """Return the records in which no field is `nan`."""
    return [record for record in records if all(record[field] == record[field] for field in fields)]


def height_channel(height: float, field: str = "y") -> alt.Y:
    """Return the vertical channel: pixels from the top."""
    return alt.Y(field, type="quantitative", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))


def intervals(
    records: Sequence[Record], scale: Scale, height: float, stroke: Stroke, low: str, high: str, *, field: str = "y"
) -> list[alt.Chart]:
    """Draw intervals; what is `nan` is not drawn."""
    found = known(records, low, high)
    if not found:
        return []
    line = chart_of(found).mark_rule(
        stroke=colour(stroke.colour), strokeWidth=stroke.thickness, strokeDash=list(stroke.dash)
    )
    drawn = [line.encode(x=scale.x(low), x2=high, y=height_channel(height, field))]
    for end in (low, high) if stroke.ends else ():
        drawn += ends(found, scale, height, stroke, end, field=field)
    return drawn


def ends(
    records: Sequence[Record], scale: Scale, height: float, stroke: Stroke, end: str, *, field: str = "y"
) -> list[alt.Chart]:
    """Draw one end of intervals."""
    found = known(records, end)
    if not found:
        return []
    tick = chart_of(found).mark_tick(
        orient="vertical", size=_END, thickness=stroke.thickness, color=colour(stroke.colour), opacity=1
    )
    return [tick.encode(x=scale.x(end), y=height_channel(height, field))]


def points(
    records: Sequence[Record], scale: Scale, height: float, dot: Dot, value: str, *, field: str = "y"
) -> list[alt.Chart]:
    """Draw estimates; what is `nan` is not drawn."""
    found = known(records, value)
    if not found:
        return []
    marked = chart_of(found).mark_point(
        shape=dot.shape, size=dot.size, fill=colour(dot.fill), stroke=colour(dot.stroke), strokeWidth=1.7, opacity=1
    )
    return [marked.encode(x=scale.x(value), y=height_channel(height, field))]


def words(
    records: Sequence[Record], height: float, text: str, *, x: float, field: str, look: Mapping[str, Any] | None = None
) -> list[alt.Chart]:
    """Write a field of records, at a distance from the left edge of the plot in pixels.

    Args:
        records: The records; an empty text is left out.
        height: Height of the plot.
        text: The field of the text, with line breaks.
        x: Where the text begins.
        field: The field of its height.
        look: Properties of the mark.
    """
    found = [record for record in records if record[text]]
    if not found:
        return []
    more = {"align": "left", "baseline": "middle", "lineBreak": "\n", **(look or {})}
    written = chart_of(found).mark_text(**more)
    return [written.encode(x=alt.value(x), y=height_channel(height, field), text=alt.Text(text, type="nominal"))]


Sign = tuple[str, Stroke | None, Dot | None]
"""An entry of a key: what it says, and what it shows."""


def key(signs: Sequence[Sign], *, top: float, left: float, limit: float) -> list[Layered]:
    """Draw a key above a plot.

    Args:
        signs: Its entries.
        top: Height of its last line above the plot, in pixels.
        left: Where it begins.
        limit: Where a line ends at the latest.

    Returns:
        One layer for each entry.
    """
    places: list[tuple[float, int]] = []
    x, line = left, 0
    for text, _, _ in signs:
        wide = _SAMPLE + 8 + width(text) + 18
        if x > left and x + wide > limit:
            x, line = left, line + 1
        places.append((x, line))
        x += wide
    return [_entry(sign, x, -top - 18 * (places[-1][1] - line)) for sign, (x, line) in zip(signs, places, strict=True)]


def _entry(sign: Sign, x: float, y: float) -> Layered:
    text, stroke, dot = sign
    one = chart_of([{}])
    layers: list[alt.Chart] = []
    if stroke:
        line = one.mark_rule(stroke=colour(stroke.colour), strokeWidth=stroke.thickness, strokeDash=list(stroke.dash))
        layers.append(line.encode(x=alt.value(x), x2=alt.value(x + _SAMPLE), y=alt.value(y)))
        for end in (x, x + _SAMPLE) if stroke.ends else ():
            tick = one.mark_tick(
                orient="vertical", size=_END, thickness=stroke.thickness, color=colour(stroke.colour), opacity=1
            )
            layers.append(tick.encode(x=alt.value(end), y=alt.value(y)))
    if dot:
        shown = one.mark_point(
            shape=dot.shape, size=dot.size, fill=colour(dot.fill), stroke=colour(dot.stroke), strokeWidth=1.7, opacity=1
        )
        layers.append(shown.encode(x=alt.value(x + _SAMPLE / 2), y=alt.value(y)))
    written = one.mark_text(align="left", baseline="middle", text=text, color=colour("muted"))
    layers.append(written.encode(x=alt.value(x + _SAMPLE + 8), y=alt.value(y)))
    return alt.layer(*layers)
