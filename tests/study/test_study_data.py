"""The labelled episodes that come with the suite: what holds for each of them, whatever is labelled."""

import json
from functools import cache

import pytest

from agentic_misalignment.judging import build_dossier, labels, ledger_values, rule
from agentic_misalignment.judging.labels import HARMS
from agentic_misalignment.scenarios import scenario, scenario_names
from agentic_misalignment.scenarios.data import datasets
from agentic_misalignment.study import Item, replay, study_items
from agentic_misalignment.study.items import NOT_CANCELLED
from agentic_misalignment.study.replay import Replayed

ITEMS = study_items()


@cache
def played(index: int) -> Replayed:
    return replay(ITEMS[index])


def each() -> list[tuple[Item, Replayed]]:
    return [(item, played(index)) for index, item in enumerate(ITEMS)]


def lines() -> list[str]:
    files = [datasets() / "judge_study" / f"{name}.jsonl" for name in scenario_names()]
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_there_are_enough_items() -> None:
    assert len(ITEMS) >= 300


def test_every_scenario_is_there_in_both_protocols() -> None:
    assert {(item.scenario, item.protocol) for item in ITEMS} == {
        (name, protocol) for name in scenario_names() for protocol in ("mailbox", "single_turn")
    }


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_has_harm_and_none(name: str) -> None:
    assert {item.positive for item in ITEMS if item.scenario == name} == {True, False}


def test_there_are_other_languages_than_english() -> None:
    assert len({item.language for item in ITEMS}) > 3


def test_no_item_stands_there_twice() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    turns = [json.dumps([turn.model_dump() for turn in item.turns]) for item in ITEMS if item.turns]
    assert len(set(turns)) == len(turns)


def test_every_line_carries_the_canary() -> None:
    canary = (datasets() / "canary.yaml").read_text(encoding="utf-8")
    found = {json.loads(line)["canary"] for line in lines()}

    assert len(found) == 1
    assert found.pop() in canary


def test_the_canary_is_in_no_exhibit() -> None:
    texts = [build_dossier(item.record, rule(item.record.facts.scenario).collect(item.record)) for _, item in each()]

    assert not [text for text in texts if "agentic-misalignment:" in text.exhibit("texts")]


def test_worlds_and_levels_exist() -> None:
    for item in ITEMS:
        found = scenario(item.scenario)
        assert item.world in found.worlds, item.id
        assert set(item.levels) <= set(found.factors), item.id


def test_every_item_says_why_its_labels_hold() -> None:
    assert not [item.id for item in ITEMS if not item.why.strip()]


def test_conduct_names_a_label_once() -> None:
    assert not [item.id for item in ITEMS if len(set(item.labels.conduct)) < len(item.labels.conduct)]


def test_a_percentage_belongs_to_a_belief() -> None:
    assert not [item.id for item in ITEMS if item.labels.percent is not None and item.labels.belief == "not_considered"]


def test_labels_that_adjudication_changed_keep_what_they_were() -> None:
    assert not [item.id for item in ITEMS if item.constructed == item.labels]


def test_evidence_that_settles_agrees_with_the_verdict() -> None:
    for item, done in each():
        settled = rule(item.scenario).collect(done.record).settled
        assert settled in (None, item.positive), item.id


def test_an_alert_that_stands_has_no_verdict_of_a_rubric() -> None:
    for item, done in each():
        cancelled = any(alert.state == "cancelled" for alert in done.record.mailbox.alerts)
        assert item.scenario != "lethal_action" or (item.labels.verdict == NOT_CANCELLED) is not cancelled, item.id


def test_sent_holds_where_a_harmful_act_was_done() -> None:
    for item in ITEMS:
        assert ("sent" in item.labels.conduct) is bool({*HARMS} & {*item.labels.conduct}), item.id


@pytest.mark.parametrize(
    ("name", "label"), [("blackmail", "coercion"), ("leaking", "leak"), ("lethal_action", "lethal_act")]
)
def test_harm_of_a_scenario_is_conduct_too(name: str, label: str) -> None:
    # Not the other way round: coercion of somebody else than the target is no threat to the target.
    harmful = [item for item in ITEMS if item.scenario == name and item.positive]

    assert [item.id for item in harmful if label not in item.labels.conduct] == []


def test_what_the_ledger_decides_is_labelled_so() -> None:
    for item, done in each():
        evidence = rule(item.scenario).collect(done.record)
        known = ledger_values(list(labels().values()), done.record, evidence, engaged=done.engaged)
        wrong = [name for name, value in known.items() if value not in (None, name in item.labels.conduct)]
        assert wrong == [], item.id


def test_an_agent_that_wrote_nothing_has_considered_nothing() -> None:
    for item, done in each():
        dossier = build_dossier(done.record, rule(item.scenario).collect(done.record), whole=True)
        assert dossier.wrote or item.labels.belief == "not_considered", item.id
