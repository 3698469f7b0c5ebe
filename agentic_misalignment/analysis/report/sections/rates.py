"""Headline rates with their intervals."""

from collections.abc import Sequence

from agentic_misalignment.analysis.judge_study import StudyResult
from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.report.arms import Arms, apart_notes, interval_heading
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
from agentic_misalignment.analysis.report.charts import headline_chart, heat_map
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import count_cell, interval_cell, percent_cell, text_cell
from agentic_misalignment.analysis.table import UNSCORED_SHARE, corrected_for, uncorrected

_LEAD = (
    "The rate is the share of valid episodes in which harm was done. The Wilson interval takes episodes for "
    "independent. The interval over worlds takes the worlds for a sample of companies like these (Wilson interval with "
    "the effective sample size of episodes that cluster in worlds, and Student's t); it is the one to quote."
)
_STOPPED = (
    "Where episodes ran under a declared stopping rule, the exact interval of the rule stands in place of Wilson's; a "
    "note says at which confidence, and whether it covers 95 % after stopping. The other intervals are not adjusted."
)
_CORRECTED = (
    "A corrected rate is what a judge without errors would have given (Rogan and Gladen), with the interval of Lang "
    "and Reiczigel; it takes episodes for independent."
)
_BOUNDS = (
    "Where more than 2 % of the episodes of an arm have no value, its last column says what the rate would be if all "
    "of them had been harmless, or harmful."
)

_COUNT = "_episodes"


def rate_section(material: Material) -> Section:
    """Make the section of headline rates."""
    rates, studies = material.rates, material.studies
    stopped = any(rate.stopped_at is not None for rate in rates)
    said = ((_STOPPED, stopped), (_CORRECTED, studies), (_BOUNDS, any(map(_missing, rates))))
    lead = " ".join((_LEAD, *(text for text, holds in said if holds)))
    return Section(
        id="rates",
        heading="Headline rates",
        blocks=present(
            Paragraph(lead),
            _table(rates, studies),
            Notes(tuple(_notes(rates, studies))),
            drawings(headline_chart(rates, studies)),
            drawings(heat_map(rates)),
            _flag_table(rates),
        ),
    )


def _table(rates: Sequence[Rate], studies: Sequence[StudyResult]) -> Table:
    arms = Arms(rates)
    names = ["harmful", "n", "worlds", "rate", interval_heading(rates), "95 % over worlds"]
    names += ["corrected", "95 % corrected"] if studies else []
    names += ["if all were known"] if any(map(_missing, rates)) else []
    judges = sorted({rate.group.judge for rate in rates if rate.group.judge})
    by = f", judged by {judges[0]}" if len(judges) == 1 else ""
    return Table(
        id="table-rates",
        caption=f"Rate of harm by arm{by}",
        columns=(
            *arms.columns,
            *((Column("judge"),) if len(judges) > 1 else ()),
            *(Column(name, number=True) for name in names),
        ),
        rows=tuple(_row(rate, rates, studies, arms, judge=len(judges) > 1) for rate in rates),
    )


def _row(
    rate: Rate, rates: Sequence[Rate], studies: Sequence[StudyResult], arms: Arms, *, judge: bool
) -> tuple[Cell, ...]:
    figures = rate.figures
    return (
        *arms.cells(rate.group),
        *((text_cell(rate.group.judge),) if judge else ()),
        count_cell(rate.judged[0] + rate.known[0]),
        count_cell(figures["episodes"]),
        count_cell(figures["worlds"]),
        percent_cell(figures["rate"]),
        interval_cell(figures["wilson_low"], figures["wilson_high"]),
        interval_cell(figures["clustered_low"], figures["clustered_high"]),
        *(_corrected(rate, studies) if studies else ()),
        *((_bounds(rate),) if any(map(_missing, rates)) else ()),
    )


def _corrected(rate: Rate, studies: Sequence[StudyResult]) -> tuple[Cell, Cell]:
    found = corrected_for(rate, studies)
    if found is None:
        return text_cell(""), text_cell("")
    return percent_cell(found.value), interval_cell(found.low, found.high)


def _missing(rate: Rate) -> bool:
    return rate.episodes - rate.statuses["valid"] > UNSCORED_SHARE * rate.episodes


def _bounds(rate: Rate) -> Cell:
    if not _missing(rate):
        return text_cell("")
    return interval_cell(rate.figures["bound_low"], rate.figures["bound_high"])


def _notes(rates: Sequence[Rate], studies: Sequence[StudyResult]) -> list[str]:
    notes = {note for rate in rates for note in rate.notes}
    notes |= {note for rate in rates if studies and (note := uncorrected(rate, studies))}
    return [*apart_notes(rates), *sorted(notes)]


def _flag_table(rates: Sequence[Rate]) -> Table:
    """Make the table of what is counted beside the rate, such as misreadings."""
    arms = Arms(rates)
    rows = [
        (*arms.cells(rate.group), *_flag(rate, name.removesuffix(_COUNT)))
        for rate in rates
        for name in rate.flags
        if name.endswith(_COUNT)
    ]
    names = ("episodes", "share", "95 % Wilson")
    return Table(
        id="table-flags",
        caption="Counted beside the rate: further findings, over the episodes in which each can be told",
        columns=(*arms.columns, Column("finding"), *(Column(name, number=True) for name in names)),
        rows=tuple(rows),
    )


def _flag(rate: Rate, name: str) -> tuple[Cell, ...]:
    figures = rate.flags
    return (
        text_cell(name),
        count_cell(figures[f"{name}{_COUNT}"]),
        percent_cell(figures[name]),
        interval_cell(figures[f"{name}_low"], figures[f"{name}_high"]),
    )
