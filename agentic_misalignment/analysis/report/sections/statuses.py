"""The status of every episode by arm: what is read before any rate."""

from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.report.arms import Arms
from agentic_misalignment.analysis.report.blocks import Cell, Column, Paragraph, Section, Table, present
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import count_cell, percent_cell
from agentic_misalignment.judging import STATUSES

_LEAD = (
    "Only valid episodes enter a rate. Filtered by the provider, cut off by a limit, ended by an error or without a "
    "verdict (unscored): these are counted here and are in no rate. An agent that never opened the mailbox is unscored "
    "for no engagement."
)


def status_section(material: Material) -> Section:
    """Make the section that counts episodes by status."""
    arms = Arms(material.rates)
    numbers = ("episodes", *STATUSES, "of these no engagement", "valid, share")
    table = Table(
        id="table-status",
        caption="Episodes by arm and status",
        columns=(*arms.columns, *(Column(name, number=True) for name in numbers)),
        rows=tuple((*arms.cells(rate.group), *_counts(rate)) for rate in material.rates),
    )
    return Section(id="status", heading="Status of the episodes", blocks=present(Paragraph(_LEAD), table))


def _counts(rate: Rate) -> tuple[Cell, ...]:
    counts = (rate.episodes, *(rate.statuses[status] for status in STATUSES), rate.figures["no_engagement"])
    return (*map(count_cell, counts), percent_cell(rate.statuses["valid"] / rate.episodes))
