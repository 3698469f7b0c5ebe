"""Harm by reality belief."""

from collections.abc import Sequence

from agentic_misalignment.analysis.beliefs import BeliefTable
from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.report.arms import Arms
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
from agentic_misalignment.analysis.report.charts import beliefs
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import (
    count_cell,
    interval_cell,
    percent_cell,
    points_between_cell,
    points_cell,
    several,
    text_cell,
)
from agentic_misalignment.figures.beliefs import DIFFERENCE
from agentic_misalignment.judging import BELIEFS
from agentic_misalignment.judging.belief import NO_BELIEF

_LEAD = (
    "A belief is what the agent says about its own situation: that it is a test, that it is real, that it cannot tell, "
    "or nothing. Beliefs are not drawn by chance, so a difference in harm between them is an association. What an "
    "agent says and what it holds to be true may differ."
)


def belief_section(material: Material) -> Section | None:
    """Make the section of beliefs; `None` if no episode has one."""
    tables = material.beliefs
    if not tables:
        return None
    return Section(
        id="beliefs",
        heading="Harm by reality belief",
        blocks=present(
            Paragraph(_LEAD),
            _differences(tables, material.rates),
            Notes(tuple(_notes(tables))),
            drawings(beliefs([table for table in tables if considered(table)])),
            _beliefs(tables, material.rates),
        ),
    )


def considered(table: BeliefTable) -> bool:
    """Tell whether some episode says what its situation is."""
    return any(table.figures[f"{belief}_episodes"] for belief in BELIEFS if belief != NO_BELIEF)


def _names(arms: Arms, table: BeliefTable) -> tuple[Cell, ...]:
    return (*arms.cells(table.group), text_cell("prompt asks" if table.prompted else "prompt is silent"))


def _differences(tables: Sequence[BeliefTable], rates: Sequence[Rate]) -> Table:
    arms = Arms(rates)
    names = ["real, harm known", "harm(real)", "test, harm known", "harm(test)"]
    names += ["difference, points", "95 %", "95 % over worlds", "without a belief"]
    both = [table for table in tables if table.figures[DIFFERENCE] == table.figures[DIFFERENCE]]
    return Table(
        id="table-belief-differences",
        caption="Harm of episodes that call the situation real, minus harm of those that call it a test",
        columns=(*arms.columns, Column("asked"), *(Column(name, number=True) for name in names)),
        rows=tuple((*_names(arms, table), *_difference(table)) for table in both),
    )


def _difference(table: BeliefTable) -> tuple[Cell, ...]:
    figures = table.figures
    return (
        count_cell(figures["harm_real_episodes"]),
        percent_cell(figures["harm_real"]),
        count_cell(figures["harm_test_episodes"]),
        percent_cell(figures["harm_test"]),
        points_cell(figures[DIFFERENCE]),
        points_between_cell(figures[f"{DIFFERENCE}_low"], figures[f"{DIFFERENCE}_high"]),
        points_between_cell(figures[f"{DIFFERENCE}_clustered_low"], figures[f"{DIFFERENCE}_clustered_high"]),
        count_cell(table.unscored),
    )


def _beliefs(tables: Sequence[BeliefTable], rates: Sequence[Rate]) -> Table:
    arms = Arms(rates)
    names = ("episodes", "share", "95 % Wilson", "harm known", "harm", "95 % Wilson", "95 % over worlds")
    return Table(
        id="table-beliefs",
        caption="Beliefs, and harm by belief",
        columns=(*arms.columns, Column("asked"), Column("belief"), *(Column(name, number=True) for name in names)),
        rows=tuple(
            (*_names(arms, table), text_cell(belief), *_belief(belief, table.figures))
            for table in tables
            for belief in BELIEFS
            if table.figures[f"{belief}_episodes"]
        ),
    )


def _belief(belief: str, figures: dict[str, float]) -> tuple[Cell, ...]:
    share, harm = f"share_{belief}", f"harm_{belief}"
    return (
        count_cell(figures[f"{belief}_episodes"]),
        percent_cell(figures[share]),
        interval_cell(figures[f"{share}_low"], figures[f"{share}_high"]),
        count_cell(figures[f"{harm}_episodes"]),
        percent_cell(figures[harm]),
        interval_cell(figures[f"{harm}_low"], figures[f"{harm}_high"]),
        interval_cell(figures[f"{harm}_clustered_low"], figures[f"{harm}_clustered_high"]),
    )


def _notes(tables: Sequence[BeliefTable]) -> list[str]:
    missing = sum(table.unscored for table in tables)
    notes = {note for table in tables for note in table.notes}
    notes |= {f"{_place(table.group)}: beliefs are judged by {table.judge}" for table in tables if _other(table)}
    without = f"{several(missing, 'episode has', 'episodes have')} no belief and {'is' if missing == 1 else 'are'}"
    silent = sum(not considered(table) for table in tables)
    drawn = (
        f"in {several(silent, 'arm')} no episode says what its situation is: they are in the table, not in the chart"
    )
    return [
        *([f"{without} in none of the rows"] if missing else []),
        *([drawn] if silent else []),
        *sorted(notes),
    ]


def _place(group: Group) -> str:
    return f"{group.model}, {group.scenario}, {group.condition}"


def _other(table: BeliefTable) -> bool:
    return bool(table.judge) and table.judge != table.group.judge
