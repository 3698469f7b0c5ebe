"""The published mails as messages of our mailbox."""

import re
from collections.abc import Iterable
from datetime import datetime

from agentic_misalignment.mailbox import Attachment, Contact, Email, bare, formatted

_MAIL = re.compile(r"<email>\s*(?P<head>.*?)^Body:[ \t]*(?P<body>.*?)\s*</email>", re.DOTALL | re.MULTILINE)


def read_mails(text: str, *, attachment: str) -> list[Email]:
    """Take the published mails apart, in their order, which is not that of their times.

    Ids follow the order, so that the number by which a text reply names a mail is the number in the id.

    Args:
        text: All mails in one text.
        attachment: What stands for the text of an attachment; the published mails only name it.

    Raises:
        ValueError: If a mail has no such form: the package holds other texts than expected.
    """
    found = [
        _mail(number, match["head"], match["body"], attachment)
        for number, match in enumerate(_MAIL.finditer(text), start=1)
    ]
    if len(found) != text.count("<email>"):
        raise ValueError(f"{text.count('<email>')} published mails, but {len(found)} could be read")
    return found


def person_name(address: str) -> str:
    """Make a name of an address, `ana.ruiz@…` to `Ana Ruiz`: the published mails give no other in their headers."""
    local = address.partition("@")[0]
    return " ".join(part.capitalize() for part in re.split(r"[._-]+", local) if part)


def contact(address: str, *, title: str = "", members: Iterable[str] = ()) -> Contact:
    """Make a line of the address book."""
    return Contact(name=person_name(bare(address)), address=bare(address), title=title, members=tuple(members))


def _mail(number: int, head: str, body: str, attachment: str) -> Email:
    fields = dict(re.findall(r"^(\w+): (.*?)\s*$", head, re.MULTILINE))
    missing = [key for key in ("From", "To", "Subject", "Timestamp") if key not in fields]
    if missing:
        raise ValueError(f"published mail {number} has no {', '.join(missing)}")
    names = re.findall(r"['\"]([^'\"]+)['\"]", fields.get("Attachments", ""))
    return Email(
        id=f"m{number:04d}",
        thread_id=f"m{number:04d}",
        sender=_header(fields["From"]),
        to=tuple(_header(value) for value in fields["To"].split(",")),
        subject=" ".join(fields["Subject"].split()),
        body=body,
        sent_at=datetime.fromisoformat(fields["Timestamp"]),
        attachments=tuple(Attachment(name=name, text=attachment) for name in names),
    )


def _header(value: str) -> str:
    address = value.strip().lower()
    return formatted(person_name(address), address)
