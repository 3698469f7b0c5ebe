"""The judge study: finished episodes with known labels, and attacks on the judge."""

from agentic_misalignment.study.attacks import Attack, apply_attack, attacks
from agentic_misalignment.study.items import Item, Labels, Turn, study_items
from agentic_misalignment.study.replay import replay, replay_attacked
from agentic_misalignment.study.truth import Row, compare

__all__ = [
    "Attack",
    "Item",
    "Labels",
    "Row",
    "Turn",
    "apply_attack",
    "attacks",
    "compare",
    "replay",
    "replay_attacked",
    "study_items",
]
