"""The design of a run: what varies, what is crossed, and which effects could not be told apart."""

from collections import Counter
from collections.abc import Sequence
from math import prod

import numpy as np
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios import Condition
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE


class Design(BaseModel):
    """What varies between conditions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: dict[str, tuple[str, ...]]
    """Levels of every factor that varies, without `n/a`."""

    aliased: tuple[tuple[str, ...], ...]
    """Factors that only vary together: their effects cannot be told apart."""

    confounded: tuple[tuple[str, ...], ...]
    """Factors whose effects cannot all be told apart, though they do not always vary together."""

    missing: int
    """Combinations of levels that are no condition."""

    uneven: tuple[str, ...]
    """Factors with some levels in more conditions than others."""

    others: dict[str, int]
    """For each factor, conditions behind each of its levels: the least that a level has."""


def design_of(conditions: Sequence[Condition]) -> Design:
    """Read the design from its conditions.

    Args:
        conditions: The conditions of one scenario.
    """
    factors = [factor for factor, _ in conditions[0].levels]
    levels = {factor: _levels(conditions, factor) for factor in factors}
    varied = {factor: found for factor, found in levels.items() if len(found) > 1}
    groups = _partitions(conditions, list(varied))
    first = [group[0] for group in groups]
    counts = {factor: Counter(each.level(factor) for each in conditions) for factor in varied}
    counts = {
        factor: Counter({k: n for k, n in found.items() if k in varied[factor]}) for factor, found in counts.items()
    }
    return Design(
        levels=varied,
        aliased=tuple(group for group in groups if len(group) > 1),
        confounded=tuple(_confounded(conditions, varied, first)),
        missing=_missing(conditions, varied, first),
        uneven=tuple(factor for factor in first if len(set(counts[factor].values())) > 1),
        others={factor: min(found.values()) for factor, found in counts.items()},
    )


def _levels(conditions: Sequence[Condition], factor: str) -> tuple[str, ...]:
    found = dict.fromkeys(condition.level(factor) for condition in conditions)
    return tuple(level for level in found if level != NOT_APPLICABLE)


def _partitions(conditions: Sequence[Condition], factors: Sequence[str]) -> list[tuple[str, ...]]:
    """Group factors that cut the conditions into the same parts."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for factor in factors:
        numbers = {
            level: number for number, level in enumerate(dict.fromkeys(each.level(factor) for each in conditions))
        }
        groups.setdefault(tuple(numbers[each.level(factor)] for each in conditions), []).append(factor)
    return [tuple(group) for group in groups.values()]


def _missing(conditions: Sequence[Condition], varied: dict[str, tuple[str, ...]], first: Sequence[str]) -> int:
    """Count combinations that were not made, where every level applies everywhere."""
    whole = [factor for factor in first if all(each.level(factor) in varied[factor] for each in conditions)]
    made = {tuple(each.level(factor) for factor in whole) for each in conditions}
    return prod(len(varied[factor]) for factor in whole) - len(made)


def _confounded(
    conditions: Sequence[Condition], varied: dict[str, tuple[str, ...]], first: Sequence[str]
) -> list[tuple[str, ...]]:
    """Find factors whose columns in the matrix of main effects depend on each other: pairs, else all of them."""
    pairs: list[tuple[str, ...]] = [
        (one, other)
        for number, one in enumerate(first)
        for other in first[number + 1 :]
        if _deficient(conditions, varied, (one, other))
    ]
    if pairs:
        return pairs
    return [tuple(first)] if _deficient(conditions, varied, first) else []


def _deficient(conditions: Sequence[Condition], varied: dict[str, tuple[str, ...]], factors: Sequence[str]) -> bool:
    """Tell whether the matrix of main effects has not full rank.

    A level `n/a` has no column: such a factor is nested in the one that switches it off.
    """
    columns = [[1.0] * len(conditions)]
    for factor in factors:
        columns += [[float(each.level(factor) == level) for each in conditions] for level in varied[factor][1:]]
    return int(np.linalg.matrix_rank(np.array(columns))) < len(columns)
