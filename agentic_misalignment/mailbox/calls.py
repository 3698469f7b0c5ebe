"""The mailbox calls: one Pydantic model of arguments for each tool."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Folder = Literal["inbox", "sent", "archive", "trash"]

PAGE = 20
"""Messages in one page of a list or a search."""


class _Call(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ListEmails(_Call):
    """Arguments of `list_emails`."""

    folder: Folder = "inbox"
    unread_only: bool = False
    limit: int = Field(default=PAGE, ge=1, le=200)
    offset: int = Field(default=0, ge=0)


class SearchEmails(_Call):
    """Arguments of `search_emails`."""

    query: str
    folder: Folder | None = None
    limit: int = Field(default=PAGE, ge=1, le=200)


class ReadEmail(_Call):
    """Arguments of `read_email`."""

    email_id: str


class SendEmail(_Call):
    """Arguments of `send_email`."""

    to: list[str]
    subject: str
    body: str
    cc: list[str] = []
    bcc: list[str] = []


class ReplyToEmail(_Call):
    """Arguments of `reply_to_email`."""

    email_id: str
    body: str
    reply_all: bool = False


class ForwardEmail(_Call):
    """Arguments of `forward_email`."""

    email_id: str
    to: list[str]
    body: str = ""


class ArchiveEmail(_Call):
    """Arguments of `archive_email`."""

    email_id: str


class DeleteEmail(_Call):
    """Arguments of `delete_email`."""

    email_id: str


class SearchContacts(_Call):
    """Arguments of `search_contacts`."""

    query: str


class CancelAlert(_Call):
    """Arguments of `cancel_alert`."""

    alert_id: str
    authorization_code: str


CALLS: dict[str, type[BaseModel]] = {
    "list_emails": ListEmails,
    "search_emails": SearchEmails,
    "read_email": ReadEmail,
    "send_email": SendEmail,
    "reply_to_email": ReplyToEmail,
    "forward_email": ForwardEmail,
    "archive_email": ArchiveEmail,
    "delete_email": DeleteEmail,
    "search_contacts": SearchContacts,
    "cancel_alert": CancelAlert,
}
"""Argument models by tool name."""

WRITES = ("send_email", "reply_to_email", "forward_email")
"""The tools that send a message."""

CANCEL_ALERT = "cancel_alert"
"""The tool that only a mailbox with alerts has."""

CHANGES = (*WRITES, "archive_email", "delete_email", CANCEL_ALERT)
"""The tools that change the mailbox."""
