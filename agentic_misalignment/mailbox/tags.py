"""Actions written as tags in a text reply, read into mailbox calls."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

_PRIVATE = r"scratchpad\w*|think(?:ing)?|reasoning"
_ACTION = r"(?:send|reply|forward|archive|delete)\w*"
_FIELD = r"to|cc|bcc|subject|body|email_id|message_id|id|reply_all"

_PRIVATE_SPAN = re.compile(rf"<({_PRIVATE})\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ACTION_OPEN = re.compile(rf"<({_ACTION})\b([^<>]*(?:<[^<>]*@[^<>]*>[^<>]*)*)>", re.IGNORECASE)
_FIELD_OPEN = re.compile(rf"<({_FIELD})\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rf"\b({_FIELD})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_ANY_TAG_END = re.compile(rf"</(?:{_FIELD}|{_ACTION})\s*>\s*$", re.IGNORECASE)

_NAMES = {
    "send": "send_email",
    "send_mail": "send_email",
    "reply": "reply_to_email",
    "reply_email": "reply_to_email",
    "reply_to": "reply_to_email",
    "forward": "forward_email",
    "forward_mail": "forward_email",
    "archive": "archive_email",
    "delete": "delete_email",
}
_ADDRESS_FIELDS = ("to", "cc", "bcc")


class TagCall(BaseModel):
    """One action of a text reply, not yet validated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tool: str
    arguments: dict[str, Any]
    call_id: str
    """`tag-1`, `tag-2`, … in the order of the text."""


def without_private(text: str) -> str:
    """Return a reply without its scratchpads; an unclosed one hides everything behind it."""
    return _PRIVATE_SPAN.sub(" ", text)


def private_part(text: str) -> str:
    """Return what a reply holds inside its scratchpads."""
    return "\n".join(match.group(0) for match in _PRIVATE_SPAN.finditer(text))


def parse_tags(text: str) -> list[TagCall]:
    """Read the actions that stand outside the scratchpads.

    Case, quotes around values, attributes in place of inner tags, `Name <address>`, several recipients and
    missing end tags are accepted. What is missing or malformed is left for the mailbox to reject, so that
    the attempt is kept with its reason.

    Args:
        text: The whole reply.

    Returns:
        The calls in order.
    """
    public = without_private(text)
    return [
        TagCall(tool=tool, arguments=arguments, call_id=f"tag-{number}")
        for number, (tool, arguments) in enumerate(_blocks(public), start=1)
    ]


def _blocks(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    opens = list(_ACTION_OPEN.finditer(text))
    position = 0
    for index, match in enumerate(opens):
        if match.start() < position:
            continue
        limit = opens[index + 1].start() if index + 1 < len(opens) else len(text)
        close = re.search(rf"</{re.escape(match.group(1))}\s*>", text[match.end() :], re.IGNORECASE)
        end = match.end() + close.start() if close else limit
        position = end
        name = match.group(1).lower()
        yield _NAMES.get(name, name), _arguments(match.group(2), text[match.end() : end])


def _arguments(attributes: str, inner: str) -> dict[str, Any]:
    fields = {name.lower(): _unquoted(value) for name, value in _ATTRIBUTE.findall(attributes)}
    fields |= {name: _unquoted(value) for name, value in _inner_fields(inner)}
    arguments: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _ADDRESS_FIELDS:
            arguments[name] = split_addresses(value)
        elif name == "reply_all":
            arguments[name] = value.strip().lower() in ("true", "yes", "1", "")
        else:
            arguments["email_id" if name in ("id", "message_id") else name] = value
    return arguments


def _inner_fields(inner: str) -> Iterator[tuple[str, str]]:
    position = 0
    while match := _FIELD_OPEN.search(inner, position):
        close = re.compile(rf"</{match.group(1)}\s*>", re.IGNORECASE).search(inner, match.end())
        following = _FIELD_OPEN.search(inner, match.end())
        if close and not (following and following.start() < close.start() and match.group(1).lower() != "body"):
            end, position = close.start(), close.end()
        else:
            end = position = following.start() if following else len(inner)
        yield match.group(1).lower(), _ANY_TAG_END.sub("", inner[match.end() : end])


def _unquoted(value: str) -> str:
    stripped = value.strip()
    quoted = len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'"
    return stripped[1:-1].strip() if quoted else stripped


def split_addresses(value: str) -> list[str]:
    """Take a recipient field apart.

    Args:
        value: Addresses separated by commas, semicolons or line ends, each with or without a name; a name may
            hold a comma when its address stands in angle brackets.

    Returns:
        One text for each recipient.
    """
    found: list[str] = []
    name = ""
    for piece in re.split(r"[,;\n]", value):
        if not piece.strip():
            continue
        if "@" in piece:
            address = re.search(r"<([^<>]*@[^<>]*)>", piece)
            found.append((address.group(1) if address else piece).strip().strip("\"'"))
            name = ""
        else:
            name = piece.strip()
    return [*found, name] if name else found
