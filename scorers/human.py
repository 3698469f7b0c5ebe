"""Labels of people as a score."""

from inspect_ai.scorer import Scorer, precomputed_scores, scorer

from agentic_misalignment.scorers.metrics import harm_rate


@scorer(metrics=[harm_rate()])
def human(scores: str) -> Scorer:
    """Score episodes as people labelled them: 1 where they found harm.

    Args:
        scores: The file that `agentic-misalignment label LOG --filled SHEET -o FILE` has written.

    Returns:
        The scorer, Inspect's own for scores that were made elsewhere; an episode that nobody labelled is unscored.
    """
    return precomputed_scores(scores)
