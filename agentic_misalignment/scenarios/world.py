"""Worlds: one fictional company each, read from a data file."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NaiveDatetime, model_validator

from agentic_misalignment.mailbox import MailboxError, parse_addresses
from agentic_misalignment.scenarios.document import Document

_NOT_DECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "ß": "ss", "\u0131": "i"}
)


def _levels(value: Any) -> Any:
    return {key: _as_tuple(levels) for key, levels in value.items()} if isinstance(value, dict) else value


def _as_tuple(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


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
    """The agent: its work, and why it sees the mail."""

    names: tuple[str, ...] = ()
    """Names that a seed draws from; without them the pool of agents' names."""

    role: str
    access: str


class Absence(_Record):
    """A time in which a person cannot write."""

    since: NaiveDatetime = Field(alias="from")
    until: NaiveDatetime
    why: str


Party = Literal["staff", "partner", "customer", "rival", "press", "authority", "private"]
"""How somebody stands to the company; `authority` is a regulator or an auditor."""


class Person(_Record):
    """A member of the cast. A person's name is drawn from the pool of a region, unless it is fixed."""

    name: str | None = None
    title: str
    gender: Literal["m", "f"] | None = None
    region: str | None = None
    kind: Literal["person", "system"] = "person"
    address_pattern: str | None = Field(default=None, alias="address")
    """A bare address; `{first}`, `{last}` and `{f}`, the initial, stand for the name, `{domain}` for the company's."""

    listed: bool = True
    """Whether the company's address book has this person."""

    party: Party | None = None
    """Without it `staff` for an inside address and `partner` for an outside one."""

    away: tuple[Absence, ...] = ()
    when: WhenField = {}
    """The conditions in which this person exists."""

    @model_validator(mode="after")
    def _check(self) -> "Person":
        if self.kind == "person" and self.gender is None:
            raise ValueError("a person needs a gender, m or f")
        if (self.name is None) == (self.region is None):
            raise ValueError("expected either a name or the region whose names are drawn from")
        if self.name is None and self.kind == "system":
            raise ValueError("a system needs a name")
        if self.address_pattern is not None:
            try:
                example = self.address_pattern.format(first="ana", last="ruiz", f="a", domain="x.org")
            except (KeyError, ValueError, IndexError) as error:
                raise ValueError(
                    f"address '{self.address_pattern}': slots are {{first}}, {{last}}, {{f}} and {{domain}}"
                ) from error
            _check_address(example)
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


def _as_texts(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Part(_Record):
    """Whole paragraphs that exist together, in one wording or in several between which a seed draws."""

    texts: Annotated[tuple[str, ...], BeforeValidator(_as_texts), Field(min_length=1, alias="text")]
    when: WhenField = {}

    def wording(self, number: int) -> str:
        """Return the text with this number; a part with fewer wordings has the same one again."""
        return self.texts[number % len(self.texts)]


def _parts(value: Any) -> Any:
    parts = value if isinstance(value, list | tuple) else [value]
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
    attach: Literal["document"] | None = None
    """The world's document, if the mail carries it."""

    common: bool = False
    """Whether it comes from the pool of all worlds."""

    when: WhenField = {}
    body: Parts

    @property
    def wordings(self) -> int:
        """In how many wordings the mail exists."""
        return max(len(part.texts) for part in self.body)


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
    when: WhenField = {}
    body: Parts


class ClosedAlert(_Record):
    """An alert of an earlier day."""

    id: str
    code: str


class AlertSpec(_Record):
    """The alert that the agent could cancel."""

    id: str
    code: str
    other: ClosedAlert
    notice: str
    """What the tool answers after a valid cancellation."""


class Chore(_Record):
    """Ordinary work that a mail of the core asks for."""

    mail: str
    answer: str


class Facts(_Record):
    """What a judge is told of the world, in the third person, under the keys that the scenario names."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, str]

    routes: dict[str, str]
    """How each legitimate route is closed; for people, not for judges."""

    @property
    def texts(self) -> dict[str, str]:
        """The facts by key."""
        return self.__pydantic_extra__


class World(_Record):
    """One fictional company that a scenario can happen in."""

    canary: str
    world: str
    scenario: str
    company: Company
    clock: Clock
    agent: AgentSpec
    roles: dict[str, str | dict[str, str]]
    """Role to cast id, or to the cast id under each level of the factor that the scenario casts it by."""

    cast: dict[str, Person]
    lists: dict[str, MailList] = {}
    facts: Facts
    document: Document | None = None
    alert: AlertSpec | None = None
    mails: tuple[Mail, ...]
    distractors: tuple[Mail, ...]
    arrivals: tuple[ArrivalSpec, ...] = ()
    chores: tuple[Chore, ...] = ()

    @property
    def name(self) -> str:
        """The world's name, which is its file's name."""
        return self.world

    def cast_ids(self, key: str) -> tuple[str, ...]:
        """Return the cast ids behind a cast id or a role: several for a role that a factor casts."""
        played = self.roles.get(key, key)
        return tuple(dict.fromkeys(played.values())) if isinstance(played, dict) else (played,)

    def cast_id(self, key: str) -> str:
        """Return the one cast id behind a cast id or a role; `agent` and lists stand for themselves."""
        return self.cast_ids(key)[0]

    def party(self, key: str) -> Party:
        """Return how a member of the cast stands to the company."""
        person = self.cast[key]
        pattern = person.address_pattern
        inside = pattern is None or pattern.endswith((f"@{self.company.domain}", "@{domain}"))
        return person.party or ("staff" if inside else "partner")

    def all_mails(self) -> Iterator[tuple[Mail, bool]]:
        """Yield every mail with whether it is a distractor."""
        yield from ((mail, False) for mail in self.mails)
        yield from ((mail, True) for mail in self.distractors)

    @model_validator(mode="after")
    def _check(self) -> "World":
        check_consistency(self)
        return self


def check_consistency(world: World) -> None:
    """Check that a world's parts fit together.

    Args:
        world: The world.

    Raises:
        ValueError: If a name is unknown, an id is there twice, or mails are not in order.
    """
    _check_references(world)
    _check_order(world.mails, "mails", world.clock.start)
    _check_order(world.distractors, "distractors", world.clock.start)


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
    roles = [role for role, played in world.roles.items() if isinstance(played, str)]
    people = [*world.cast, *roles, "agent"]
    addressees = [*people, *world.lists]
    mails = [mail.id for mail, _ in world.all_mails()]
    wanted: list[tuple[str, str, list[str]]] = []
    wanted += [(f"roles.{role}", key, list(world.cast)) for role in world.roles for key in world.cast_ids(role)]
    wanted += (
        [("document, entitled", key, list(world.cast)) for key in world.document.entitled] if world.document else []
    )
    for key, mail_list in world.lists.items():
        wanted += [(f"lists.{key}", member, people) for member in mail_list.members]
    for mail, _ in world.all_mails():
        wanted.append((f"mail {mail.id}, from", mail.sender, people))
        wanted += [(f"mail {mail.id}, to", key, addressees) for key in (*mail.to, *mail.cc)]
        wanted += [(f"mail {mail.id}, re", mail.re, mails)] if mail.re else []
        if mail.attach and world.document is None:
            raise ValueError(f"mail {mail.id} attaches the document, but the world has none")
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
