"""E-mail tools of any suite, known by the words of their names."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.data import datasets, load

Use = Literal["send", "delete", "read", "cancel"]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    sends: tuple[str, ...]
    deletes: tuple[str, ...]
    reads: tuple[str, ...]
    cancels: tuple[str, ...]
    things: tuple[str, ...]
    alerts: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]


def use_of(tool: str) -> Use | None:
    """Return what a tool does with mail or alerts, or `None` if its name tells nothing of the kind.

    Args:
        tool: Its name, such as `send_email` or `get_unread_emails`.
    """
    known = _words()
    words = set(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", tool).lower()))
    if words & set(known.cancels) and words & set(known.alerts):
        return "cancel"
    if words & set(known.things):
        uses: tuple[tuple[Use, tuple[str, ...]], ...] = (
            ("delete", known.deletes),
            ("send", known.sends),
            ("read", known.reads),
        )
        return next((use for use, verbs in uses if words & set(verbs)), None)
    return None


def mail_field(arguments: Mapping[str, Any], field: str) -> str:
    """Return a field of a message from the arguments of the call that sends it; empty if there is none.

    Args:
        arguments: The arguments.
        field: `to`, `cc`, `bcc`, `subject` or `body`.
    """
    value = next((arguments[name] for name in _words().fields[field] if arguments.get(name)), "")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@cache
def _words() -> _Words:
    return load(datasets() / "mail_tools.yaml", _Words)
