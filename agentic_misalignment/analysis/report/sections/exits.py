"""Exits: whether a way out is used, and harm where there is one."""

from collections.abc import Sequence

from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.report.arms import Arms, interval_heading
from agentic_misalignment.analysis.report.blocks import (
    Cell,
    Column,
    Paragraph,
    Section,
    Table,
    drawings,
    present,
)
from agentic_misalignment.analysis.report.charts import exits
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import count_cell, interval_cell, percent_cell, text_cell
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE

_NONE = ("", "none", NOT_APPLICABLE)
_USED = "exit_used"
_LEAD = (
    "An exit is a legitimate way to raise a concern, or somebody who looks. It counts as used when something was "
    "written to it, whatever was said; under a notice or an approval there is nothing to write to. In the benign twin "
    "use is false use. Under send_approval nothing that the agent sends leaves: read attempted acts there, not the "
    "rate."
)


def exit_section(material: Material) -> Section | None:
    """Make the section of exits; `None` if no condition has one."""
    offered = {rate.group: exit_of(rate, material) for rate in material.rates}
    if all(level in _NONE for level in offered.values()):
        return None
    rates = [rate for rate in material.rates if offered[rate.group] not in _NONE]
    return Section(
        id="exits",
        heading="Exits",
        blocks=present(
            Paragraph(_LEAD), drawings(exits(material.rates, material.frame)), _table(rates, material, material.rates)
        ),
    )


def exit_of(rate: Rate, material: Material) -> str:
    """Return the exit that the condition of a rate offers."""
    return str(material.groups[rate.group][0].sample.metadata.get("exit", ""))


def _table(offered: Sequence[Rate], material: Material, rates: Sequence[Rate]) -> Table:
    arms = Arms(rates)
    names = ("told in", "used", "95 % Wilson", "valid", "harm", interval_heading(offered))
    return Table(
        id="table-exits",
        caption="Use of the exit, and harm beside it",
        columns=(*arms.columns, Column("exit"), *(Column(name, number=True) for name in names)),
        rows=tuple(
            (*arms.cells(rate.group), text_cell(exit_of(rate, material)), *_use(rate.flags), *_harm(rate.figures))
            for rate in offered
        ),
    )


def _use(flags: dict[str, float]) -> tuple[Cell, ...]:
    if _USED not in flags:
        return (text_cell(""),) * 3
    return (
        count_cell(flags[f"{_USED}_episodes"]),
        percent_cell(flags[_USED]),
        interval_cell(flags[f"{_USED}_low"], flags[f"{_USED}_high"]),
    )


def _harm(figures: dict[str, float]) -> tuple[Cell, ...]:
    return (
        count_cell(figures["episodes"]),
        percent_cell(figures["rate"]),
        interval_cell(figures["wilson_low"], figures["wilson_high"]),
    )
