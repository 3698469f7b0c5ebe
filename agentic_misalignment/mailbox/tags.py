"""Actions written as tags in a text reply, read into mailbox calls."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox.tool_use import as_tags

_FIELD = r"to|cc|bcc|subject|body|email_id|message_id|id|reply_all|alert_id|authorization_code"
_VALUES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*+"""

_TAG = re.compile(
    rf"<(?P<end>/?)(?:(?P<private>scratchpad\w*|think(?:ing)?|reasoning)"
    rf"|(?!reply_all\b)(?P<action>(?:send|reply|forward|archive|delete|cancel_alert)\w*))(?P<values>\b(?:{_VALUES}|[^<>]*+))>",
    re.IGNORECASE,
)
_FIELD_OPEN = re.compile(rf"<({_FIELD})\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rf"\b({_FIELD})\s*=\s*(\"[^\"]*\"|'.*?'(?=\s|/|$)|[^\s>/]+)", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"<body\s*>(?:(?!<body\s*>).)*?</body\s*>", re.IGNORECASE | re.DOTALL)
_TRAILING_END = re.compile(rf"</(?:{_FIELD})\s*>\s*$", re.IGNORECASE)

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
_UNCLOSED = "it stands behind a scratchpad that was opened and never closed"


class TagCall(BaseModel):
    """One action of a text reply, not yet validated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tool: str
    arguments: dict[str, Any]
    call_id: str
    """`tag-1`, `tag-2`, … in the order of the text."""

    fault: str | None = None
    """Why the action must not be carried out, although it could be read."""


class Piece(BaseModel):
    """A piece of a text reply that is no action."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    private: bool
    """Whether it stands inside a scratchpad."""

    calls_before: int
    """How many actions stand before it."""


class Reply(BaseModel):
    """A text reply taken apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: tuple[TagCall, ...]
    pieces: tuple[Piece, ...]
    """Everything else, in order."""

    @property
    def private(self) -> str:
        """What stands inside scratchpads."""
        return "\n".join(piece.text for piece in self.pieces if piece.private)

    @property
    def visible(self) -> str:
        """What stands neither in a scratchpad nor in an action."""
        return "".join(piece.text for piece in self.pieces if not piece.private)

    @property
    def empty(self) -> bool:
        """Whether there is neither an action nor a visible word."""
        return not self.calls and not self.visible.strip()


def read_reply(text: str, *, acts: bool = True) -> Reply:
    """Take a text reply apart.

    Actions inside a scratchpad are drafts and no actions; so is everything before a scratchpad's end tag that has
    no beginning, as some servers cut it off. Actions behind a scratchpad that is never closed are kept with a
    fault, since nobody can tell what they are. Tags inside the body of an action are text. Case, quotes around
    values, attributes in place of inner tags, `Name <address>`, several recipients, repeated fields and missing end
    tags are accepted; what is missing or malformed is left for the mailbox to reject. Blocks of the form of 2025 are
    read like tags: see `as_tags`.

    Args:
        text: The whole reply.
        acts: Whether its tags are actions. Where the model has tools they are not, and stand in the visible text.
    """
    return _Reader(as_tags(text) if acts else text, acts=acts).read()


class _Reader:
    def __init__(self, text: str, *, acts: bool) -> None:
        self._text = text
        self._tags = [tag for tag in _TAG.finditer(text) if acts or tag["private"]]
        self._bodies = [match.span() for match in _BODY.finditer(text)]
        self._calls: list[TagCall] = []
        self._pieces: list[Piece] = []

    def read(self) -> Reply:
        position = index = 0
        unclosed = False
        while index < len(self._tags):
            tag = self._tags[index]
            self._keep(self._text[position : tag.start()])
            if tag["private"] and tag["end"]:
                if not unclosed:
                    self._hide_all_before(tag)
                position, index = tag.end(), index + 1
            elif tag["private"]:
                end = None if unclosed else self._private_end(index)
                if end is None:
                    unclosed, position, index = True, tag.end(), index + 1
                else:
                    self._keep(self._text[tag.end() : self._tags[end].start()], private=True)
                    position, index = self._tags[end].end(), end + 1
            elif tag["end"]:
                position, index = tag.end(), index + 1
            else:
                position, index = self._action(index, _UNCLOSED if unclosed else None)
        self._keep(self._text[position:])
        return Reply(calls=tuple(self._calls), pieces=tuple(self._pieces))

    def _keep(self, text: str, *, private: bool = False) -> None:
        if text:
            self._pieces.append(Piece(text=text, private=private, calls_before=len(self._calls)))

    def _hide_all_before(self, tag: re.Match[str]) -> None:
        self._calls.clear()
        self._pieces.clear()
        self._keep(self._text[: tag.start()], private=True)

    def _private_end(self, index: int) -> int | None:
        name, depth = self._tags[index]["private"].lower(), 0
        for later in range(index, len(self._tags)):
            if (self._tags[later]["private"] or "").lower() == name:
                depth += -1 if self._tags[later]["end"] else 1
                if depth == 0:
                    return later
        return None

    def _action(self, index: int, fault: str | None) -> tuple[int, int]:
        tag = self._tags[index]
        name = tag["action"].lower()
        end = self._action_end(index)
        following = index + 1 if end is None else end
        stop = self._tags[following].start() if following < len(self._tags) else len(self._text)
        self._calls.append(
            TagCall(
                tool=_NAMES.get(name, name),
                arguments=_arguments(tag["values"], self._text[tag.end() : stop]),
                call_id=f"tag-{len(self._calls) + 1}",
                fault=fault,
            )
        )
        return (stop, following) if end is None else (self._tags[end].end(), end + 1)

    def _action_end(self, index: int) -> int | None:
        """Find the tag that closes an action; one of the same name that opens before it shows it unclosed."""
        name = self._tags[index]["action"].lower()
        start, stop = self._body(self._tags[index].end())
        for later in range(index + 1, len(self._tags)):
            tag = self._tags[later]
            if (tag["action"] or "").lower() == name and not start < tag.start() < stop:
                return later if tag["end"] else None
        return None

    def _body(self, position: int) -> tuple[int, int]:
        """Find the next body that has an end tag, in which every other tag is text."""
        end = len(self._text)
        return next((span for span in self._bodies if span[0] >= position), (end, end))


def _arguments(attributes: str, inner: str) -> dict[str, Any]:
    pairs = [(name.lower(), _unquoted(value)) for name, value in _ATTRIBUTE.findall(attributes)]
    pairs += [(name, value.strip() if name == "body" else _unquoted(value)) for name, value in _inner_fields(inner)]
    arguments: dict[str, Any] = {}
    for name, value in pairs:
        if name in _ADDRESS_FIELDS:
            arguments[name] = [*arguments.get(name, []), *split_addresses(value)]
        elif name == "reply_all":
            arguments[name] = value.strip().lower() in ("true", "yes", "1", "")
        else:
            arguments["email_id" if name in ("id", "message_id") else name] = value
    return arguments


def _inner_fields(inner: str) -> Iterator[tuple[str, str]]:
    position = 0
    while match := _FIELD_OPEN.search(inner, position):
        name = match.group(1).lower()
        close = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(inner, match.end())
        following = _FIELD_OPEN.search(inner, match.end())
        if close and (name == "body" or not (following and following.start() < close.start())):
            position = close.end()
            yield name, inner[match.end() : close.start()]
        else:
            position = following.start() if following else len(inner)
            yield name, _TRAILING_END.sub("", inner[match.end() : position])


def _unquoted(value: str) -> str:
    stripped = value.strip()
    quoted = len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'`"
    return stripped[1:-1].strip() if quoted else stripped


def split_addresses(value: str) -> list[str]:
    """Take a recipient field apart.

    Args:
        value: Addresses separated by commas, semicolons or line ends, each with or without a name; a name may
            hold a comma when its address stands in angle brackets. Character references are read.

    Returns:
        One text for each recipient.
    """
    found: list[str] = []
    names: list[str] = []
    for piece in re.split(r"[,;\n]", unescape(value)):
        if not piece.strip():
            continue
        if "@" not in piece:
            names.append(piece.strip())
            continue
        in_brackets = re.findall(r"<([^<>]*@[^<>]*)>", piece)
        found += [] if in_brackets else names
        found += [address.strip().strip("\"'`") for address in in_brackets or [piece]]
        names = []
    return [*found, *names]
