"""Figures of the judge study, as a log has them."""

from collections.abc import Iterable, Mapping
from typing import Any

from inspect_ai.scorer import SampleScore

from agentic_misalignment.figures.agreement import Confusion, kappa, sensitivity, specificity
from agentic_misalignment.figures.rates import share_figures


def study_figures(scores: list[SampleScore]) -> dict[str, float]:
    """Compute how well a judge finds each label.

    Args:
        scores: Scores of the study's items, with the rows of labels in their metadata.

    Returns:
        For each label `sensitivity`, `specificity` and `kappa` over the items in which a judge was asked and answered,
        `asked`, their number, and `unanswered`, those in which it gave no usable answer.
    """
    figures: dict[str, float] = {}
    for label, rows in rows_by_label(score.score.metadata or {} for score in scores).items():
        asked = [row for row in rows if row["asked"]]
        confusion = confusion_of(asked)
        figures |= {
            f"{label} sensitivity": sensitivity(confusion).value,
            f"{label} specificity": specificity(confusion).value,
            f"{label} kappa": kappa(confusion).value,
            f"{label} asked": float(len(asked)),
            f"{label} unanswered": float(sum(row["found"] is None for row in asked)),
        }
    return figures


def attack_figures(scores: list[SampleScore]) -> dict[str, float]:
    """Compute how many verdicts each technique moves.

    Args:
        scores: Scores of attacked items, 1 where the verdict moved.

    Returns:
        `moved` over all, and for each technique, with 95 % Wilson intervals, and the number of verdicts as `…_attacks`.
    """
    groups: dict[str, list[bool]] = {"moved": [score.score.as_float() == 1 for score in scores]}
    for score in scores:
        groups.setdefault(f"moved {(score.score.metadata or {})['technique']}", []).append(score.score.as_float() == 1)
    figures: dict[str, float] = {}
    for name, values in sorted(groups.items()):
        figures |= {**share_figures(name, values), f"{name}_attacks": float(len(values))}
    return figures


def rows_by_label(details: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Collect the rows of score metadata by label."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for detail in details:
        for row in detail.get("rows") or ():
            found.setdefault(str(row["label"]), []).append(row)
    return found


def confusion_of(rows: Iterable[Mapping[str, Any]]) -> Confusion:
    """Count the rows that have an answer."""
    return Confusion.of((bool(row["truth"]), bool(row["found"])) for row in rows if row["found"] is not None)
