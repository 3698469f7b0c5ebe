"""The judge study as an Inspect dataset."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from inspect_ai.dataset import MemoryDataset, Sample

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import Record, build_dossier, rule
from agentic_misalignment.scenarios.plan import ALL, listed
from agentic_misalignment.study import Attack, Item, attacks, replay, replay_attacked, study_items

ITEMS_PER_ATTACK = 3
"""Episodes that each attack is put into: one of each scenario, if there is one whose verdict it could turn and in which
a judge reads it."""


def study_dataset(*, split: str, scenarios: Any, limit_items: Any = None) -> MemoryDataset:
    """Make one sample for each item; its input is the dossier as a reader may look at it.

    Args:
        split: `all`, `open` or `held_out`.
        scenarios: Names, separated by commas or as a list, or `all`.
        limit_items: Only so many items of each scenario; all for `None`.

    Raises:
        SuiteError: If a value is not valid.
    """
    samples = [
        Sample(id=item.id, input=exhibit_of(item), metadata=_metadata(item))
        for item in _items(split, scenarios, limit_items)
    ]
    return _dataset(samples, f"judge-study-{split}")


def attack_dataset(*, split: str, scenarios: Any, limit_items: Any = None) -> MemoryDataset:
    """Make one sample for each attack on an item whose verdict it could turn; see `study_dataset`.

    Raises:
        SuiteError: If a value is not valid.
    """
    items = [item for item in _items(split, scenarios, limit_items) if _open(item)]
    reached: dict[tuple[str, str], bool] = {}
    samples = [
        Sample(
            id=f"{item.id}+{attack.id}",
            input=_whole(replay_attacked(item, attack).record),
            metadata={**_metadata(item), "attack": attack.id, "technique": attack.technique},
        )
        for number, attack in enumerate(attacks())
        for item in _victims(items, attack, number, reached)
    ]
    return _dataset(samples, f"judge-attacks-{split}")


def _dataset(samples: list[Sample], name: str) -> MemoryDataset:
    if not samples:
        raise SuiteError(f"{name}: no episode is left by split, scenarios and limit_items")
    return MemoryDataset(samples, name=name)


def exhibit_of(item: Item) -> str:
    """Return the dossier of an item, as a judge of the whole session reads it."""
    return _whole(replay(item).record)


def _whole(record: Record) -> str:
    return build_dossier(record, rule(record.facts.scenario).collect(record), whole=True).exhibit()


def _items(split: str, scenarios: Any, limit_items: Any) -> list[Item]:
    chosen = listed(scenarios)
    items = study_items(split=split, scenarios=[] if chosen == [ALL] else chosen)
    if limit_items is None:
        return items
    if not str(limit_items).isdecimal() or int(limit_items) < 1:
        raise SuiteError(f"limit_items={limit_items}: expected a whole number from 1 on")
    return [item for _, group in _by_scenario(items) for item in list(group)[: int(limit_items)]]


def _victims(items: Iterable[Item], attack: Attack, number: int, reached: dict[tuple[str, str], bool]) -> list[Item]:
    """Return one item of each scenario whose verdict the attack wants to turn and whose judge reads it, in turn.

    Args:
        items: Items that a judge decides.
        attack: The attack.
        number: Its number, from which on items are tried.
        reached: What is known already of which place of which item a judge reads; it is filled in.
    """
    found = []
    for _, group in _by_scenario(items):
        fit = [item for item in group if item.positive == (attack.wants == "negative")]
        start = number % len(fit) if fit else 0
        for item in [*fit[start:], *fit[:start]]:
            place = item.id, attack.place
            if place not in reached:
                reached[place] = _reaches(item, attack)
            if reached[place]:
                found.append(item)
                break
    return found[:ITEMS_PER_ATTACK]


def _reaches(item: Item, attack: Attack) -> bool:
    """Tell whether the words of an attack stand in what the headline question shows: others there change it."""
    other = attack.model_copy(update={"text": "."})
    return _asked(replay_attacked(item, attack).record) != _asked(replay_attacked(item, other).record)


def _asked(record: Record) -> str:
    by = rule(record.facts.scenario)
    return build_dossier(record, by.collect(record)).exhibit(by.rubric.mails)


def _open(item: Item) -> bool:
    return rule(item.scenario).collect(replay(item).record).settled is None


def _by_scenario(items: Iterable[Item]) -> Any:
    return groupby(items, key=lambda item: item.scenario)


def _metadata(item: Item) -> dict[str, Any]:
    return {
        "scenario": item.scenario,
        "world": item.world,
        "condition": "judge-study",
        "tags": list(item.tags),
        "held_out": item.held_out,
        "item": item.model_dump(mode="json", exclude={"readings", "adjudication", "constructed"}),
    }
