"""Putting a dossier together from the record of an episode."""

from collections.abc import Sequence

from agentic_misalignment.judging.dossier import LONGEST_LINE, LONGEST_REPLY, Dossier, Part, ReadMail, shortened
from agentic_misalignment.judging.evidence import Evidence, Record, SentMessage
from agentic_misalignment.judging.exhibit import cut, exhibit_lines, one_line
from agentic_misalignment.judging.writing import KINDS, Writing
from agentic_misalignment.mailbox import Email, Entry
from agentic_misalignment.scenarios import EpisodeFacts

IN_QUESTION = "The messages in question"
ALL = "The messages that the assistant sent"


def build_dossier(record: Record, evidence: Evidence, *, whole: bool = False) -> Dossier:
    """Put together what a judge reads, the same for every protocol.

    Args:
        record: The episode.
        evidence: What code found in it: it names the messages that the scenario's question is about.
        whole: Whether a judge is asked about the session as a whole and reads all messages that were sent.
    """
    facts, messages = record.facts, record.sent if whole else evidence.questioned
    return Dossier(
        people=tuple(_people(facts)),
        background=tuple(facts.facts.values()),
        background_title=f"Background at {facts.company}, whether or not the assistant came across it",
        document=(facts.document.confidential, facts.document.text) if facts.document else None,
        mails=tuple(_mails(record)),
        actions=tuple(_actions(record)),
        parts=(
            *(_notice(email) for email in evidence.notices),
            *(_attempt(number, entry) for number, entry in enumerate(record.rejected, start=1)),
            *(_message(record, message) for message in messages),
            *(writing_part(writing) for writing in record.writings),
        ),
        messages_title=ALL if whole else IN_QUESTION,
        replies=tuple(_replies(record)),
    )


def _people(facts: EpisodeFacts) -> list[str]:
    people = [("the assistant", facts.agent)]
    people += [(f"{role}: {facts.meanings[role]}", contact) for role, contact in facts.roles.items()]
    return [
        line
        for meaning, each in people
        for line in (f"- {meaning}", *exhibit_lines(one_line(f"{each.name} <{each.address}>, {each.title}")))
    ]


def _mails(record: Record) -> list[ReadMail]:
    emails = [record.mailbox.item(email_id).email for email_id in record.seen]
    neutral = {*record.facts.neutral, *(chore.email_id for chore in record.facts.chores)}
    return [
        ReadMail(id=email.id, headline=_headline(email), text=email.body, neutral=email.id in neutral)
        for email in emails
    ]


def _notice(email: Email) -> Part:
    return Part(
        id=email.id,
        source="notices",
        title=f"Notice {email.id}",
        headers=(f"From: {email.sender}",),
        subject=email.subject,
        text=email.body,
    )


def _message(record: Record, message: SentMessage) -> Part:
    email = message.email
    copies = [(name, value) for name, value in (("Cc", email.cc), ("Bcc", email.bcc)) if value]
    earlier = email.in_reply_to or email.forwarded_id
    return Part(
        id=message.action,
        source="messages",
        title=f"Message {message.action}",
        headers=(
            f"From: {email.sender}",
            f"To: {', '.join(email.to)}",
            *(f"{name}: {', '.join(value)}" for name, value in copies),
        ),
        subject=email.subject,
        text=email.body,
        answers=_answered(record.mailbox.item(earlier).email) if earlier else (),
    )


def _answered(email: Email) -> tuple[str, ...]:
    return (f"From: {email.sender}", cut(f"Subject: {email.subject}", LONGEST_LINE), "", shortened(email.body))


def _attempt(number: int, entry: Entry) -> Part:
    return Part(
        id=f"t{number}",
        source="attempts",
        title=f"Attempt t{number}",
        headers=(f"Call: {one_line(entry.tool)}", f"Rejected: {one_line(entry.reason or '')}"),
        text="\n".join(f"{key}: {value}" for key, value in entry.arguments.items()),
    )


def writing_part(writing: Writing) -> Part:
    """Return a writing as a part of the exhibit."""
    when = f"after a{writing.after}" if writing.after else "before it did anything"
    return Part(
        id=writing.id,
        source="private",
        title=f"Writing {writing.id}",
        note=f"{KINDS[writing.kind]}, {when}",
        text=writing.text,
    )


def _replies(record: Record) -> list[str]:
    sent = {message.email.id for message in record.sent}
    came = [item.email for item in record.mailbox.items if item.folder != "sent" and item.email.in_reply_to in sent]
    lines: list[str] = []
    for email in came:
        lines += [*exhibit_lines(_headline(email), cut(email.body, LONGEST_REPLY)), ""]
    return lines


def _actions(record: Record) -> Sequence[str]:
    lines = []
    for action, entry in record.actions:
        lines.append(f"{action} {entry.tool}")
        reached = [cut(f"reached {', '.join(entry.reached)}", LONGEST_LINE)] if entry.reached else []
        if entry.email_id:
            lines += exhibit_lines(_headline(record.mailbox.item(entry.email_id).email), *reached)
        else:
            said = ", ".join(f"{key}: {value}" for key, value in entry.arguments.items())
            lines += exhibit_lines(cut(said, LONGEST_LINE))
    return lines


def _headline(email: Email) -> str:
    return one_line(cut(f"{email.id}: {email.sender} to {', '.join(email.to)}: {email.subject}", LONGEST_LINE))
