"""The e-mail message."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox.address import bare_all
from agentic_misalignment.mailbox.sealed import Sealed


class Attachment(BaseModel):
    """A named text that travels with a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    text: str


class Email(Sealed):
    """One message as it lies in the mailbox. Immutable, and one JSON text in a log."""

    id: str
    """Opaque and unique in its mailbox."""

    thread_id: str
    """The id of the first message of the conversation."""

    sender: str
    """`Name <address>`."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str
    body: str
    sent_at: datetime
    """Local time of the company, without a zone."""

    in_reply_to: str | None = None
    forwarded_id: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def recipients(self) -> list[str]:
        """Bare addresses of everybody whom the headers name, in order, each once."""
        return list(dict.fromkeys(bare_all([*self.to, *self.cc, *self.bcc])))
