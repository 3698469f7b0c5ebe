"""Fitted effects: one logistic model of all factors that vary, with worlds as clusters."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pandas import DataFrame, factorize

from agentic_misalignment.analysis.effects.contrast import FittedEffect
from agentic_misalignment.analysis.effects.pools import Pool, pools
from agentic_misalignment.analysis.effects.separation import Estimable, Matrix, estimable, independent

FEWEST_WORLDS = 3
"""With fewer worlds there is no interval: over two, Student's would reach over all numbers."""

FEW_WORLDS = 4
"""Below this number of worlds an interval rests on so little that it is said."""


class _Column(NamedTuple):
    """A column of the design: one level against the baseline."""

    factor: str
    baseline: str
    level: str


@dataclass(frozen=True)
class _Fit:
    """Log odds ratios and their standard errors, by column; what was not fitted is `nan`."""

    effects: Matrix
    errors: Matrix
    worlds: int
    """Worlds that the fit rests on."""

    why: str = ""
    """Why there are no standard errors."""


def fitted_effects(frame: DataFrame) -> list[FittedEffect]:
    """Fit main effects of all factors that vary, each level against its factor's baseline.

    The estimates are those of logistic regression, which are those of generalized estimating equations with an
    independent working correlation. The variance is the cluster-robust one over worlds of Mancl and DeRouen (2001,
    Biometrics 57:126-134), which corrects for few clusters, or the model's own where that is larger: with few worlds
    the robust one may be near zero by chance. Critical values are Student's over worlds, as Li and Redden (2015,
    Statistics in Medicine 34:281-296) advise for few clusters.

    Args:
        frame: The table of episodes, with the columns of `read_frame`.

    Returns:
        An effect for each level of each factor that varies, by pool and in the order of the factors. Where a level's
        episodes all agree, or another separation leaves no finite estimate, figures are `nan` and the note says why.
        A factor that another one switches off stands at its baseline there.
    """
    return [effect for pool in pools(frame) if pool.factors for effect in _effects(pool)]


def _effects(pool: Pool) -> Iterator[FittedEffect]:
    columns = [_Column(each.name, each.baseline, level) for each in pool.factors for level in each.levels]
    settled = {each.name: pool.settled(each.name) for each in pool.factors}
    levels = [(settled[column.factor] == column.level).to_numpy(dtype=float) for column in columns]
    names = ["", *(f"{column.factor}={column.level}" for column in columns)]
    design = np.column_stack([np.ones(len(pool.episodes)), *levels])
    harm = pool.episodes["harm"].to_numpy(dtype=float)
    worlds = factorize(pool.episodes["world"], use_na_sentinel=False)[0]
    found = estimable(design, harm)
    fit = _fitted(design, harm, worlds, found, names)
    count = int(worlds.max()) + 1
    for place, column in enumerate(columns, start=1):
        effect, error = float(fit.effects[place]), float(fit.errors[place])
        low, high, p = _inference(effect, error, fit.worlds)
        at = {level: harm[settled[column.factor] == level] for level in (column.level, column.baseline)}
        yield FittedEffect(
            scenario=pool.scenario,
            model=pool.model,
            judge=pool.judge,
            factor=column.factor,
            baseline=column.baseline,
            level=column.level,
            odds_ratio=math.exp(effect),
            low=low,
            high=high,
            p=p,
            episodes=len(harm),
            worlds=count,
            note=_unfit(found, place, at) or _note(fit),
            apart=pool.apart,
        )


def _fitted(design: Matrix, harm: Matrix, worlds: Matrix, found: Estimable, names: Sequence[str]) -> _Fit:
    """Fit the columns that have a finite estimate, on the episodes that decide about it."""
    unknown = np.full(design.shape[1], math.nan)
    if not found.finite[1:].any():
        return _Fit(unknown, unknown, 0)
    rows, groups = found.rows, worlds[found.rows]
    kept = _spanning(design[rows])
    part = design[rows][:, kept]
    fitted = _logistic(part, harm[rows])
    if not fitted.converged:
        return _Fit(unknown, unknown, 0, why="the fit does not converge")
    effects, errors = unknown.copy(), unknown.copy()
    effects[kept] = fitted.params
    effects[~found.finite] = math.nan
    count = len(np.unique(groups))
    why = _without_variance(part, groups, [names[column] for column in kept])
    if not why:
        over_worlds = _over_worlds(part, harm[rows], fitted.fittedvalues, groups)
        errors[kept] = np.sqrt(np.maximum(np.diag(fitted.cov_params()), np.diag(over_worlds)))
    return _Fit(effects, errors, count, why)


def _logistic(design: Matrix, harm: Matrix) -> Any:
    from statsmodels.api import GLM, families  # takes seconds to import

    return GLM(harm, design, family=families.Binomial()).fit()


def _over_worlds(design: Matrix, harm: Matrix, rates: Matrix, groups: Matrix) -> Matrix:
    """Return the covariance of Mancl and DeRouen.

    `X'(I - WXBX')^-1 r`, with a matrix as large as a world has episodes, is `(I - X'WXB)^-1 X'r`, with one as large as
    the model has columns: so a hundred thousand episodes are no matter.
    """
    weighted = design * (rates * (1 - rates))[:, None]
    bread = np.linalg.inv(design.T @ weighted)
    meat = np.zeros_like(bread)
    for world in np.unique(groups):
        own = groups == world
        share = np.eye(len(bread)) - design[own].T @ weighted[own] @ bread
        score = np.linalg.solve(share, design[own].T @ (harm - rates)[own])
        meat += np.outer(score, score)
    covariance: Matrix = bread @ meat @ bread
    return covariance


def _spanning(design: Matrix) -> list[int]:
    """Return columns that stand for all: a column that the ones before it stand for is passed over."""
    kept: list[int] = []
    for column in range(design.shape[1]):
        if independent(design[:, [*kept, column]]).all():
            kept.append(column)
    return kept


def _without_variance(design: Matrix, groups: Matrix, names: Sequence[str]) -> str:
    """Say why there is no variance over worlds: they are too few, or an effect rests on one alone."""
    worlds = np.unique(groups)
    if len(worlds) < FEWEST_WORLDS:
        return f"no interval over worlds: {len(worlds)} world{'s' * (len(worlds) > 1)}"
    without = [independent(design[groups != world]) for world in worlds]
    alone = [name for place, name in enumerate(names) if name and not all(known[place] for known in without)]
    return f"no interval over worlds: one world alone decides about {', '.join(alone)}" if alone else ""


def _inference(effect: float, error: float, worlds: int) -> tuple[float, float, float]:
    """Return the limits of the odds ratio and the p-value."""
    if not error > 0:
        return math.nan, math.nan, math.nan
    from scipy.stats import t

    half = float(t.isf(0.025, worlds - 1)) * error
    return math.exp(effect - half), math.exp(effect + half), float(2 * t.sf(abs(effect) / error, worlds - 1))


def _unfit(found: Estimable, place: int, at: Mapping[str, Matrix]) -> str:
    """Say why a column has no estimate, where it has none.

    Args:
        found: What can be estimated.
        place: The column.
        at: Outcomes at its level and at the baseline.
    """
    if found.aliased[place]:
        return "varies only together with other factors: cannot be told apart from them"
    if found.finite[place]:
        return ""
    for level, outcomes in at.items():
        if len(set(outcomes.tolist())) == 1:
            return (
                f"separation: {'all' if outcomes[0] else 'none'} of {len(outcomes)} episodes with {level} are harmful"
            )
    return "separation: the factors together foretell the outcome of some episodes without error"


def _note(fit: _Fit) -> str:
    if fit.why or fit.worlds >= FEW_WORLDS:
        return fit.why
    return f"only {fit.worlds} worlds"
