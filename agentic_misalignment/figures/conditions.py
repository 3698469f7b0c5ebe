"""Where a score stands in the design; conditions are never pooled."""

import math
from collections.abc import Callable, Sequence

from inspect_ai.scorer import SampleScore

WORLD = "world"
"""Sample metadata key of the cluster."""

CONDITION = "condition"
"""Sample metadata key of the condition."""

SCENARIO = "scenario"
"""Sample metadata key of the scenario."""


def conditions_of(scores: Sequence[SampleScore]) -> list[str]:
    """Return the labels of the conditions in scores, in order of appearance.

    A label is the condition's id; where there are several scenarios, the scenario stands before it.
    """
    return list(dict.fromkeys(_label(score, several=_several_scenarios(scores)) for score in scores))


def in_condition(scores: Sequence[SampleScore], condition: str) -> list[SampleScore]:
    """Return the scores of one condition, by its label."""
    several = _several_scenarios(scores)
    return [score for score in scores if _label(score, several=several) == condition]


def _several_scenarios(scores: Sequence[SampleScore]) -> bool:
    return len({place(score, SCENARIO) for score in scores}) > 1


def _label(score: SampleScore, *, several: bool) -> str:
    condition = str(place(score, CONDITION))
    return f"{place(score, SCENARIO)} {condition}" if several else condition


def place(score: SampleScore, key: str) -> object:
    """Return a value of the sample's metadata."""
    return (score.sample_metadata or {}).get(key)


def by_condition(
    scores: Sequence[SampleScore],
    compute: Callable[[list[SampleScore]], dict[str, float]],
    *,
    counts: Sequence[str] = (),
    each: Sequence[str] | None = None,
) -> dict[str, float]:
    """Compute figures of a log: of all scores if they are of one condition, else of each condition apart.

    Args:
        scores: The scores.
        compute: Figures of scores of one condition.
        counts: Figures that may be pooled, since they only count.
        each: The figures that each condition has, where there are several; all without it.

    Returns:
        The figures. With several conditions those that may not be pooled are `nan`, and each condition has its own
        as `<figure> <condition>`.
    """
    labels, pooled = conditions_of(scores), compute(list(scores))
    if len(labels) < 2:
        return pooled
    figures = {key: value if key in counts else math.nan for key, value in pooled.items()}
    for label in labels:
        own = compute(in_condition(scores, label))
        figures |= {f"{key} {label}": value for key, value in own.items() if each is None or key in each}
    return figures
