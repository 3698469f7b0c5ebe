"""Grids: rows and columns of cells, each with its number as text and its share as a step of colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from agentic_misalignment.analysis.report.charts.marks import Layered, Record, chart_of, height_channel, words
from agentic_misalignment.analysis.report.charts.text import lines_of, width, wrapped
from agentic_misalignment.analysis.report.theme import HEAT, LINE, SIZE, colour

MOST_COLUMNS = 20
MOST_ROWS = 24

_LABEL = 240
_FEW = 12
_ROOM = 950
"""Width that the cells of a row share if there are few, in pixels."""

_NARROWEST = 50.0
_WIDEST = 92.0
_SMALL = 10
_SPARE = 1.12
_STEPS = ("0 %", "to 20 %", "to 40 %", "to 60 %", "to 80 %", "to 100 %")
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
    wide = min(_WIDEST, _ROOM / len(columns)) if len(columns) <= _FEW else _NARROWEST
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
        *_key(left, height, across),
    ]
    title = chart_of([{}]).mark_text(align="left", baseline="top", text=corner, color=colour("muted"))
    placed = title.encode(x=alt.value(-left), y=alt.value(-22))
    return alt.layer(*layers, placed).properties(width=across, height=height)


def _label(text: str, centre: float) -> Record:
    return {"text": text, "y": centre - LINE * (lines_of(text) - 1) / 2}


def _across(field: str, across: float) -> alt.X:
    return alt.X(field, type="quantitative", axis=None, scale=alt.Scale(domain=[0, across], nice=False, zero=False))


def _fill() -> alt.Fill:
    """Return the channel of a colour that stands in the data as it is."""
    return alt.Fill("fill", type="nominal", scale=None, legend=None)


def _boxes(records: Sequence[Record], height: float, across: float, **look: Any) -> list[alt.Chart]:
    if not records:
        return []
    mark = chart_of(records).mark_rect(opacity=1, **look)
    return [mark.encode(x=_across("x", across), x2="x2", y=height_channel(height), y2="y2", fill=_fill())]


def _frames(cells: Sequence[Cell], wide: float, tall: float, height: float, across: float) -> list[alt.Chart]:
    records = [
        {
            "x": wide * cell.column + 1.5,
            "x2": wide * (cell.column + 1) - 1.5,
            "y": tall * cell.row + 1.5,
            "y2": tall * (cell.row + 1) - 1.5,
            "fill": colour(f"heat-{step(cell.share)}"),
            "open": cell.open,
        }
        for cell in cells
    ]
    closed, opened = ([record for record in records if record["open"] == wanted] for wanted in (False, True))
    return [
        *_boxes(closed, height, across, stroke=colour("edge"), strokeWidth=0.8),
        *_boxes(opened, height, across, stroke=colour("ink"), strokeWidth=2, strokeDash=[4, 3]),
    ]


def _texts(cells: Sequence[Cell], wide: float, tall: float, height: float, across: float) -> list[alt.Chart]:
    drawn = []
    for small in (False, True):
        records = [
            {
                "x": wide * (cell.column + 0.5),
                "y": tall * (cell.row + 0.5) + (9 if small else -5) - 6 * (lines_of(cell.small) - 1),
                "text": cell.small if small else cell.big,
                "fill": colour(f"on-heat-{step(cell.share)}"),
            }
            for cell in cells
        ]
        size, weight = (_SMALL, "normal") if small else (SIZE, "bold")
        look = {"align": "center", "lineHeight": 12, "fontSize": size, "fontWeight": weight}
        drawn += [text.encode(fill=_fill()) for text in _written(records, height, across, **look)]
    return drawn


def _written(records: Sequence[Record], height: float, across: float, **look: Any) -> list[alt.Chart]:
    if not records:
        return []
    mark = chart_of(records).mark_text(baseline="middle", lineBreak="\n", **look)
    text = alt.Text("text", type="nominal")
    return [mark.encode(x=_across("x", across), y=height_channel(height), text=text)]


def _headings(columns: Sequence[str], wide: float, height: float) -> list[alt.Chart]:
    upright = [wrapped(column, wide - 4, size=SIZE - 1) for column in columns]
    turned = any(lines_of(text) > _UPRIGHT for text in upright)
    texts = [wrapped(column, _TURNED) for column in columns] if turned else upright
    records = [
        {
            "text": text,
            "x": wide * (place + 0.5) - (6.5 * (lines_of(text) - 1) if turned else 0),
            "y": -8 if turned else -14 - 13 * (lines_of(text) - 1),
        }
        for place, text in enumerate(texts)
    ]
    look = {"align": "left", "angle": 270, "fontSize": SIZE} if turned else {"align": "center", "fontSize": SIZE - 1}
    written = _written(records, height, wide * len(columns), lineHeight=13, **look)
    return [*([_room(texts)] if turned else []), *written]


def _room(texts: Sequence[str]) -> alt.Chart:
    """Keep room above for turned headings in a reader's font, which may run longer than the one measured."""
    longest = _SPARE * max(map(width, texts))
    line = chart_of([{}]).mark_rule(stroke="transparent", strokeWidth=1)
    placed: alt.Chart = line.encode(x=alt.value(0), y=alt.value(-8), y2=alt.value(-8 - longest))
    return placed


def _key(left: float, height: float, across: float) -> list[alt.Chart]:
    """Draw the key of the colours below the grid."""
    x, boxes, labels = -left, [], []
    for number, name in enumerate(_STEPS):
        top = height + 22
        boxes.append({"x": x, "x2": x + 18, "y": top, "y2": top + 12, "fill": colour(f"heat-{number}")})
        labels.append({"x": x + 24, "y": top + 6, "text": name})
        x += 24 + width(name, size=11) + 16
    look = {"align": "left", "color": colour("muted"), "fontSize": 11}
    return [
        *_boxes(boxes, height, across, stroke=colour("edge"), strokeWidth=0.8),
        *_written(labels, height, across, **look),
    ]
