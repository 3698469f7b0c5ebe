"""Paired contrasts: what one level makes of a rate, over episodes that are alike in all else."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pandas import DataFrame

from agentic_misalignment.analysis.effects.contrast import Contrast
from agentic_misalignment.analysis.effects.difference import Difference, Outcome
from agentic_misalignment.analysis.effects.pools import Pool, Varied, pools

Key = tuple[object, ...]


class _Run(NamedTuple):
    """An episode and the log that it stands in."""

    file: str
    outcome: Outcome


def paired_contrasts(frame: DataFrame) -> list[Contrast]:
    """Compare each level of each factor with the factor's baseline.

    A pair is two valid episodes that agree in world, seed, epoch and every other factor. Where these were run several
    times, an episode's partner is of its own run, or else the next one in the order of the runs. An episode without a
    partner is left out and counted. A factor that the baseline or the level switches off (`goal_pair` without a
    goal) stands at its own baseline there. Intervals: see `Difference`.

    Args:
        frame: The table of episodes, with the columns of `read_frame`.

    Returns:
        A contrast for each level of each factor that varies, by pool and in the order of the factors; without pairs
        its figures are `nan`.
    """
    return [
        _contrast(pool, varied, level) for pool in pools(frame) for varied in pool.factors for level in varied.levels
    ]


def _contrast(pool: Pool, varied: Varied, level: str) -> Contrast:
    sides = {each: _by_key(pool, varied, each) for each in (varied.baseline, level)}
    first, second = _matched(sides[varied.baseline], sides[level])
    made = Difference(first=first, second=second, pairs=tuple((place, place) for place in range(len(first))))
    low, high = made.bounds()
    clustered_low, clustered_high = made.bounds_over_worlds()
    return Contrast(
        scenario=pool.scenario,
        model=pool.model,
        judge=pool.judge,
        factor=varied.name,
        baseline=varied.baseline,
        level=level,
        pairs=len(first),
        worlds=len({outcome.world for outcome in first}),
        baseline_rate=made.first_rate,
        level_rate=made.second_rate,
        difference=made.value if first else math.nan,
        low=low,
        high=high,
        clustered_low=clustered_low,
        clustered_high=clustered_high,
        left_out=sum(len(found) for side in sides.values() for found in side.values()) - 2 * len(first),
        apart=pool.apart,
    )


def _by_key(pool: Pool, varied: Varied, level: str) -> dict[Key, list[_Run]]:
    rows = pool.episodes[pool.episodes[varied.name] == level]
    rows = rows.sort_values([name for name in ("created", "log_file") if name in rows], kind="stable")
    others = [pool.settled(other.name).loc[rows.index] for other in pool.factors if other.name != varied.name]
    columns: Sequence[Sequence[object]] = [rows[name].tolist() for name in ("world", "seed", "epoch")]
    keys = zip(*columns, *(levels.tolist() for levels in others), strict=True)
    files = rows["log_file"].tolist() if "log_file" in rows else [""] * len(rows)
    found: dict[Key, list[_Run]] = defaultdict(list)
    for key, file, world, harm in zip(keys, files, rows["world"].tolist(), rows["harm"].tolist(), strict=True):
        found[key].append(_Run(file, Outcome(world if isinstance(world, str) else None, harm)))
    return found


def _matched(
    first: dict[Key, list[_Run]], second: dict[Key, list[_Run]]
) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
    pairs = [pair for key in first if key in second for pair in _pairs(first[key], second[key])]
    return tuple(one.outcome for one, _ in pairs), tuple(other.outcome for _, other in pairs)


def _pairs(first: Sequence[_Run], second: Sequence[_Run]) -> list[tuple[_Run, _Run]]:
    """Pair episodes that agree in all: those of one log with each other, the rest in the order of the runs."""
    pairs, rest, free = [], [], list(second)
    for one in first:
        place = next((place for place, other in enumerate(free) if other.file == one.file), None)
        if place is None:
            rest.append(one)
        else:
            pairs.append((one, free.pop(place)))
    return [*pairs, *zip(rest, free, strict=False)]  # the longer side keeps episodes without a partner
