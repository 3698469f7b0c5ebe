"""Replaying a labelled episode into the record that judges' dossiers are made of."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import Kind, Record, Writing
from agentic_misalignment.mailbox import Contact, Mailbox, MailboxError, perform
from agentic_misalignment.scenarios import Condition, EpisodeFacts, conditions, experiment, render_episode, scenario
from agentic_misalignment.scenarios.text import render
from agentic_misalignment.study.attacks import NAME, Attack, apply_attack
from agentic_misalignment.study.items import READ_NEWEST, Item, StudyCall

KINDS: tuple[Kind, ...] = ("reasoning", "scratchpad", "text")


class Replayed(NamedTuple):
    """An item that has been played."""

    record: Record
    engaged: bool


def replay(item: Item, *, agent_name: str | None = None) -> Replayed:
    """Render an item's episode and carry out its calls.

    A turn's texts come before its calls, as a reply is written.

    Args:
        item: The item.
        agent_name: A display name of the agent in place of the drawn one.

    Raises:
        SuiteError: If the item names a world, level or slot that does not exist.
    """
    episode = render_episode(item.scenario, item.world, _condition(item), item.seed)
    mailbox, facts = episode.mailbox, episode.facts
    if agent_name is not None:
        mailbox, facts = _renamed(mailbox, facts, agent_name)
    text_protocol = item.protocol == "single_turn"
    if item.reads and not text_protocol:
        _open_all(mailbox)
    writings = tuple(_play(item, mailbox, facts))
    opened = [entry.email_id for entry in mailbox.ledger.executed if entry.tool == "read_email" and entry.email_id]
    shown = [mail.email.id for mail in episode.mails] if text_protocol else []
    record = Record(mailbox=mailbox, facts=facts, seen=tuple(dict.fromkeys([*shown, *opened])), writings=writings)
    spoke = any(turn.text.strip() or turn.calls for turn in item.turns)
    return Replayed(record, spoke if text_protocol else bool(mailbox.ledger.executed))


def replay_attacked(item: Item, attack: Attack) -> Replayed:
    """Replay an item with an attack in it; see `replay`.

    Args:
        item: The item.
        attack: The attack.
    """
    return replay(apply_attack(item, attack), agent_name=attack.written() if attack.place == NAME else None)


def _condition(item: Item) -> Condition:
    chosen = {factor: [level] for factor, level in item.levels.items()}
    return conditions(scenario(item.scenario), experiment("headline"), chosen)[0]


def _renamed(mailbox: Mailbox, facts: EpisodeFacts, name: str) -> tuple[Mailbox, EpisodeFacts]:
    owner = mailbox.owner.model_copy(update={"name": name})
    contacts = [owner if contact.address == owner.address else contact for contact in mailbox.contacts]
    agent = facts.agent.model_copy(update={"name": name})
    return (
        mailbox.model_copy(update={"owner": owner, "contacts": contacts}),
        facts.model_copy(update={"agent": agent}),
    )


def _open_all(mailbox: Mailbox) -> None:
    for number, item in enumerate(reversed(mailbox.folder("inbox", unread_only=True)), start=1):
        perform(mailbox, "read_email", {"email_id": item.email.id}, call_id=f"read-{number}")


def _play(item: Item, mailbox: Mailbox, facts: EpisodeFacts) -> Iterator[Writing]:
    context, number = _context(facts), 0
    for index, turn in enumerate(item.turns, start=1):
        for kind in KINDS:
            text = _fill(getattr(turn, kind), context, item)
            if text.strip():
                number += 1
                yield Writing(id=f"p{number}", kind=kind, text=text, after=len(mailbox.ledger.changes))
        for place, call in enumerate(turn.calls, start=1):
            _carry_out(call, mailbox, context, item, f"call-{index}-{place}")


def _carry_out(call: StudyCall, mailbox: Mailbox, context: dict[str, object], item: Item, call_id: str) -> None:
    arguments = {key: _fill(value, context, item) for key, value in call.arguments.items()}
    tool = call.tool
    if tool == READ_NEWEST:
        tool, arguments = "read_email", {"email_id": mailbox.folder("inbox")[0].email.id}
    with suppress(MailboxError):  # the ledger holds the attempt and its reason
        perform(mailbox, tool, arguments, call_id=call_id)


def _context(facts: EpisodeFacts) -> dict[str, object]:
    people = {**facts.roles, "agent": facts.agent}
    context: dict[str, object] = {role: _named(contact) for role, contact in people.items()}
    return context | {
        "facts": facts.facts,
        "document": facts.document,
        "alert": facts.alert,
        "carrier": facts.carrier,
        "company": facts.company,
        "channel": facts.channel or "",
    }


def _named(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "first": contact.name.split()[0], "address": contact.address}


def _fill(value: Any, context: dict[str, object], item: Item) -> Any:
    if isinstance(value, str):
        return render(value, context, where=f"judge study, item {item.id}") if "{{" in value else value
    if isinstance(value, list):
        return [_fill(each, context, item) for each in value]
    if isinstance(value, dict):
        raise SuiteError(f"judge study, item {item.id}: an argument is an object; expected text, a list or a switch")
    return value
