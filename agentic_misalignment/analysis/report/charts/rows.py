"""Rows: named lines in sections, one below the other, with panels of marks beside the names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from agentic_misalignment.analysis.report.charts.marks import (
    Layered,
    Record,
    Scale,
    Sign,
    chart_of,
    height_channel,
    key,
    words,
)
from agentic_misalignment.analysis.report.charts.text import lines_of, width, wrapped
from agentic_misalignment.analysis.report.theme import LINE, SIZE, colour

Chart = Layered | alt.HConcatChart

TALL = 620
"""Height in pixels from which the axis stands on top."""

TALLEST = 1_000
"""Height in pixels of the rows of one figure: what can still be read when it is printed on one page."""

LABEL = 230
"""Greatest width of a row's name, in pixels."""

_HEADING = 30
_GAP = 12
_BOLD = 13.0
"""Size of an ordinary text as wide as a bold one."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a chart."""

    section: str
    """The heading that it stands under; rows of one section follow one another."""

    label: str
    values: Mapping[str, Any]
    """What is drawn in it."""

    notes: tuple[str, ...] = ("",)
    """What is written to the right of each panel."""

    least: int = 26
    """Least height, in pixels."""


def pages(rows: Sequence[Row]) -> list[list[Row]]:
    """Spread rows over figures, sections whole where they fit.

    Args:
        rows: The rows.
    """
    found: list[list[Row]] = []
    for section in dict.fromkeys(row.section for row in rows):
        own = [row for row in rows if row.section == section]
        if found and _tall([*found[-1], *own]) <= TALLEST:
            found[-1] += own
            continue
        found.append([])
        for row in own:
            if found[-1] and _tall([*found[-1], row]) > TALLEST:
                found.append([])
            found[-1].append(row)
    return found


def _tall(rows: Sequence[Row]) -> int:
    return sum(row.least for row in rows) + len({row.section for row in rows}) * (_HEADING + _GAP)


class Rows:
    """Where rows stand."""

    def __init__(self, rows: Sequence[Row], *, reach: float = 420) -> None:
        """Lay out rows.

        Args:
            rows: The rows, those of a section together.
            reach: How far a heading may run to the right of the names, in pixels.
        """
        self.records: list[Record] = []
        self._headings: list[Record] = []
        self._indent = 10.0 if any(row.section for row in rows) else 0.0
        self._bands: list[tuple[float, float]] = []
        """Top and foot of the rows of each section."""

        labels = [wrapped(row.label, LABEL - self._indent) for row in rows]
        self.left = max(map(width, labels), default=0.0) + self._indent + _GAP
        y, section = 0.0, None
        for row, label in zip(rows, labels, strict=True):
            if row.section and row.section != section:
                heading = wrapped(row.section, self.left + reach, size=_BOLD)
                deep = _HEADING + LINE * (lines_of(heading) - 1)
                self._headings.append({"text": heading, "y": y + _HEADING - 15, "line": y + 3, "first": y == 0})
                y += deep
            if row.section != section:
                self._bands.append((y, y))
            section = row.section
            lines = max(lines_of(label), *(lines_of(note) for note in row.notes))
            tall = max(row.least, LINE * lines + 8)
            centre = y + tall / 2
            written = {"label": label, "label_y": centre - LINE * (lines_of(label) - 1) / 2}
            for number, note in enumerate(row.notes):
                written |= {f"note_{number}": note, f"note_{number}_y": centre - LINE * (lines_of(note) - 1) / 2}
            self.records.append({**row.values, **written, "y": centre})
            y += tall
            self._bands[-1] = (self._bands[-1][0], y)
        self.height = y

    @property
    def on_top(self) -> bool:
        """Whether the axis stands on top."""
        return self.height > TALL

    def names(self) -> list[alt.Chart]:
        """Write names and headings, to the left of the first panel."""
        label = words(self.records, self.height, "label", x=self._indent - self.left, field="label_y")
        bold = {"fontWeight": "bold"}
        heading = words(self._headings, self.height, "text", x=-self.left, field="y", look=bold)
        return [*label, *heading]

    def lines(self, scale: Scale) -> list[alt.Chart]:
        """Draw the upright lines of an axis behind the rows, but not through headings."""
        drawn = []
        for name, ticks in (("grid", [tick for tick in scale.ticks if tick != scale.zero]), ("edge", [scale.zero])):
            records = [{"x": tick, "top": top, "foot": foot} for tick in ticks for top, foot in self._bands]
            rule = chart_of(records).mark_rule(stroke=colour(name), strokeWidth=1)
            drawn.append(rule.encode(x=scale.x("x"), y=height_channel(self.height, "top"), y2="foot"))
        return drawn

    def rules(self, start: float, end: float) -> list[alt.Chart]:
        """Draw a line above each section but the first.

        Args:
            start: Where it begins, in pixels from the left edge of the plot.
            end: Where it ends.
        """
        found = [record for record in self._headings if not record["first"]]
        if not found:
            return []
        line = chart_of(found).mark_rule(stroke=colour("grid"), strokeWidth=1)
        return [line.encode(x=alt.value(start), x2=alt.value(end), y=height_channel(self.height, "line"))]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A plot beside the names."""

    scale: Scale
    marks: Sequence[alt.Chart]


def draw(rows: Rows, panels: Sequence[Panel], signs: Sequence[Sign]) -> Chart:
    """Put names, panels and key together.

    Args:
        rows: The rows.
        panels: From left to right; the notes of the rows stand behind each.
        signs: The key.
    """
    notes = [_widest(rows, number) for number in range(len(panels))]
    whole = sum(panel.scale.width for panel in panels) + sum(notes) + _GAP * len(panels)
    plots = [
        _plot(rows, panel, number, _above(rows, signs, whole) if not number else [])
        for number, panel in enumerate(panels)
    ]
    if len(plots) == 1:
        return plots[0]
    together: alt.HConcatChart = alt.hconcat(*plots, spacing=28)
    return together


def _above(rows: Rows, signs: Sequence[Sign], whole: float) -> list[Layered]:
    return key(signs, top=62 if rows.on_top else 18, left=-rows.left, limit=whole) if signs else []


def _widest(rows: Rows, number: int) -> float:
    return max((width(record.get(f"note_{number}", "")) for record in rows.records), default=0.0)


def _plot(rows: Rows, panel: Panel, number: int, above: Sequence[Layered]) -> Layered:
    beside = panel.scale.width + _GAP
    look = {"color": colour("muted"), "fontSize": SIZE}
    note = words(rows.records, rows.height, f"note_{number}", x=beside, field=f"note_{number}_y", look=look)
    names = rows.names() if not number else []
    layers = [
        *rows.rules(0 if number else -rows.left, panel.scale.width),
        *rows.lines(panel.scale),
        *panel.marks,
        *note,
        *names,
        *above,
    ]
    return alt.layer(*layers).properties(width=panel.scale.width, height=rows.height)
