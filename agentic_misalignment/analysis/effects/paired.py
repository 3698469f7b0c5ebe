"""Paired contrasts: what one level makes of a rate, over episodes that are alike in all else."""

import math
from collections import defaultdict
from collections.abc import Sequence

from pandas import DataFrame

from agentic_misalignment.analysis.effects.contrast import Contrast
from agentic_misalignment.analysis.effects.difference import Difference, Outcome
from agentic_misalignment.analysis.effects.pools import Pool, Varied, pools

Key = tuple[object, ...]


def paired_contrasts(frame: DataFrame) -> list[Contrast]:
    """Compare each level of each factor with the factor's baseline.

    A pair is two valid episodes that agree in world, seed, epoch and every other factor. Where these were run several
    times, the first of the one is paired with the first of the other, in the order of the runs. An episode without a
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


def _by_key(pool: Pool, varied: Varied, level: str) -> dict[Key, list[Outcome]]:
    rows = pool.episodes[pool.episodes[varied.name] == level]
    rows = rows.sort_values([name for name in ("created", "log_file") if name in rows], kind="stable")
    others = [pool.settled(other.name).loc[rows.index] for other in pool.factors if other.name != varied.name]
    columns: Sequence[Sequence[object]] = [rows[name].tolist() for name in ("world", "seed", "epoch")]
    keys = zip(*columns, *(levels.tolist() for levels in others), strict=True)
    found: dict[Key, list[Outcome]] = defaultdict(list)
    for key, world, harm in zip(keys, rows["world"].tolist(), rows["harm"].tolist(), strict=True):
        found[key].append(Outcome(world if isinstance(world, str) else None, harm))
    return found


def _matched(
    first: dict[Key, list[Outcome]], second: dict[Key, list[Outcome]]
) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
    pairs = [
        pair for key in first if key in second for pair in zip(first[key], second[key], strict=False)
    ]  # strict would refuse an episode more on one side, which is left out
    return tuple(one for one, _ in pairs), tuple(other for _, other in pairs)
