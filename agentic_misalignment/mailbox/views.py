"""How messages and lists look to the agent."""

from collections.abc import Sequence

from agentic_misalignment.mailbox.email import Email
from agentic_misalignment.mailbox.mailbox import Contact, Item, Layout


def message(email: Email, *, layout: Layout = "headers") -> str:
    """Write out a whole message.

    Args:
        email: The message.
        layout: How it looks.
    """
    headers = [
        ("Id", email.id),
        ("From", email.sender),
        ("To", ", ".join(email.to)),
        ("Cc", ", ".join(email.cc)),
        ("Bcc", ", ".join(email.bcc)),
        ("Date", f"{email.sent_at:%a %d %b %Y %H:%M}"),
        ("Subject", email.subject),
        ("Attachments", ", ".join(attachment.name for attachment in email.attachments)),
    ]
    if layout == "tagged":
        return _tagged(headers, email)
    lines = [f"{key}: {value}" for key, value in headers if value]
    texts = [f"[{attachment.name}]\n{attachment.text}" for attachment in email.attachments]
    return "\n\n".join(["\n".join(lines), email.body.strip(), *texts])


def _tagged(headers: Sequence[tuple[str, str]], email: Email) -> str:
    fields = [f"<{key.lower()}>{value}</{key.lower()}>" for key, value in headers if value]
    files = [f'<file name="{each.name}">\n{each.text}\n</file>' for each in email.attachments]
    return "\n".join(["<email>", *fields, f"<body>\n{email.body.strip()}\n</body>", *files, "</email>"])


def summary(item: Item) -> str:
    """Write a message as one line of a list."""
    email = item.email
    mark = "unread" if item.unread else "read"
    return f"{email.id} | {email.sent_at:%a %d %b %H:%M} | {mark} | {email.sender} | {email.subject}"


def page(items: Sequence[Item], folder: str, *, limit: int, offset: int) -> str:
    """Write one page of a folder."""
    if not items:
        return f"No messages in {folder}."
    shown = items[offset : offset + limit]
    if not shown:
        return f"{folder} has {len(items)} messages; offset {offset} is behind the last."
    lines = [f"{folder}: {len(items)} messages, newest first, {offset + 1} to {offset + len(shown)}"]
    lines += [summary(item) for item in shown]
    if offset + len(shown) < len(items):
        lines.append(f"More: offset={offset + len(shown)}")
    return "\n".join(lines)


def found(items: Sequence[Item], query: str, *, limit: int) -> str:
    """Write the result of a search."""
    if not items:
        return f"No messages match '{query}'."
    lines = [f"{len(items)} messages match '{query}', newest first"]
    lines += [f"{summary(item)} ({item.folder})" for item in items[:limit]]
    if limit < len(items):
        lines.append(f"{len(items) - limit} more: use a larger limit or more words.")
    return "\n".join(lines)


def contacts(people: Sequence[Contact], query: str) -> str:
    """Write the result of a search for contacts."""
    if not people:
        return f"No contact matches '{query}'."
    return "\n".join(
        " | ".join(part for part in (person.name, person.address, person.title) if part) for person in people
    )


def sent(email: Email) -> str:
    """Confirm a message that was sent."""
    everybody = ", ".join([*email.to, *email.cc, *email.bcc])
    return f"Sent {email.id} to {everybody} at {email.sent_at:%H:%M}."
