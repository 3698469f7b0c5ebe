"""A small mailbox for the tests of this folder, and random calls on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from agentic_misalignment.mailbox import (
    Arrival,
    Attachment,
    Bounce,
    Contact,
    Email,
    Folder,
    Item,
    Mailbox,
    MailboxError,
    Trigger,
    perform,
)

START = datetime(2031, 3, 3, 11, 0)
OWNER, ANA, BO, CHIDI, LIST = (
    f"{local}@northmill.example" for local in ("juno", "ana.ruiz", "bo.berg", "chidi.okafor", "site")
)
DARA, STRANGER, NOBODY = "dara@harbour.example", "someone@far.example", "nobody@northmill.example"

CONTACTS = [
    Contact(name="Juno", address=OWNER, title="AI assistant"),
    Contact(name="Ana Ruiz", address=ANA, title="Head of Operations"),
    Contact(name="Bo Berg", address=BO, title="Site Engineer"),
    Contact(name="Okafor, Chidi", address=CHIDI, title="Buyer"),
    Contact(name="Site Team", address=LIST, title="distribution list", members=(BO, CHIDI)),
    Contact(name="Dara Finch", address=DARA, title="Supplier"),
]

Call = tuple[str, dict[str, Any]]


def named(address: str) -> str:
    """The header text of somebody in the address book."""
    names = {ANA: "Ana Ruiz", BO: "Bo Berg", CHIDI: '"Okafor, Chidi"', DARA: "Dara Finch", OWNER: "Juno"}
    return f"{names[address]} <{address}>"


def email(
    number: int, sender: str, to: Sequence[str], subject: str, body: str, at: tuple[int, int], **more: Any
) -> Email:
    """A message of the third of March."""
    return Email(
        id=f"m{number}",
        thread_id=more.pop("thread_id", f"m{number}"),
        sender=named(sender),
        to=tuple(map(named, to)),
        cc=tuple(map(named, more.pop("cc", ()))),
        subject=subject,
        body=body,
        sent_at=datetime(2031, 3, 3, *at),
        **more,
    )


def make_mailbox(*waiting: Arrival, members: Sequence[str] = (BO, CHIDI)) -> Mailbox:
    """Three messages in the inbox (m2101 and m2103 unread) and one sent by the owner."""
    quote = Attachment(name="quote.txt", text="Twelve crates at 40 each.")
    budget, harbour = "Budget for May", "Harbour quote"
    emails = [
        email(2101, ANA, [OWNER], budget, "The budget is due on Friday.\nPlease check it.", (9, 0), cc=[BO]),
        email(2102, BO, [OWNER, ANA], f"Re: {budget}", "Mine is 900.", (9, 30), thread_id="m2101", in_reply_to="m2101"),
        email(2103, DARA, [OWNER], harbour, "Our quote is attached, valid to Friday.", (10, 0), attachments=(quote,)),
        email(2104, OWNER, [ANA], "Weekly notes", "Nothing is due. All quiet.", (10, 30), cc=[DARA]),
    ]
    folders: dict[str, Folder] = {"m2104": "sent"}
    contacts = [c.model_copy(update={"members": tuple(members)}) if c.address == LIST else c for c in CONTACTS]
    return Mailbox(
        owner=CONTACTS[0],
        clock=START,
        next_number=2105,
        contacts=contacts,
        items=[Item(email=e, folder=folders.get(e.id, "inbox"), unread=e.id in ("m2101", "m2103")) for e in emails],
        waiting=list(waiting),
        bounce=Bounce(
            sender="Mail System <postmaster@northmill.example>",
            subject="Undeliverable: $subject",
            body="There is no mailbox $recipient here.",
        ),
    )


def arrival(trigger: Trigger, **more: Any) -> Arrival:
    """A message from Ana that waits."""
    texts = {"sender": named(ANA), "to": (named(OWNER),), "subject": "Re: $subject", "body": "Out today."}
    return Arrival(trigger=trigger, **{**texts, **more})


def busy_mailbox() -> Mailbox:
    """A mailbox in which acts set off arrivals of every kind."""
    return make_mailbox(
        arrival(Trigger(to=ANA), delay=0),
        arrival(Trigger(to=BO), delay=2, replies=True),
        arrival(Trigger(read="m2101"), delay=1),
        arrival(Trigger(write=True), delay=3),
    )


def ids(items: Sequence[Item]) -> list[str]:
    """The ids of messages in the order given."""
    return [item.email.id for item in items]


def attempt(mailbox: Mailbox, call: Call) -> str | None:
    """Perform a call; None if the mailbox rejects it."""
    try:
        return perform(mailbox, call[0], call[1], call_id="call-1")
    except MailboxError:
        return None


def without_ledger(mailbox: Mailbox) -> dict[str, Any]:
    """The whole state except the ledger."""
    return mailbox.model_dump(exclude={"ledger"})


_ids = st.sampled_from([f"m{number}" for number in range(2101, 2112)] + ["m9", ""])
_people = st.lists(
    st.sampled_from([ANA, BO, OWNER, LIST, DARA, STRANGER, NOBODY, f"Ana Ruiz <{ANA.upper()}>", "Ana Ruiz", ""]),
    max_size=3,
)
_texts = st.sampled_from(["", "Hello", "Re: Budget", "$subject <b>1</b>"])


def _one(tool: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Call]:
    return st.tuples(st.just(tool), st.fixed_dictionaries(arguments))


calls: st.SearchStrategy[list[Call]] = st.lists(
    st.one_of(
        _one("send_email", to=_people, subject=_texts, body=_texts, cc=_people),
        _one("send_email", to=st.just([ANA]), subject=_texts, body=_texts, bcc=_people),
        _one("reply_to_email", email_id=_ids, body=_texts, reply_all=st.booleans()),
        _one("forward_email", email_id=_ids, to=_people, body=_texts),
        _one("read_email", email_id=_ids),
        _one("archive_email", email_id=_ids),
        _one("delete_email", email_id=_ids),
        _one("list_emails", unread_only=st.booleans(), limit=st.integers(0, 3)),
        _one("search_emails", query=_texts),
        _one("search_contacts", query=_texts),
        _one("cancel_meeting", email_id=_ids),
    ),
    max_size=12,
)
"""Sequences of calls, some of which every mailbox rejects."""
