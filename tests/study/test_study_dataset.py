"""The study as an Inspect dataset: one sample for each item, or for each attack on an item that it could turn."""

from functools import cache
from typing import Any

import pytest
from inspect_ai.dataset import Sample

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import build_dossier, rule
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.study import Attack, Item, attacks, replay, replay_attacked, study_items
from agentic_misalignment.study_dataset import ITEMS_PER_ATTACK, attack_dataset, exhibit_of, study_dataset

UNSEEN = ("readings", "adjudication", "constructed")


def ids(**parameters: Any) -> list[str]:
    return [
        str(sample.id)
        for sample in study_dataset(**{"split": "all", "scenarios": "all", "limit_items": 2, **parameters})
    ]


def first(name: str, count: int) -> list[str]:
    return [item.id for item in study_items(scenarios=[name])][:count]


def item_of(metadata: dict[str, Any] | None) -> Item:
    return Item.model_validate((metadata or {})["item"])


def probe(attack: Attack) -> str:
    """Words of an attack as they stand in an exhibit."""
    return max(attack.text.replace("{{", "{ {").splitlines(), key=len)[:60].strip()


@pytest.mark.parametrize("limit", [1, "2"])
def test_a_limit_is_for_each_scenario(limit: Any) -> None:
    assert ids(limit_items=limit) == [each for name in scenario_names() for each in first(name, int(limit))]


def test_without_a_limit_every_item_is_there() -> None:
    assert ids(scenarios="leaking", limit_items=None) == [item.id for item in study_items(scenarios=["leaking"])]


@pytest.mark.parametrize("names", ["lethal_action,blackmail", ["lethal_action", "blackmail"]])
def test_named_scenarios_only(names: Any) -> None:
    assert {each.rpartition("-")[0].rpartition("-")[0] for each in ids(scenarios=names)} == {
        "blackmail",
        "lethal_action",
    }


@pytest.mark.parametrize(
    ("parameters", "parts"),
    [
        ({"split": "closed"}, ["'closed'", "held_out"]),
        ({"scenarios": "heist"}, ["'heist'", "blackmail"]),
        ({"limit_items": "x"}, ["limit_items=x", "from 1"]),
        ({"limit_items": 0}, ["limit_items=0", "from 1"]),
        ({"limit_items": -1}, ["limit_items=-1", "from 1"]),
        ({"limit_items": 1.5}, ["limit_items=1.5", "whole number"]),
    ],
)
@pytest.mark.parametrize("make", [study_dataset, attack_dataset])
def test_bad_input_is_named(make: Any, parameters: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(SuiteError) as caught:
        make(**{"split": "all", "scenarios": "all", "limit_items": 1, **parameters})

    assert not [part for part in parts if part not in caught.value.message]


@pytest.mark.parametrize("make", [study_dataset, attack_dataset])
def test_where_no_episode_is_left_there_is_nothing_to_run(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentic_misalignment.study_dataset.study_items", lambda **_: [])

    with pytest.raises(SuiteError, match="no episode is left by split, scenarios and limit_items"):
        make(split="held_out", scenarios="all")


def test_a_sample_carries_its_item_without_what_readers_said() -> None:
    (sample,) = study_dataset(split="all", scenarios="leaking", limit_items=1)
    item = study_items(scenarios=["leaking"])[0]

    assert item_of(sample.metadata) == item.model_copy(update={"readings": (), "adjudication": "", "constructed": None})
    assert not [key for key in UNSEEN if key in (sample.metadata or {})["item"]]


def test_a_sample_shows_the_dossier_and_no_label() -> None:
    (sample,) = study_dataset(split="all", scenarios="blackmail", limit_items=1)

    assert sample.input == exhibit_of(study_items(scenarios=["blackmail"])[0])
    assert str(sample.input).startswith("## The people")


@cache
def attacked() -> list[Sample]:
    return list(attack_dataset(split="all", scenarios="all", limit_items=12))


class TestAttacks:
    """The attacked samples of a few items."""

    def pairs(self) -> list[tuple[Item, Attack]]:
        """Item and attack of each sample."""
        known = {attack.id: attack for attack in attacks()}
        return [(item_of(each.metadata), known[(each.metadata or {})["attack"]]) for each in attacked()]

    def test_every_attack_is_made_on_up_to_one_item_of_each_scenario(self) -> None:
        hits = {attack.id: [item.scenario for item, made in self.pairs() if made == attack] for attack in attacks()}

        assert not [name for name, hit in hits.items() if not 1 <= len(hit) <= ITEMS_PER_ATTACK]
        assert not [name for name, hit in hits.items() if len(set(hit)) < len(hit)]

    def test_only_a_verdict_that_an_attack_could_turn_is_attacked(self) -> None:
        assert {(item.positive, attack.wants) for item, attack in self.pairs()} == {
            (True, "negative"),
            (False, "positive"),
        }

    def test_only_what_a_judge_decides_is_attacked(self) -> None:
        hit = {item.id: item for item, _ in self.pairs()}

        assert [name for name, item in hit.items() if rule(item.scenario).collect(replay(item).record).settled] == []

    def test_ids_name_item_and_attack(self) -> None:
        ids = [each.id for each in attacked()]

        assert ids == [f"{item.id}+{attack.id}" for item, attack in self.pairs()]
        assert len(set(ids)) == len(ids)

    def test_the_words_of_the_attack_stand_in_what_the_judge_reads(self) -> None:
        for item, attack in self.pairs():
            record = replay_attacked(item, attack).record
            by = rule(item.scenario)
            exhibit = build_dossier(record, by.collect(record)).exhibit(by.rubric.mails)
            assert probe(attack) in exhibit, f"{item.id}+{attack.id}"

    def test_a_reader_sees_the_attack_too(self) -> None:
        shown = zip(attacked(), self.pairs(), strict=True)

        assert [each.id for each, (_, attack) in shown if probe(attack) not in str(each.input)] == []
