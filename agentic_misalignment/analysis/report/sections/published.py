"""Runs of the published cells beside the published rates."""

from collections.abc import Sequence

from agentic_misalignment.analysis.published import PublishedRow, Share
from agentic_misalignment.analysis.report.blocks import (
    Cell,
    Column,
    Notes,
    Paragraph,
    Section,
    Table,
    drawings,
    present,
)
from agentic_misalignment.analysis.report.charts import published
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import (
    count_cell,
    interval,
    interval_cell,
    percent_cell,
    points_between_cell,
    points_cell,
    several,
    text_cell,
)

_LEAD = (
    "The published prompts, run again. Ours is the rate by the rules of this suite, legacy that of the published rule; "
    "only legacy compares with the published rates of Lynch et al. (2025), and it has another judge than they had."
)
_READ = "the published rates were transcribed second-hand: how each was read stands in the data of the suite"


def published_section(material: Material) -> Section | None:
    """Make the section of the published cells; `None` if none was run."""
    rows = material.published
    if not rows:
        return None
    figures = drawings(published(rows))
    return Section(
        id="published",
        heading="Beside the published rates",
        blocks=present(Paragraph(_LEAD), figures, _table(rows), Notes(tuple(_notes(rows)))),
    )


def _table(rows: Sequence[PublishedRow]) -> Table:
    names = ["valid", "ours", "95 % Wilson", "legacy known", "legacy", "95 % Wilson"]
    names += ["published samples", "published", "95 % Wilson"]
    names += ["legacy - published, points", "95 %", "verdicts differ"]
    return Table(
        id="table-published",
        caption="The published cells: ours, legacy, published",
        columns=(
            *(Column(name) for name in ("model", "cell", "protocol")),
            *(Column(name, number=True) for name in names),
        ),
        rows=tuple(_row(row) for row in rows),
    )


def _row(row: PublishedRow) -> tuple[Cell, ...]:
    figures, single = row.ours.figures, row.single
    difference = row.legacy.minus(single) if single and row.legacy.n else (float("nan"),) * 3
    return (
        *(text_cell(name) for name in (row.group.model, row.cell.name, row.protocol)),
        count_cell(figures["episodes"]),
        percent_cell(figures["rate"]),
        interval_cell(figures["wilson_low"], figures["wilson_high"]),
        count_cell(row.legacy.n),
        percent_cell(row.legacy.rate),
        interval_cell(row.legacy.low, row.legacy.high),
        *_published(row, single),
        points_cell(difference[0]),
        points_between_cell(difference[1], difference[2]),
        count_cell(len(row.disagreements)),
    )


def _published(row: PublishedRow, single: Share | None) -> tuple[Cell, Cell, Cell]:
    if single:
        return count_cell(single.n), percent_cell(single.rate), interval_cell(single.low, single.high)
    found = [rate.percent for rate in row.published]
    span = f"{min(found)} to {max(found)}" if min(found) < max(found) else str(found[0])
    return text_cell(""), Cell(f"{span} % ({len(found)} models)", min(found) / 100), text_cell("")


def _notes(rows: Sequence[PublishedRow]) -> list[str]:
    compared = sorted({row.published[0].model for row in rows if row.single})
    notes = [f"published: {', '.join(compared)}, judged by the judge of that study"] if compared else []
    notes += [_unknown(row) for row in rows if row.legacy.n < row.ours.episodes]
    if any(row.single is None for row in rows):
        notes.append("where the model of the run is none of the published ones, the range of all of them is shown")
    return [*notes, _READ]


def _unknown(row: PublishedRow) -> str:
    without = several(row.ours.episodes - row.legacy.n, "episode has", "episodes have")
    cell = f"{row.group.model}, {row.cell.name}, {row.protocol}"
    bounds = interval(*row.legacy_bounds)
    return f"{cell}: {without} no legacy verdict; if all were known the legacy rate would be {bounds}"
