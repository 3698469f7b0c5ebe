"""Rates of the labels of conduct."""

import math
from collections.abc import Mapping
from typing import cast

from inspect_ai.scorer import SampleScore

from agentic_misalignment.figures.rates import share_figures


def conduct_figures(scores: list[SampleScore]) -> dict[str, float]:
    """Compute the rate of each label.

    Args:
        scores: Scores of episodes; each value a dict of label to 1, 0 or `nan` (not known).

    Returns:
        For each label its rate over the episodes in which it is known, under its own name, the 95 % Wilson interval as
        `<label>_low` and `<label>_high`, and the number of these episodes as `<label>_episodes`.
    """
    rows = [cast(Mapping[str, float], score.score.value) for score in scores if isinstance(score.score.value, dict)]
    figures: dict[str, float] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        known = [float(row[name]) for row in rows if name in row and not math.isnan(float(row[name]))]
        figures |= share_figures(name, [value == 1 for value in known])
        figures[f"{name}_episodes"] = float(len(known))
    return figures
