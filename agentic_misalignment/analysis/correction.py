"""Correction: the rate that a judge without errors would have given."""

import math
from statistics import NormalDist

from agentic_misalignment.figures.agreement import Estimate, share

Counts = tuple[int, int]
"""Items that count, and all items."""

_Z = NormalDist().inv_cdf(0.975)


def corrected_rate(
    positive: int,
    judged: int,
    sensitivity: Counts,
    specificity: Counts,
    known_positive: int = 0,
    known: int = 0,
) -> Estimate:
    """Correct a rate for the errors of the judge that gave it.

    The estimate is that of Rogan and Gladen (1978, American Journal of Epidemiology 107:71-76), clamped to 0 and 1.
    The interval is that of Lang and Reiczigel (2014, Preventive Veterinary Medicine 113:13-22, equations 6, 7, 16 and
    17), which also carries the uncertainty of the two shares from the study of the judge. It was checked against the R
    package asht (prevSeSp), which notes that equation 4 is printed with `(1 + P)^2` in place of `(1 - P)^2`.

    Episodes that evidence decided are added as they are. The weighted distances to the limits of the two parts add up
    in squares (Zou and Donner 2008, Statistics in Medicine 27:1693-1702), together with the variance of the split
    between the parts, since whether evidence decides is a matter of chance as well.

    Args:
        positive: Judged episodes with a positive verdict.
        judged: All judged episodes.
        sensitivity: Of the study's true positives: those that the judge found, and all.
        specificity: Of the study's true negatives: those that the judge let pass, and all.
        known_positive: Positive episodes among those that evidence decided.
        known: All episodes that evidence decided.

    Returns:
        The rate over judged and known episodes. `nan` when the study does not show the judge to be better than chance,
        which is sensitivity + specificity > 1, both as counted and with the interval's added items. Without judged
        episodes nothing needs correction: the share of the known ones.
    """
    _check(positive, judged, "judged episodes")
    _check(*sensitivity, "the study's true positives")
    _check(*specificity, "the study's true negatives")
    _check(known_positive, known, "known episodes")
    if not judged:
        return share(known_positive, known)
    n = judged + known
    added = _added(sensitivity), _added(specificity)
    if not (_informative(sensitivity, specificity) and _informative(*added)):
        return Estimate(value=math.nan, low=math.nan, high=math.nan, n=n)
    value = _clamped(_rogan_gladen(positive / judged, _share(sensitivity), _share(specificity)))
    low, high = _limits(positive, judged, *added)
    # The limits rest on shares that are drawn to one half; after a study of a few items they may miss the estimate.
    part = Estimate(value=value, low=min(low, value), high=max(high, value), n=judged)
    return _together(part, share(known_positive, known)) if known else part


def _together(judged: Estimate, known: Estimate) -> Estimate:
    n = judged.n + known.n
    weight, rest = judged.n / n, known.n / n
    value = weight * judged.value + rest * known.value
    split = _Z * (judged.value - known.value) * math.sqrt(weight * rest / n)
    below = math.hypot(weight * (judged.value - judged.low), rest * (known.value - known.low), split)
    above = math.hypot(weight * (judged.high - judged.value), rest * (known.high - known.value), split)
    return Estimate(value=value, low=_clamped(value - below), high=_clamped(value + above), n=n)


def _limits(positive: int, judged: int, sensitivity: Counts, specificity: Counts) -> tuple[float, float]:
    # The names are those of the paper, where a prime marks what is computed with added items.
    n = judged + _Z**2
    ap = (positive + _Z**2 / 2) / n
    se, sp = _share(sensitivity), _share(specificity)
    p = _rogan_gladen(ap, se, sp)
    se_variance, sp_variance = se * (1 - se) / sensitivity[1], sp * (1 - sp) / specificity[1]
    dp = 2 * _Z**2 * (p * se_variance - (1 - p) * sp_variance)
    variance = ap * (1 - ap) / n + p**2 * se_variance + (1 - p) ** 2 * sp_variance
    half = _Z * math.sqrt(variance) / (se + sp - 1)
    return _clamped(p + dp - half), _clamped(p + dp + half)


def _rogan_gladen(apparent: float, sensitivity: float, specificity: float) -> float:
    return (apparent + specificity - 1) / (sensitivity + specificity - 1)


def _added(counts: Counts) -> Counts:
    """One right and one wrong item more, after Agresti and Coull."""
    return counts[0] + 1, counts[1] + 2


def _informative(sensitivity: Counts, specificity: Counts) -> bool:
    # Sensitivity + specificity > 1 in whole numbers: exact, and false for an empty study.
    (a, m), (b, k) = sensitivity, specificity
    return a * k + b * m > m * k


def _share(counts: Counts) -> float:
    return counts[0] / counts[1]


def _clamped(rate: float) -> float:
    return min(max(rate, 0.0), 1.0)


def _check(count: int, n: int, what: str) -> None:
    if not 0 <= count <= n:
        raise ValueError(f"{what}: {count} of {n} is no share")
