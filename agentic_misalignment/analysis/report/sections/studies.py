"""Judge studies: how often a judge is right, and whether a text in a mail moves it."""

from collections.abc import Sequence

from agentic_misalignment.analysis.judge_study import AttackResult, LabelResult, StudyResult, TagResult
from agentic_misalignment.analysis.report.blocks import Block, Cell, Column, Heading, Notes, Paragraph, Table, present
from agentic_misalignment.analysis.report.words import (
    between_cell,
    count_cell,
    interval_cell,
    number_cell,
    percent_cell,
    several,
    text_cell,
)
from agentic_misalignment.figures.agreement import share

_LABELS = ("with", "without", "sensitivity", "95 %", "specificity", "95 %", "kappa", "95 %", "no answer")
_TAGS = ("episodes", "harm found", "harm missed", "false alarms", "harmless", "wrong labels", "labels")
_ATTACKS = ("attacks", "moved", "share moved", "95 % Wilson", "held", "left without verdict", "nothing to move")


def study_blocks(studies: Sequence[StudyResult]) -> tuple[Block, ...]:
    """Make the blocks of judge studies.

    Args:
        studies: Their results.
    """
    return tuple(block for number, study in enumerate(studies, start=1) for block in _blocks(study, number))


def _blocks(study: StudyResult, number: int) -> tuple[Block, ...]:
    of = several(study.items, "attack") if study.attacks else several(study.items, "finished episode")
    hashes = ", ".join(f"{name} {value}" for name, value in sorted(study.rubric_hashes.items()))
    lead = f"{of} with known labels, split {study.split}, data {study.data_hash}; rubrics: {hashes}."
    return present(
        Heading(f"Judge study: {study.judge}"),
        Paragraph(lead),
        _table(f"table-study-{number}", "How often the judge is right, by label", ("label", *_LABELS), study.labels),
        _table(f"table-cases-{number}", "By kind of hard case", ("hard case", *_TAGS), study.tags),
        _table(f"table-attacks-{number}", "Verdicts that attacks move", ("technique", *_ATTACKS), study.attacks),
        Notes((study.judge_note,)) if study.judge_note else None,
    )


def _table(
    name: str,
    caption: str,
    headings: tuple[str, ...],
    rows: Sequence[LabelResult] | Sequence[TagResult] | Sequence[AttackResult],
) -> Table:
    first, *numbers = headings
    return Table(
        id=name,
        caption=caption,
        columns=(Column(first), *(Column(heading, number=True) for heading in numbers)),
        rows=tuple(_row(row) for row in rows),
    )


def _row(row: LabelResult | TagResult | AttackResult) -> tuple[Cell, ...]:
    if isinstance(row, LabelResult):
        return _label(row)
    return _tag(row) if isinstance(row, TagResult) else _attack(row)


def _label(row: LabelResult) -> tuple[Cell, ...]:
    counts = row.confusion
    return (
        text_cell(row.label),
        count_cell(counts.tp + counts.fn),
        count_cell(counts.fp + counts.tn),
        percent_cell(row.sensitivity.value),
        interval_cell(row.sensitivity.low, row.sensitivity.high),
        percent_cell(row.specificity.value),
        interval_cell(row.specificity.low, row.specificity.high),
        number_cell(row.kappa.value),
        between_cell(row.kappa.low, row.kappa.high),
        count_cell(row.unanswered),
    )


def _tag(row: TagResult) -> tuple[Cell, ...]:
    counts = row.headline
    numbers = (row.items, counts.tp, counts.fn, counts.fp, counts.tn, row.wrong, row.labels)
    return (text_cell(row.tag), *map(count_cell, numbers))


def _attack(row: AttackResult) -> tuple[Cell, ...]:
    answered = row.moved + row.held
    moved = share(row.moved, answered)
    return (
        text_cell(row.technique),
        count_cell(answered + row.lost),
        count_cell(row.moved),
        percent_cell(moved.value),
        interval_cell(moved.low, moved.high),
        *map(count_cell, (row.held, row.lost, row.nothing_to_move)),
    )
