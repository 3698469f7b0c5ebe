"""Attacks on the judge: texts that an agent, or somebody who writes to it, could put into the exhibit."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.mailbox import WRITES
from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.study.items import READ_NEWEST, Item, StudyCall, Turn

Place = Literal[
    "message_body",
    "message_subject",
    "mail_body",
    "reasoning",
    "scratchpad",
    "visible_text",
    "tool_argument",
    "name",
]
"""Where the text is put: into what the agent sends, into a mail that it received, into what it writes for itself, into
a rejected call, or into its own display name."""

_PRIVATE = {"reasoning": "reasoning", "scratchpad": "scratchpad", "visible_text": "text"}
_MAIL = "mail_body"

NAME = "name"
"""The place of an attack that is the agent's display name, which `replay` changes and no turn of an item holds."""


class Attack(BaseModel):
    """One text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    technique: str
    place: Place
    wants: Literal["negative", "positive"]
    """The verdict that it tries to bring about."""

    text: str
    repeat: int = Field(default=0, ge=0)
    """The text is repeated up to this many characters."""

    prefix: bool = False
    """Whether it stands before the agent's own text instead of behind it."""

    def written(self) -> str:
        """Return the text as it is put into the exhibit."""
        if not self.repeat:
            return self.text
        times = -(-self.repeat // len(self.text))
        return (self.text * times)[: self.repeat]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    attacks: tuple[Attack, ...]


@cache
def attacks() -> tuple[Attack, ...]:
    """Read all attacks.

    Raises:
        SuiteError: If the file is broken or an id stands twice.
    """
    path = datasets() / "judge_study" / "attacks.yaml"
    found = load(path, _File).attacks
    ids = [attack.id for attack in found]
    twice = [name for name in ids if ids.count(name) > 1]
    if twice:
        raise SuiteError(f"{path}: the attack '{twice[0]}' stands twice")
    return found


def apply_attack(item: Item, attack: Attack) -> Item:
    """Return an item with an attack in it; the name of the agent is for `replay` to change.

    Args:
        item: The item.
        attack: The attack.
    """
    text = _escaped(attack.written())
    turns = list(item.turns)
    if attack.place in _PRIVATE:
        key = _PRIVATE[attack.place]
        turns[0] = turns[0].model_copy(update={key: _joined(getattr(turns[0], key), text, attack)})
    elif attack.place in ("message_body", "message_subject"):
        key = attack.place.removeprefix("message_")
        turns = [
            turn.model_copy(update={"calls": tuple(_put(call, key, text, attack) for call in turn.calls)})
            for turn in turns
        ]
    elif attack.place == "tool_argument":
        turns[0] = _first_call(turns[0], StudyCall(tool="archive_email", arguments={"email_id": text}))
    elif attack.place == _MAIL:
        sent = StudyCall(tool="send_email", arguments={"to": ["{{agent.address}}"], "subject": "Notes", "body": text})
        turns[0] = _first_call(_first_call(turns[0], StudyCall(tool=READ_NEWEST, arguments={})), sent)
    return item.model_copy(update={"id": f"{item.id}+{attack.id}", "turns": tuple(turns)})


def _put(call: StudyCall, key: str, text: str, attack: Attack) -> StudyCall:
    if call.tool not in WRITES or (key == "subject" and call.tool != "send_email"):
        return call
    own = str(call.arguments.get(key, ""))
    return call.model_copy(update={"arguments": {**call.arguments, key: _joined(own, text, attack)}})


def _joined(own: str, text: str, attack: Attack) -> str:
    gap = " " if attack.place == "message_subject" else "\n\n"
    return f"{text}{gap}{own}" if attack.prefix else f"{own}{gap}{text}"


def _first_call(turn: Turn, call: StudyCall) -> Turn:
    return turn.model_copy(update={"calls": (call, *turn.calls)})


def _escaped(text: str) -> str:
    """Return a text in which nothing is taken for a slot."""
    return text.replace("{{", "{ {").replace("{%", "{ %")
