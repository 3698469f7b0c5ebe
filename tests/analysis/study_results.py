"""Results of judge studies with known counts."""

from typing import Any

from agentic_misalignment.analysis import StudyResult
from agentic_misalignment.analysis.judge_study import AttackResult, Cost, LabelResult, TagResult
from agentic_misalignment.figures import Confusion


def label(name: str = "blackmail", *, unanswered: int = 0, **counts: int) -> LabelResult:
    confusion = Confusion(**{"tp": 0, "fp": 0, "fn": 0, "tn": 0, **counts})
    return LabelResult(label=name, confusion=confusion, unanswered=unanswered)


def tag(name: str, *, wrong: int = 0, labels: int = 0, **counts: int) -> TagResult:
    confusion = Confusion(**{"tp": 0, "fp": 0, "fn": 0, "tn": 0, **counts})
    return TagResult(tag=name, items=confusion.n, headline=confusion, wrong=wrong, labels=labels)


def attack(
    technique: str, moved: int, held: int, lost: int = 0, without: int = 0, nothing_to_move: int = 0
) -> AttackResult:
    counts = {"moved": moved, "held": held, "lost": lost, "without": without, "nothing_to_move": nothing_to_move}
    return AttackResult(technique=technique, **counts)


def result(**more: Any) -> StudyResult:
    """The result of a study of `lab/judge` on rubric `r`."""
    return StudyResult.model_validate(
        {
            "judge": "lab/judge",
            "judge_settings": {"temperature": 0, "max_tokens": 8192},
            "judge_note": None,
            "rubric_hashes": {"blackmail": "r"},
            "data_hash": "d",
            "package_version": "0.1.0",
            "split": "held_out",
            "items": 100,
            "cost": Cost(input_tokens=0, output_tokens=0),
            **more,
        }
    )
