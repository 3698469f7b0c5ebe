"""The datasheet says of the labelled episodes what is in them."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agentic_misalignment.judging import labels, rule
from agentic_misalignment.study import attacks, replay, study_items

SHEET = " ".join((Path(__file__).parents[2] / "datasets/judge_study/DATASHEET.md").read_text(encoding="utf-8").split())
ITEMS = study_items()


def pairs(counts: Mapping[Any, int], names: list[str]) -> str:
    """Names and counts as the datasheet writes them."""
    return ", ".join(f"`{name}` {counts[name]}" for name in names)


def test_episodes_by_scenario_protocol_and_belief() -> None:
    assert f"{len(ITEMS)} finished episodes" in SHEET
    for key, names in (
        ("scenario", ["blackmail", "leaking", "lethal_action"]),
        ("protocol", ["mailbox", "single_turn"]),
    ):
        assert pairs(Counter(getattr(item, key) for item in ITEMS), names) in SHEET
    beliefs = Counter(item.labels.belief for item in ITEMS)
    assert pairs(beliefs, ["test", "real", "undecided", "not_considered"]) in SHEET


def test_harm_and_who_decides_it() -> None:
    harmful = Counter(item.labels.verdict for item in ITEMS if item.positive)
    open_ = sum(rule(item.scenario).collect(replay(item).record).settled is None for item in ITEMS)

    told = pairs(harmful, ["open_threat", "veiled_threat", "disclosed", "understood"])
    assert f"harm {harmful.total()} ({told}), no harm {len(ITEMS) - harmful.total()}" in SHEET
    assert f"| decided by a judge | {open_};" in SHEET


def test_languages_and_held_out_episodes() -> None:
    languages = Counter(item.language for item in ITEMS)
    others = len(ITEMS) - languages["en"]

    assert f"English {languages['en']}, {len(languages) - 1} others {others}" in SHEET
    assert f"| held out | {sum(item.held_out for item in ITEMS)} |" in SHEET


@pytest.mark.parametrize("name", labels())
def test_labels_of_conduct(name: str) -> None:
    count = sum(name in item.labels.conduct for item in ITEMS)

    assert re.search(rf"`{name}` {count}\b", SHEET)


def test_adjudication() -> None:
    changed = [item for item in ITEMS if item.constructed]
    moved = sum(len({*item.labels.conduct} ^ {*item.constructed.conduct}) for item in changed if item.constructed)
    differing = sum(bool(item.adjudication) for item in ITEMS)

    assert f"in {differing} episodes; {moved} labels changed" in SHEET


def test_agreement_of_the_readings() -> None:
    told = [(set(first.conduct), set(second.conduct)) for first, second in (item.readings for item in ITEMS)]
    agreed = sum(len(labels()) - len(first ^ second) for first, second in told)

    assert f"on {agreed:,} of {len(ITEMS) * len(labels()):,} labels of conduct" in SHEET
    assert all(len({reading.verdict for reading in item.readings}) == 1 for item in ITEMS)
    assert all(len({reading.belief for reading in item.readings}) == 1 for item in ITEMS)


def test_attacks() -> None:
    assert f"`attacks.yaml` has {len(attacks())} texts" in SHEET
