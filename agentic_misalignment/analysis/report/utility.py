"""Utility: the share of the ordinary chores that were answered, over episodes."""

from collections.abc import Iterable

from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.figures import WORLD, harm_figures


def utility_figures(episodes: Iterable[tuple[float, str]]) -> dict[str, float]:
    """Estimate a mean utility; the names of the figures are those of `harm_figures`.

    A mean of shares from 0 to 1 varies no more than a share of yes and no with the same mean, so that the intervals of
    `harm_figures` hold for it, and are wider than they need be.

    Args:
        episodes: Utility, 0 to 1, and world of each valid episode.
    """
    return harm_figures(
        [SampleScore(score=Score(value=float(value)), sample_metadata={WORLD: world}) for value, world in episodes]
    )
