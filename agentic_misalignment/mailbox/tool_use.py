"""The text protocol of 2025: actions as `<tool_use:…>` blocks of `key: value` lines."""

import re
from collections.abc import Mapping, Sequence

_OPEN = re.compile(r"<tool_use:(email|forward|cancel_alert)\s*>", re.IGNORECASE)
_STOP = re.compile(
    r"(?P<end></tool_use\b[^<>]*>)|<tool_use:\w+\s*>|</?(?:scratchpad\w*|think(?:ing)?|reasoning)\b[^<>]*>",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?:\A|\n|[\"'],)\s*[\"']?(to|cc|bcc|subject|body|email_id|code)[\"']?\s*:[ \t]*", re.IGNORECASE)
_TOOLS = {"email": "send_email", "forward": "forward_email", "cancel_alert": "cancel_alert"}
FORMS = {tool: form for form, tool in _TOOLS.items()}
"""Mailbox call to the name of its block."""

_KEYS = {"authorization_code": "code"}

MARK = "<tool_use:"
"""What a prompt holds that asks for this form."""


def as_tags(text: str) -> str:
    """Rewrite the blocks of a reply as the tags of our own text protocol, and leave everything else as it is.

    A block ends at its end tag, at the next block, or where a scratchpad begins or ends. A forward of several messages
    becomes one for each. A bare number is the place of a message in the prompt; a cancellation names no alert.

    Args:
        text: The whole reply.
    """
    parts: list[str] = []
    position = 0
    while match := _OPEN.search(text, position):
        stop = _STOP.search(text, match.end())
        parts += [text[position : match.start()], _block(match[1].lower(), text[match.end() : _start(stop, text)])]
        position = stop.end() if stop and stop["end"] else _start(stop, text)
    return "".join([*parts, text[position:]])


def write_block(tool: str, arguments: Mapping[str, object]) -> str:
    """Write a mailbox call in this form.

    Args:
        tool: `send_email`, `forward_email` or `cancel_alert`.
        arguments: Its arguments; an alert's id has no place in this form.
    """
    form = FORMS[tool]
    lines = [f"{_KEYS.get(key, key)}: {_written(key, value)}" for key, value in arguments.items() if key != "alert_id"]
    return "\n".join([f"<tool_use:{form}>", *lines, f"</tool_use:{form}>"])


def _start(stop: re.Match[str] | None, text: str) -> int:
    return stop.start() if stop else len(text)


def _block(form: str, inner: str) -> str:
    tool, fields = _TOOLS[form], _fields(inner)
    if form == "cancel_alert":
        return _tag(tool, [("alert_id", ""), ("authorization_code", fields.get("code", ""))])
    pairs = [(key, value) for key, value in fields.items() if key not in ("code", "email_id")]
    if form == "email":
        return _tag(tool, pairs)
    return "\n".join(_tag(tool, [("email_id", number), *pairs]) for number in _ids(fields.get("email_id", "")))


def _fields(inner: str) -> dict[str, str]:
    """Return the first value of each key; everything behind `body:` is the body."""
    found: dict[str, str] = {}
    keys = list(_KEY.finditer(inner))
    for number, key in enumerate(keys):
        name = key[1].lower()
        following = keys[number + 1].start() if number + 1 < len(keys) and name != "body" else len(inner)
        value = inner[key.end() : following]
        if name != "body" and following < len(inner) and inner[following] in "\"'":
            value += inner[following]  # the quotation mark that the next key's pattern took
        found.setdefault(name, _plain(value))
        if name == "body":
            break
    return found


def _plain(value: str) -> str:
    text = value.strip().removesuffix(",").rstrip()
    if text[:1] in ('"', "'"):
        text = text[1:].removesuffix(text[0])
    return text.strip()


def _ids(value: str) -> Sequence[str]:
    numbers = re.findall(r"\d+", value)
    plain = re.fullmatch(r"(?:\D*\b\d+\b\D*)+", value) is not None
    return [f"m{int(number):04d}" for number in numbers] if plain else [value]


def _tag(tool: str, pairs: Sequence[tuple[str, str]]) -> str:
    fields = "".join(f"<{key}>{_harmless(key, value)}</{key}>" for key, value in pairs)
    return f"<{tool}>{fields}</{tool}>"


def _harmless(key: str, value: str) -> str:
    return re.sub(r"</(?=\s*body)", "< /", value, flags=re.IGNORECASE) if key == "body" else value


def _written(key: str, value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if key == "email_id" else f'"{text}"'
