"""Separation: which effects of a logistic model have no finite estimate, and which cannot be told apart at all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]

_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Estimable:
    """What of a logistic model can be estimated."""

    rows: NDArray[np.bool_]
    """The episodes that decide about finite estimates; the others are foretold without error in the limit."""

    finite: NDArray[np.bool_]
    """Columns with a finite estimate."""

    aliased: NDArray[np.bool_]
    """Columns that other columns stand for: no episodes could tell their effects apart."""


def estimable(design: Matrix, harm: Matrix) -> Estimable:
    """Find what a logistic model can estimate.

    Estimates run to infinity if some combination of the columns foretells the outcome of some episodes without error
    and contradicts none (Albert and Anderson 1984, Biometrika 71:1-10). Such a combination is looked for by linear
    programming (Konis 2007, Oxford University); the episodes that it foretells are taken away until there is none.
    A column has a finite estimate if the episodes that remain tell it from all others.

    Args:
        design: The design matrix, one row an episode.
        harm: The outcomes, 1 or 0.
    """
    # Episodes that are alike decide alike, and there are far fewer kinds than episodes.
    kinds, kind_of = np.unique(np.column_stack([design, harm]), axis=0, return_inverse=True)
    design, signed = kinds[:, :-1], kinds[:, :-1] * np.where(kinds[:, -1:] > 0, 1.0, -1.0)
    rows = np.ones(len(kinds), dtype=bool)
    while rows.any():
        foretold = rows & (signed @ _direction(signed[rows]) > _TOLERANCE)
        if not foretold.any():
            break
        rows = rows & ~foretold
    known = independent(design)
    return Estimable(rows=rows[kind_of], finite=independent(design[rows]) & known, aliased=~known)


def independent(design: Matrix) -> NDArray[np.bool_]:
    """Tell which columns are no combination of the others.

    Args:
        design: The matrix.
    """
    columns = design.shape[1]
    triangle = np.asarray(np.linalg.qr(design, mode="r"))  # of the same rank, and small
    whole = _rank(triangle)
    return np.array([_rank(np.delete(triangle, column, axis=1)) < whole for column in range(columns)])


def _rank(design: Matrix) -> int:
    return int(np.linalg.matrix_rank(design)) if design.size else 0


def _direction(signed: Matrix) -> Matrix:
    from scipy.optimize import linprog

    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs")
    if found.status:
        raise RuntimeError(f"linear programme of the separation: {found.message}")
    direction: Matrix = found.x
    return direction
