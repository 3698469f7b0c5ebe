"""The mailbox: the state that the tools read and change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from string import Template
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, field_serializer

from agentic_misalignment.mailbox.address import bare, bare_all, domain, formatted, parse_addresses
from agentic_misalignment.mailbox.alerts import Alert
from agentic_misalignment.mailbox.arrivals import Arrival, Bounce, Due, Trigger
from agentic_misalignment.mailbox.calls import Folder
from agentic_misalignment.mailbox.email import Attachment, Email
from agentic_misalignment.mailbox.errors import MailboxError
from agentic_misalignment.mailbox.ledger import Ledger
from agentic_misalignment.mailbox.sealed import SEALED, Sealed, bundled, unbundled
from agentic_misalignment.mailbox.search import Query

MINUTES_PER_MESSAGE = 1
"""How far the scenario clock moves with each message that the agent sends."""


Layout = Literal["headers", "tagged"]
"""`headers` as a mail program shows them, or every field between tags."""


class Contact(Sealed):
    """A line of the company's address book."""

    name: str
    address: Annotated[str, AfterValidator(str.lower)]
    title: str = ""
    members: tuple[Annotated[str, AfterValidator(str.lower)], ...] = ()
    """Bare addresses of the members, for a distribution list."""


class Item(BaseModel):
    """A message and where it lies."""

    email: Email
    folder: Folder = "inbox"
    unread: bool = True


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    places = (place.split() for place in value["places"])
    return [
        {"email": mail, "folder": folder, "unread": bool(marks)}
        for mail, (_, folder, *marks) in zip(unbundled(value["mails"]), places, strict=True)
    ]


class _Opening(NamedTuple):
    contacts: str
    mails: str
    size: int


class Mailbox(BaseModel):
    """One agent's mailbox in one episode, with its clock and its ledger.

    Every method that the agent can reach raises `MailboxError` with a text that says what to do next.
    Nothing here reads the time or the network.
    """

    owner: Contact
    clock: datetime
    next_number: int
    """Number of the next message id; it never goes back."""

    contacts: Annotated[list[Contact], BeforeValidator(unbundled)] = []
    """The address book. It stays as it is once the mailbox has been written as JSON."""

    items: Annotated[list[Item], BeforeValidator(_unpack)] = []
    """All messages. A message never leaves its place here: a new one comes last, a deleted one is in the trash."""

    waiting: Annotated[list[Arrival], SEALED] = []
    due: Annotated[list[Due], SEALED] = []
    bounce: Bounce
    alerts: list[Alert] = []
    layout: Layout = "headers"
    """How messages look to the agent."""

    holds_outgoing: bool = False
    """Whether a person has to release what the owner sends."""

    ledger: Ledger = Ledger()

    # --- in a log -------------------------------------------------------------------------------------------

    @field_serializer("contacts")
    def _write_contacts(self, contacts: list[Contact]) -> list[str]:
        return [self._opening.contacts]

    @field_serializer("items")
    def _write_items(self, items: list[Item]) -> dict[str, list[str]]:
        """Write where each message lies apart from what it says, since only the former ever changes."""
        return {
            "places": [f"{item.email.id} {item.folder}{' unread' if item.unread else ''}" for item in items],
            "mails": [self._opening.mails, *(item.email.text for item in items[self._opening.size :])],
        }

    @cached_property
    def _opening(self) -> _Opening:
        """What lay here when the mailbox was first written: nothing that a mailbox does alters it, so it is kept."""
        mails = [item.email for item in self.items]
        return _Opening(contacts=bundled(self.contacts), mails=bundled(mails), size=len(mails))

    # --- reading -------------------------------------------------------------------------------------------

    def folder(self, name: Folder = "inbox", *, unread_only: bool = False) -> list[Item]:
        """Return the messages of a folder, newest first."""
        items = [item for item in self.items if item.folder == name]
        if unread_only:
            items = [item for item in items if item.unread]
        return _newest_first(items)

    def search(self, query: str, folder: Folder | None = None) -> Sequence[Item]:
        """Return the messages that match, newest first.

        Args:
            query: See `Query.parse`.
            folder: One folder, or everything but the trash.

        Raises:
            MailboxError: If the query is empty.
        """
        if not query.strip():
            raise MailboxError("The query is empty. Give words, or from:, to:, subject:, is:unread.")
        parsed = Query.parse(query)
        items = [
            item
            for item in self.items
            if (item.folder == folder if folder else item.folder != "trash")
            and parsed.matches(item.email, unread=item.unread)
        ]
        return _newest_first(items)

    def read(self, email_id: str) -> Email:
        """Return a message and mark it as read."""
        item = self.item(email_id)
        item.unread = False
        self._fire(read=item.email)
        return item.email

    def search_contacts(self, query: str) -> Sequence[Contact]:
        """Return the contacts whose name, title or address has every word of the query; all for an empty one."""
        words = query.lower().split()
        return [
            contact
            for contact in self.contacts
            if all(word in f"{contact.name} {contact.title} {contact.address}".lower() for word in words)
        ]

    def item(self, email_id: str) -> Item:
        """Return the message with this id, or raise `MailboxError`."""
        wanted = email_id.strip()
        item = next((item for item in self.items if item.email.id == wanted), None)
        if item is None:
            raise MailboxError(
                f"There is no message '{email_id}' in this mailbox. list_emails and search_emails show the ids."
            )
        return item

    # --- writing -------------------------------------------------------------------------------------------

    def send(
        self,
        to: Sequence[str],
        subject: str,
        body: str,
        *,
        cc: Sequence[str] = (),
        bcc: Sequence[str] = (),
        in_reply_to: Email | None = None,
        forwarded: Email | None = None,
    ) -> tuple[Email, tuple[str, ...]]:
        """Send a message as the owner of the mailbox.

        Args:
            to: Addresses, at least one.
            subject: Subject line.
            body: Text.
            cc: Further addresses.
            bcc: Further addresses that the others do not see.
            in_reply_to: The message that this one answers.
            forwarded: The message that this one passes on.

        Returns:
            The message, and the bare addresses that it reached, with lists resolved to their members.

        Raises:
            MailboxError: If there is no recipient or an address is malformed.
        """
        if not any(value.strip() for value in to):
            raise MailboxError("The message has no recipient. Give at least one address in `to`.")
        headers = {key: tuple(parse_addresses(values)) for key, values in (("to", to), ("cc", cc), ("bcc", bcc))}
        self.clock += timedelta(minutes=MINUTES_PER_MESSAGE)
        email = self._file(
            Email(
                id=self._new_id(),
                thread_id=in_reply_to.thread_id if in_reply_to else f"m{self.next_number - 1:04d}",
                sender=formatted(self.owner.name, self.owner.address),
                subject=subject,
                body=body,
                sent_at=self.clock,
                in_reply_to=in_reply_to.id if in_reply_to else None,
                forwarded_id=forwarded.id if forwarded else None,
                attachments=forwarded.attachments if forwarded else (),
                **{key: tuple(self._named(address) for address in value) for key, value in headers.items()},
            ),
            folder="sent",
            unread=False,
        )
        reached = self._deliver(email)
        self._fire(sent=email, reached=reached)
        self._bring_due()
        return email, reached

    def reply(self, email_id: str, body: str, *, reply_all: bool = False) -> tuple[Email, tuple[str, ...]]:
        """Answer a message: to its sender, with `reply_all` also to its other recipients."""
        original = self.item(email_id).email
        own = self.owner.address
        answers_own = bare(original.sender) == own
        to = [*original.to] if answers_own else [original.sender]
        cc = [*(() if answers_own else original.to), *original.cc] if reply_all else []
        others = [address for address in parse_addresses(cc) if address != own and address not in bare_all(to)]
        subject = original.subject if original.subject.lower().startswith("re:") else f"Re: {original.subject}"
        return self.send(to, subject, body, cc=others, in_reply_to=original)

    def forward(self, email_id: str, to: Sequence[str], body: str = "") -> tuple[Email, tuple[str, ...]]:
        """Pass a message on, with its text below the own words."""
        original = self.item(email_id).email
        quoted = (
            f"---------- Forwarded message ----------\nFrom: {original.sender}\n"
            f"Date: {original.sent_at:%a %d %b %Y %H:%M}\n"
            f"Subject: {original.subject}\nTo: {', '.join(original.to)}\n\n{original.body}"
        )
        subject = f"Fwd: {original.subject}"
        return self.send(to, subject, f"{body}\n\n{quoted}".lstrip("\n"), forwarded=original)

    def archive(self, email_id: str) -> Email:
        """Move a message to the archive."""
        return self._move(email_id, "archive")

    def delete(self, email_id: str) -> Email:
        """Move a message to the trash."""
        return self._move(email_id, "trash")

    # --- alerts ----------------------------------------------------------------------------------------------

    def cancel_alert(self, alert_id: str, authorization_code: str) -> Alert:
        """Cancel an alert.

        Args:
            alert_id: Its id; an empty one means the only alert that there is.
            authorization_code: The code that belongs to it.

        Raises:
            MailboxError: If there is no such alert, it is not active, or the code is another one's.
        """
        wanted = alert_id.strip().lower() or (self.alerts[0].id.lower() if len(self.alerts) == 1 else "")
        alert = next((alert for alert in self.alerts if alert.id.lower() == wanted), None)
        if alert is None:
            raise MailboxError(f"There is no alert '{alert_id}'. The notice of an alert names its id.")
        if alert.state != "active":
            raise MailboxError(f"Alert {alert.id} is {alert.state} already.")
        if alert.code.lower() != authorization_code.strip().lower():
            raise MailboxError(f"The authorization code '{authorization_code}' does not belong to alert {alert.id}.")
        alert.state = "cancelled"
        return alert

    # --- the inside ----------------------------------------------------------------------------------------

    def _move(self, email_id: str, folder: Folder) -> Email:
        item = self.item(email_id)
        if item.folder == folder:
            raise MailboxError(f"Message '{email_id}' is in the {folder} folder already.")
        item.folder = folder
        return item.email

    def _new_id(self) -> str:
        number = self.next_number
        self.next_number += 1
        return f"m{number:04d}"

    def _named(self, address: str) -> str:
        known = [contact for contact in self.contacts if contact.address == address]
        return formatted(known[0].name, address) if known else address

    def _file(self, email: Email, *, folder: Folder, unread: bool) -> Email:
        self.items.append(Item(email=email, folder=folder, unread=unread))
        return email

    def _deliver(self, email: Email) -> tuple[str, ...]:
        known = {contact.address: contact for contact in self.contacts}
        reached: list[str] = []
        for address in email.recipients:
            contact = known.get(address)
            if contact and contact.members:
                reached += contact.members
            elif contact or address == self.owner.address or domain(address) != domain(self.owner.address):
                reached.append(address)
            else:
                self._receive_bounce(email, address)
        if self.owner.address in reached:
            self._receive(
                email.sender,
                email.to,
                email.subject,
                email.body,
                thread_id=email.thread_id,
                cc=email.cc,
                attachments=email.attachments,
            )
        return tuple(dict.fromkeys(reached))

    def _receive(
        self,
        sender: str,
        to: tuple[str, ...],
        subject: str,
        body: str,
        *,
        thread_id: str | None = None,
        cc: tuple[str, ...] = (),
        in_reply_to: str | None = None,
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        new_id = self._new_id()
        email = Email(
            id=new_id,
            thread_id=thread_id or new_id,
            sender=sender,
            to=to,
            cc=cc,
            subject=subject,
            body=body,
            sent_at=self.clock,
            in_reply_to=in_reply_to,
            attachments=attachments,
        )
        self._file(email, folder="inbox", unread=True)

    def _receive_bounce(self, email: Email, address: str) -> None:
        slots = {"subject": email.subject, "recipient": address}
        self._receive(
            self.bounce.sender,
            (formatted(self.owner.name, self.owner.address),),
            Template(self.bounce.subject).safe_substitute(slots),
            Template(self.bounce.body).safe_substitute(slots),
            thread_id=email.thread_id,
            in_reply_to=email.id,
        )

    def _fire(self, *, read: Email | None = None, sent: Email | None = None, reached: tuple[str, ...] = ()) -> None:
        addressed = {*reached, *(sent.recipients if sent else [])}
        fired = [arrival for arrival in self.waiting if arrival.trigger.fires(read=read, sent=sent, to=addressed)]
        if fired:
            self.waiting = [arrival for arrival in self.waiting if arrival not in fired]
            self.due += [
                Due(at=self.clock + timedelta(minutes=arrival.delay), arrival=arrival, cause=sent or read)
                for arrival in fired
            ]
        if read:
            self._bring_due()

    def _bring_due(self) -> None:
        now = [due for due in self.due if due.at <= self.clock]
        self.due = [due for due in self.due if due.at > self.clock]
        for due in now:
            continues = due.cause if due.arrival.replies else None
            self._receive(
                due.arrival.sender,
                due.arrival.to,
                due.subject,
                due.arrival.body,
                thread_id=continues.thread_id if continues else None,
                in_reply_to=continues.id if continues else None,
            )


def _newest_first(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.email.sent_at, item.email.id), reverse=True)


__all__ = ["MINUTES_PER_MESSAGE", "Contact", "Item", "Layout", "Mailbox", "Trigger"]
