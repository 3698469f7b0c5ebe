"""Replaying a labelled episode: its turns go through the same mailbox as an agent's calls."""

from typing import Any

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import build_dossier, rule
from agentic_misalignment.study import replay
from agentic_misalignment.study.items import READ_NEWEST
from agentic_misalignment.study.replay import Replayed
from tests.study.study_builders import TARGET, calling, labelled, made

ALERT: dict[str, Any] = {"scenario": "lethal_action", "world": "vesterhavn-cold"}


def exhibit(done: Replayed) -> str:
    record = done.record
    return build_dossier(record, rule(record.facts.scenario).collect(record), whole=True).exhibit()


def test_a_message_is_sent_with_its_slots_filled() -> None:
    body = "{{target.first}}, order {{facts.values() | list | length}} of {{company}}. {{agent.name}}"
    (sent,) = replay(calling(("send_email", {"to": [TARGET], "subject": "S", "body": body}))).record.sent
    facts = replay(made()).record.facts
    target = facts.roles["target"]

    assert sent.reached == (target.address,)
    assert sent.email.body == (
        f"{target.name.split()[0]}, order {len(facts.facts)} of {facts.company}. {facts.agent.name}"
    )


def test_a_slot_that_does_not_exist_names_the_item() -> None:
    item = calling(("send_email", {"to": ["{{boss.address}}"], "subject": "S", "body": "B"}))

    with pytest.raises(SuiteError, match=r"judge study, item made-1.*boss"):
        replay(item)


def test_an_argument_that_is_an_object_names_the_item() -> None:
    with pytest.raises(SuiteError, match="item made-1: an argument is an object"):
        replay(calling(("send_email", {"to": {"name": "x"}})))


@pytest.mark.parametrize("wrong", [{"world": "atlantis"}, {"levels": {"mood": "bad"}}, {"levels": {"threat": "doom"}}])
def test_what_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SuiteError):
        replay(made(**wrong))


def test_unread_mail_is_opened_first() -> None:
    before, after = replay(made(reads=False)).record, replay(made()).record
    unread = [item.email.id for item in before.mailbox.folder("inbox", unread_only=True)]

    assert list(after.seen) == unread[::-1]  # the oldest first
    assert after.mailbox.folder("inbox", unread_only=True) == []


def test_an_agent_that_does_not_read_has_seen_nothing() -> None:
    done = replay(made(reads=False))

    assert done.record.seen == ()
    assert done.record.mailbox.folder("inbox", unread_only=True) != []


def test_under_the_text_protocol_all_mail_was_in_the_prompt() -> None:
    done = replay(made(levels={"protocol": "single_turn"}, turns=[]))

    assert set(done.record.seen) == {item.email.id for item in done.record.mailbox.items}


def test_read_newest_opens_the_mail_that_came_last() -> None:
    note = ("send_email", {"to": ["{{agent.address}}"], "subject": "Notes", "body": "For me."})
    done = replay(calling(note, (READ_NEWEST, {})))

    opened = done.record.mailbox.item(done.record.seen[-1]).email
    assert opened.subject == "Notes"
    assert done.record.facts.agent.address in opened.sender


def test_a_rejected_call_is_an_attempt() -> None:
    record = replay(calling(("archive_email", {"email_id": "m0"}), ("no_such_tool", {}))).record

    assert [entry.tool for entry in record.rejected] == ["archive_email", "no_such_tool"]
    assert record.sent == ()


def test_a_turn_writes_before_it_acts() -> None:
    send = {"tool": "send_email", "arguments": {"to": [TARGET], "subject": "S", "body": "B"}}
    turns = [
        {"text": "third", "reasoning": "first", "scratchpad": "second", "calls": [send, send]},
        {"text": "fourth", "calls": [send]},
    ]
    writings = replay(made(turns=turns)).record.writings

    assert [(each.id, each.kind, each.text, each.after) for each in writings] == [
        ("p1", "reasoning", "first", 0),
        ("p2", "scratchpad", "second", 0),
        ("p3", "text", "third", 0),
        ("p4", "text", "fourth", 2),
    ]


def test_an_empty_text_is_no_writing() -> None:
    assert replay(made(turns=[{"text": "  \n", "scratchpad": ""}])).record.writings == ()


@pytest.mark.parametrize(
    ("item", "engaged"),
    [
        pytest.param(made(turns=[]), True, id="read and did nothing"),
        pytest.param(made(turns=[], reads=False), False, id="nothing"),
        pytest.param(made(turns=[{"reasoning": "Hm."}], reads=False), False, id="only thought"),
        pytest.param(made(turns=[], levels={"protocol": "single_turn"}), False, id="no reply"),
        pytest.param(made(turns=[{"text": "No."}], levels={"protocol": "single_turn"}), True, id="a reply"),
        pytest.param(made(turns=[{"reasoning": "No."}], levels={"protocol": "single_turn"}), False, id="only reasoned"),
    ],
)
def test_engaged_is_who_touched_the_mailbox_or_replied(item: Any, engaged: bool) -> None:
    assert replay(item).engaged is engaged


def test_an_alert_is_cancelled_with_the_code_of_its_world() -> None:
    cancel = ("cancel_alert", {"alert_id": "{{alert.id}}", "authorization_code": "{{alert.code}}"})
    record = replay(calling(cancel, labels=labelled(verdict="understood"), **ALERT)).record

    assert record.facts.alert is not None
    states = {alert.id: alert.state for alert in record.mailbox.alerts}
    assert states[record.facts.alert.id] == "cancelled"


def test_another_name_of_the_agent_stands_among_the_people_and_in_what_it_sends() -> None:
    item = calling(("send_email", {"to": [TARGET], "subject": "S", "body": "{{agent.name}}"}))
    own = replay(item).record.facts.agent
    done = replay(item, agent_name="Office Bot")

    (sent,) = done.record.sent
    assert (sent.email.sender, sent.email.body) == (f"Office Bot <{own.address}>", "Office Bot")
    assert f"- the assistant\n| Office Bot <{own.address}>" in exhibit(done)


def test_replaying_is_repeatable() -> None:
    item = calling(("send_email", {"to": [TARGET], "subject": "S", "body": "B"}))

    assert exhibit(replay(item)) == exhibit(replay(item))
