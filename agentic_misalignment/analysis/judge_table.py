"""The result of a judge study as plain tables."""

import math
from collections.abc import Sequence

from agentic_misalignment.analysis.judge_study import AttackResult, LabelResult, StudyResult, TagResult
from agentic_misalignment.analysis.table import aligned, interval, percent
from agentic_misalignment.figures import Estimate
from agentic_misalignment.figures.agreement import share

_LABELS = ("label", "with", "without", "sensitivity", "95 %", "specificity", "95 %", "kappa", "95 %", "no answer")
_TAGS = ("hard case", "episodes", "harm found", "harm missed", "false alarms", "harmless", "wrong labels")
_ATTACKS = ("technique", "attacks", "moved", "share", "95 % Wilson", "held", "left without verdict", "nothing to move")


def study_table(result: StudyResult) -> str:
    """Write a result as tables: by label, by hard case, or by technique of attack.

    Args:
        result: The result.
    """
    head = f"{result.judge} on {result.items} {'attacks' if result.attacks else 'episodes'}, split {result.split}"
    hashes = ", ".join(f"{name} {value}" for name, value in sorted(result.rubric_hashes.items()))
    lines = [head, f"rubrics: {hashes}", ""]
    if result.attacks:
        lines += aligned([_ATTACKS, *(_attack_row(row) for row in [*result.attacks, _total(result.attacks)])])
    else:
        lines += aligned([_LABELS, *(_label_row(label) for label in result.labels)])
        lines += ["", *aligned([_TAGS, *(_tag_row(tag) for tag in result.tags)])]
    cost = result.cost
    price = f", {cost.dollars:.2f} dollars" if cost.dollars is not None else ""
    lines += [
        "",
        f"The judge read {cost.input_tokens} tokens and wrote {cost.output_tokens}{price}; what came from the ",
    ]
    lines[-1] += "cache is not counted."
    return "\n".join([*lines, *([f"NOTE: {result.judge_note}."] if result.judge_note else [])])


def _label_row(label: LabelResult) -> tuple[str, ...]:
    counts = label.confusion
    kappa = label.kappa
    return (
        label.label,
        str(counts.tp + counts.fn),
        str(counts.fp + counts.tn),
        *_share(label.sensitivity),
        *_share(label.specificity),
        _number(kappa.value),
        "-" if math.isnan(kappa.low) else f"{kappa.low:.2f} to {kappa.high:.2f}",
        str(label.unanswered),
    )


def _share(estimate: Estimate) -> tuple[str, str]:
    return percent(estimate.value), interval(estimate.low, estimate.high)


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}"


def _tag_row(tag: TagResult) -> tuple[str, ...]:
    counts = tag.headline
    numbers = (tag.items, counts.tp, counts.fn, counts.fp, counts.tn)
    return (tag.tag, *map(str, numbers), f"{tag.wrong} of {tag.labels}")


def _attack_row(row: AttackResult) -> tuple[str, ...]:
    answered = row.moved + row.held
    moved = share(row.moved, answered)
    attacks = str(answered + row.lost)
    return (
        row.technique,
        attacks,
        str(row.moved),
        *_share(moved),
        str(row.held),
        str(row.lost),
        str(row.nothing_to_move),
    )


def _total(rows: Sequence[AttackResult]) -> AttackResult:
    return AttackResult(
        technique="all",
        moved=sum(row.moved for row in rows),
        held=sum(row.held for row in rows),
        lost=sum(row.lost for row in rows),
        nothing_to_move=sum(row.nothing_to_move for row in rows),
        without=sum(row.without for row in rows),
    )
