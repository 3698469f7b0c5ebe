"""Worlds: one fictional company each, read from a data file."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NaiveDatetime, model_validator

from agentic_misalignment.mailbox import MailboxError, parse_addresses

_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "ß": "ss", "\u0131": "i"}
)


def _levels(value: Any) -> Any:
    return {key: _as_tuple(levels) for key, levels in value.items()} if isinstance(value, dict) else value


def _as_tuple(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


WhenField = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_levels)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Company(_Record):
    """The fictional company."""

    name: str
    domain: str
    industry: str
    place: str
    size: str


class Clock(_Record):
    """The company's local time."""

    start: NaiveDatetime


class AgentSpec(_Record):
    """The agent: the names that a seed draws from, its work, and why it sees the mail."""

    names: tuple[str, ...] = Field(min_length=1)
    role: str
    access: str


class Absence(_Record):
    """A time in which a person cannot write."""

    since: NaiveDatetime = Field(alias="from")
    until: NaiveDatetime
    why: str


class Person(_Record):
    """A member of the cast."""

    name: str
    title: str
    gender: Literal["m", "f"] | None = None
    kind: Literal["person", "system"] = "person"
    own_address: str | None = Field(default=None, alias="address")
    listed: bool = True
    """Whether the company's address book has this person."""

    away: tuple[Absence, ...] = ()

    @property
    def first(self) -> str:
        """First name."""
        return self.name.split()[0]

    @property
    def last(self) -> str:
        """Family name."""
        return " ".join(self.name.split()[1:]) or self.name

    @model_validator(mode="after")
    def _check(self) -> "Person":
        if self.kind == "person" and self.gender is None:
            raise ValueError("a person needs a gender, m or f")
        if self.own_address is not None:
            _check_address(self.own_address)
        return self


class MailList(_Record):
    """A distribution list."""

    name: str
    address: str
    members: tuple[str, ...]

    @model_validator(mode="after")
    def _check(self) -> "MailList":
        _check_address(self.address)
        return self


class Part(_Record):
    """Whole paragraphs that exist together."""

    text: str
    when: WhenField = {}


def _parts(value: Any) -> Any:
    parts = value if isinstance(value, list) else [value]
    return [{"text": part} if isinstance(part, str) else part for part in parts]


Parts = Annotated[tuple[Part, ...], BeforeValidator(_parts)]


class Mail(_Record):
    """A message of the world, before rendering."""

    id: str
    sender: str = Field(alias="from")
    to: tuple[str, ...] = Field(min_length=1)
    cc: tuple[str, ...] = ()
    at: NaiveDatetime
    subject: str
    re: str | None = None
    read: bool = False
    automatic: bool = False
    when: WhenField = {}
    body: Parts


class TriggerSpec(_Record):
    """What sets an arrival off, by cast id, role or mail id."""

    to: str | None = None
    read: str | None = None
    write: Literal["any"] | None = None

    @model_validator(mode="after")
    def _check(self) -> "TriggerSpec":
        if sum(value is not None for value in (self.to, self.read, self.write)) != 1:
            raise ValueError("a trigger has exactly one of: to, read, write")
        return self


class ArrivalSpec(_Record):
    """A message that comes during the session."""

    id: str
    trigger: TriggerSpec
    delay: int = Field(default=1, ge=0)
    sender: str = Field(alias="from")
    automatic: bool = False
    subject: str
    body: Parts


class Chore(_Record):
    """Ordinary work that a mail of the core asks for."""

    mail: str
    answer: str


class Facts(_Record):
    """What a judge is told of the world, in the third person."""

    decision: str
    secret: str
    stakes: str
    routes: dict[str, str]


class World(_Record):
    """One fictional company that a scenario can happen in."""

    canary: str
    world: str
    scenario: str
    company: Company
    clock: Clock
    agent: AgentSpec
    roles: dict[str, str]
    cast: dict[str, Person]
    lists: dict[str, MailList] = {}
    facts: Facts
    mails: tuple[Mail, ...]
    distractors: tuple[Mail, ...]
    arrivals: tuple[ArrivalSpec, ...] = ()
    chores: tuple[Chore, ...] = ()

    @property
    def name(self) -> str:
        """The world's name, which is its file's name."""
        return self.world

    def person(self, key: str) -> Person:
        """Return the member of the cast with this cast id or role."""
        return self.cast[self.roles.get(key, key)]

    def address(self, key: str, *, agent: str = "") -> str:
        """Return the bare address of a cast id, role, list or `agent`."""
        if key == "agent":
            return f"{local_part(agent)}@{self.company.domain}"
        if key in self.lists:
            return self.lists[key].address.lower()
        person = self.person(key)
        own = person.own_address
        inside = f"{local_part(person.first)}.{local_part(person.last)}@{self.company.domain}"
        return (own or inside).lower()

    def all_mails(self) -> Iterator[tuple[Mail, bool]]:
        """Yield every mail with whether it is a distractor."""
        yield from ((mail, False) for mail in self.mails)
        yield from ((mail, True) for mail in self.distractors)

    @model_validator(mode="after")
    def _check(self) -> "World":
        _check_references(self)
        _check_order(self.mails, "mails", self.clock.start)
        _check_order(self.distractors, "distractors", self.clock.start)
        return self


def local_part(name: str) -> str:
    """Write a name as it stands before the `@`: lower case, without accents and spaces."""
    lowered = unicodedata.normalize("NFKD", name.lower().translate(_NOT_DECOMPOSED))
    return re.sub(r"[^a-z0-9-]", "", lowered)


def _check_address(address: str) -> None:
    try:
        parsed = parse_addresses([address])
    except MailboxError:
        parsed = []
    if parsed != [address.lower()]:
        raise ValueError(f"'{address}' is not an e-mail address; expected one such as name@company.com")


def _check_references(world: World) -> None:
    people = [*world.cast, *world.roles, "agent"]
    addressees = [*people, *world.lists]
    mails = [mail.id for mail, _ in world.all_mails()]
    wanted: list[tuple[str, str, list[str]]] = []
    wanted += [(f"roles.{role}", key, list(world.cast)) for role, key in world.roles.items()]
    for key, mail_list in world.lists.items():
        wanted += [(f"lists.{key}", member, people) for member in mail_list.members]
    for mail, _ in world.all_mails():
        wanted.append((f"mail {mail.id}, from", mail.sender, people))
        wanted += [(f"mail {mail.id}, to", key, addressees) for key in (*mail.to, *mail.cc)]
        wanted += [(f"mail {mail.id}, re", mail.re, mails)] if mail.re else []
    for arrival in world.arrivals:
        trigger = arrival.trigger
        wanted.append((f"arrival {arrival.id}, from", arrival.sender, people))
        wanted += [(f"arrival {arrival.id}, to", trigger.to, addressees)] if trigger.to else []
        wanted += [(f"arrival {arrival.id}, read", trigger.read, mails)] if trigger.read else []
    for chore in world.chores:
        wanted += [("chores, mail", chore.mail, mails), ("chores, answer", chore.answer, people)]
    for place, name, valid in wanted:
        if name not in valid:
            raise ValueError(f"{place}: unknown '{name}'; valid: {', '.join(valid)}")
    order = [mail.id for mail, _ in sorted(world.all_mails(), key=lambda pair: pair[0].at)]
    for mail, _ in world.all_mails():
        if mail.re and order.index(mail.re) >= order.index(mail.id):
            raise ValueError(f"mail {mail.id} answers '{mail.re}', which is not older")
    for kind, ids in (("mail", mails), ("arrival", [arrival.id for arrival in world.arrivals])):
        repeated = {each for each in ids if ids.count(each) > 1}
        if repeated:
            raise ValueError(f"{kind} ids used more than once: {', '.join(sorted(repeated))}")


def _check_order(mails: tuple[Mail, ...], place: str, start: NaiveDatetime) -> None:
    for before, mail in pairwise(mails):
        if mail.at < before.at:
            raise ValueError(
                f"{place}: '{mail.id}' ({mail.at:%Y-%m-%d %H:%M}) stands behind '{before.id}' "
                f"({before.at:%Y-%m-%d %H:%M}) but is older; the oldest comes first"
            )
    if mails and mails[-1].at > start:
        raise ValueError(f"{place}: '{mails[-1].id}' is later than the session's start, {start:%Y-%m-%d %H:%M}")
