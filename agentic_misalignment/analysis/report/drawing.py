"""How a figure stands in the page: the chart, what can be downloaded, its data as a table."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas
from markupsafe import Markup

from agentic_misalignment.analysis.report import rendering
from agentic_misalignment.analysis.report.blocks import Cell, Column, Table
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.words import NOTHING
from agentic_misalignment.errors import SuiteError

_SVG, _PNG = "image/svg+xml", "image/png"


@dataclass(frozen=True)
class Download:
    """A file that the page holds."""

    label: str
    file: str
    kind: str
    """Its media type."""

    content: bytes

    @property
    def address(self) -> str:
        """The file as a data: address."""
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class Drawn:
    """A figure as the page holds it."""

    figure: Figure
    chart: Markup
    """The chart in the colours of the page, an SVG element."""

    downloads: tuple[Download, ...]


def draw(figure: Figure) -> Drawn:
    """Draw a figure for the page, and make its files: the data as CSV, the chart as SVG and PNG.

    Args:
        figure: The figure.
    """
    alone = rendering.svg(figure, theme="light")
    return Drawn(
        figure,
        Markup(rendering.svg(figure, theme="page")),
        (
            Download("data as CSV", f"{figure.id}.csv", "text/csv", rendering.csv(figure).encode()),
            Download("SVG", f"{figure.id}.svg", _SVG, alone.encode()),
            Download("PNG", f"{figure.id}.png", _PNG, rendering.png(alone, scale=rendering.PAGE_SCALE)),
        ),
    )


def write_figures(drawn: Sequence[Drawn], folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the files of figures into a folder: those of the page, but for the PNG, which has more pixels.

    Args:
        drawn: The figures.
        folder: The folder; it is made if it is not there.
        overwrite: Whether files that are there are replaced.

    Returns:
        The files.

    Raises:
        SuiteError: If a file is there and is not to be replaced, or cannot be written.
    """
    files = {folder / name: content for each in drawn for name, content in _files(each)}
    there = next((path for path in files if path.exists()), None)
    if there and not overwrite:
        raise SuiteError(f"{there}: exists; give --overwrite, or another folder with --figures")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path.write_bytes(content)
    except OSError as error:
        raise SuiteError(f"{folder}: figures cannot be written: {error.strerror or error}") from error
    return list(files)


def _files(drawn: Drawn) -> Iterator[tuple[str, bytes]]:
    alone = next((each.content for each in drawn.downloads if each.kind == _SVG), b"")
    for each in drawn.downloads:
        yield each.file, rendering.png(alone.decode()) if each.kind == _PNG else each.content


def data_table(figure: Figure) -> Table:
    """Return the data of a figure as a table of the page.

    Args:
        figure: The figure.
    """
    frame = figure.data
    numbers = [pandas.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    return Table(
        id=f"{figure.id}-data",
        caption=f"Data: {figure.title}",
        columns=tuple(
            Column(str(name).replace("_", " "), number=number)
            for name, number in zip(frame.columns, numbers, strict=True)
        ),
        rows=tuple(tuple(map(_cell, row)) for row in frame.itertuples(index=False, name=None)),
    )


def _cell(value: object) -> Cell:
    if value is None or value is pandas.NA or value != value:
        return Cell(NOTHING, None)
    if isinstance(value, bool):
        return Cell("yes" if value else "no", str(value))
    if isinstance(value, float):
        return Cell(f"{value:.4g}", value)
    if isinstance(value, int):
        return Cell(str(value), value)
    return Cell(str(value) or NOTHING, str(value).lower() or None)
