"""Grids: rows and columns of cells, each with its number as text and its share as a step of colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from agentic_misalignment.analysis.report.charts.marks import Layered, Record, chart_of, height_channel, words
from agentic_misalignment.analysis.report.charts.text import lines_of, width, wrapped
from agentic_misalignment.analysis.report.theme import HEAT, LINE, SIZE, colour

MOST_COLUMNS = 20
MOST_ROWS = 40

_LABEL = 240
_ROOM = 950
"""Width that the cells of a row share, in pixels."""

_NARROWEST = 44.0
_WIDEST = 92.0
_SMALL = 10
_UPRIGHT = 3
"""Lines of a heading from which all headings are turned."""

_TURNED = 170
"""Greatest length of a turned heading, in pixels."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell with episodes."""

    row: int
    column: int
    share: float
    """Decides the colour; `nan` where there is no number."""

    big: str
    small: str
    """Further lines."""

    open: bool = False
    """Whether much is not known: it gets a dashed frame."""


def step(share: float) -> int:
    """Return the step of the colour scale: 0 for none at all, then fifths; an upper end belongs to its step."""
    return 0 if share != share or share <= 0 else min(HEAT - 1, max(1, math.ceil(share * 5 - 1e-9)))


def draw_grid(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Cell], *, corner: str) -> Layered:
    """Draw a grid.

    Args:
        rows: Names of the rows.
        columns: Names of the columns.
        cells: The cells; a place without one stays empty.
        corner: What rows and columns are.
    """
    wide = min(_WIDEST, max(_NARROWEST, _ROOM / len(columns)))
    lines = max((lines_of(cell.small) for cell in cells), default=1)
    tall = max([22 + 12 * lines, *(LINE * lines_of(wrapped(row, _LABEL)) + 6 for row in rows)])
    height, across = tall * len(rows), wide * len(columns)
    labels = [_label(wrapped(row, _LABEL), tall * (place + 0.5)) for place, row in enumerate(rows)]
    left = max(width(str(label["text"])) for label in labels) + 12
    layers = [
        *_frames(cells, wide, tall, height, across),
        *_texts(cells, wide, tall, height, across),
        *words(labels, height, "text", x=-left, field="y"),
        *_headings(columns, wide, height),
        *_scale(left, height),
    ]
    title = chart_of([{}]).mark_text(align="left", baseline="top", text=corner, color=colour("muted"))
    placed = title.encode(x=alt.value(-left), y=alt.value(-22))
    return alt.layer(*layers, placed).properties(width=across, height=height)


def _label(text: str, centre: float) -> Record:
    return {"text": text, "y": centre - LINE * (lines_of(text) - 1) / 2}


def _across(field: str, across: float) -> alt.X:
    return alt.X(field, type="quantitative", axis=None, scale=alt.Scale(domain=[0, across], nice=False, zero=False))


def _frames(cells: Sequence[Cell], wide: float, tall: float, height: float, across: float) -> list[alt.Chart]:
    drawn = []
    for number in range(HEAT):
        for dashed in (False, True):
            found = [cell for cell in cells if step(cell.share) == number and cell.open == dashed]
            records = [
                {
                    "x": wide * cell.column + 1.5,
                    "x2": wide * (cell.column + 1) - 1.5,
                    "y": tall * cell.row + 1.5,
                    "y2": tall * (cell.row + 1) - 1.5,
                }
                for cell in found
            ]
            if not records:
                continue
            mark = chart_of(records).mark_rect(
                fill=colour(f"heat-{number}"),
                stroke=colour("ink" if dashed else "edge"),
                strokeWidth=2 if dashed else 0.8,
                strokeDash=[4, 3] if dashed else [],
                opacity=1,
            )
            drawn.append(mark.encode(x=_across("x", across), x2="x2", y=height_channel(height), y2="y2"))
    return drawn


def _texts(cells: Sequence[Cell], wide: float, tall: float, height: float, across: float) -> list[alt.Chart]:
    drawn = []
    for number in range(HEAT):
        found = [cell for cell in cells if step(cell.share) == number]
        for small in (False, True):
            records = [
                {
                    "x": wide * (cell.column + 0.5),
                    "y": tall * (cell.row + 0.5) + (9 if small else -5) - 6 * (lines_of(cell.small) - 1),
                    "text": cell.small if small else cell.big,
                }
                for cell in found
                if (cell.small if small else cell.big)
            ]
            if not records:
                continue
            mark = chart_of(records).mark_text(
                align="center",
                baseline="middle",
                lineBreak="\n",
                lineHeight=12,
                fill=colour(f"on-heat-{number}"),
                fontSize=_SMALL if small else SIZE,
                fontWeight="normal" if small else "bold",
            )
            text = alt.Text("text", type="nominal")
            drawn.append(mark.encode(x=_across("x", across), y=height_channel(height), text=text))
    return drawn


def _headings(columns: Sequence[str], wide: float, height: float) -> list[alt.Chart]:
    upright = [wrapped(column, wide - 4, size=SIZE - 1) for column in columns]
    turned = any(lines_of(text) > _UPRIGHT for text in upright)
    texts = [wrapped(column, _TURNED) for column in columns] if turned else upright
    drawn = []
    for place, text in enumerate(texts):
        lines, centre = lines_of(text), wide * (place + 0.5)
        mark = chart_of([{}]).mark_text(
            align="left" if turned else "center",
            baseline="middle",
            angle=270 if turned else 0,
            text=text.split("\n"),
            lineHeight=13,
            fontSize=SIZE if turned else SIZE - 1,
        )
        x = centre - 6.5 * (lines - 1) if turned else centre
        y = -8 if turned else -14 - 13 * (lines - 1)
        drawn.append(mark.encode(x=alt.value(x), y=alt.value(y)))
    return drawn


def _scale(left: float, height: float) -> list[alt.Chart]:
    """Draw the key of the colours below the grid."""
    names = ("0 %", "to 20 %", "to 40 %", "to 60 %", "to 80 %", "to 100 %")
    drawn, x, top = [], -left, height + 22
    for number, name in enumerate(names):
        box = chart_of([{}]).mark_rect(fill=colour(f"heat-{number}"), stroke=colour("edge"), strokeWidth=0.8, opacity=1)
        drawn.append(box.encode(x=alt.value(x), x2=alt.value(x + 18), y=alt.value(top), y2=alt.value(top + 12)))
        text = chart_of([{}]).mark_text(align="left", baseline="middle", text=name, color=colour("muted"), fontSize=11)
        drawn.append(text.encode(x=alt.value(x + 24), y=alt.value(top + 6)))
        x += 24 + width(name, size=11) + 16
    return drawn
