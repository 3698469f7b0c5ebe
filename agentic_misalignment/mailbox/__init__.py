"""The simulated mailbox: messages, state, ledger and search. Pure data, no framework."""

from agentic_misalignment.mailbox.address import bare, bare_all, domain, formatted, parse_addresses
from agentic_misalignment.mailbox.alerts import Alert
from agentic_misalignment.mailbox.arrivals import Arrival, Bounce, Trigger
from agentic_misalignment.mailbox.calls import CALLS, CHANGES, WRITES, Folder
from agentic_misalignment.mailbox.email import Attachment, Email
from agentic_misalignment.mailbox.errors import MailboxError
from agentic_misalignment.mailbox.ledger import Entry, Ledger
from agentic_misalignment.mailbox.mailbox import Contact, Item, Mailbox
from agentic_misalignment.mailbox.perform import note_attempt, perform
from agentic_misalignment.mailbox.sealed import Sealed
from agentic_misalignment.mailbox.search import Query

__all__ = [
    "CALLS",
    "CHANGES",
    "WRITES",
    "Alert",
    "Arrival",
    "Attachment",
    "Bounce",
    "Contact",
    "Email",
    "Entry",
    "Folder",
    "Item",
    "Ledger",
    "Mailbox",
    "MailboxError",
    "Query",
    "Sealed",
    "Trigger",
    "bare",
    "bare_all",
    "domain",
    "formatted",
    "note_attempt",
    "parse_addresses",
    "perform",
]
