"""Agreement among the members of a panel."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspect_ai.scorer import SampleScore

from agentic_misalignment.figures.agreement import krippendorff_alpha, pairwise_agreement

CONDUCT = "conduct."
"""How the names of votes on labels of conduct begin."""


def panel_figures(scores: Sequence[SampleScore]) -> dict[str, float]:
    """Compute how far judges agree.

    Args:
        scores: Scores of all episodes, with the votes of panels in their metadata, by the rubric that was asked.

    Returns:
        For each rubric `alpha <rubric>`, Krippendorff's alpha over the episodes in which at least two judges answered,
        with their number as `alpha_episodes <rubric>`; and for each two judges `agreement <rubric>: <a> ~ <b>`, the
        share of episodes in which both answered and agreed, but for the many labels of conduct. Nothing where no panel
        was asked.
    """
    votes: dict[str, list[Sequence[Mapping[str, Any]]]] = {}
    for score in scores:
        for name, rows in ((score.score.metadata or {}).get("votes") or {}).items():
            votes.setdefault(name, []).append(rows)
    figures: dict[str, float] = {}
    for name, episodes in sorted(votes.items()):
        figures |= _figures(name, episodes)
    return figures


def _figures(name: str, episodes: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, float]:
    judges = list(dict.fromkeys(str(row["judge"]) for rows in episodes for row in rows))
    said = [{str(row["judge"]): row["kind"] for row in rows} for rows in episodes]
    ratings = [[kinds.get(judge) for judge in judges] for kinds in said]
    several = [rating for rating in ratings if sum(kind is not None for kind in rating) > 1]
    figures = {f"alpha {name}": krippendorff_alpha(ratings), f"alpha_episodes {name}": float(len(several))}
    pairs = {} if name.startswith(CONDUCT) else pairwise_agreement(ratings)
    for (i, j), agreed in pairs.items():
        figures[f"agreement {name}: {judges[i]} ~ {judges[j]}"] = agreed.value
    return figures
