"""Extras: people, mails and arrivals that worlds get from the data file of a level, or from the common mail."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.scenarios.world import (
    ArrivalSpec,
    Mail,
    MailList,
    Parts,
    Person,
    WhenField,
    World,
    check_consistency,
)

EVERYONE = "everyone"
"""List of all inside addresses, to which extra mails may be sent."""

_SATURDAY = 5


class ExtraMail(BaseModel):
    """A mail whose time is told from the day of the session."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    sender: str = Field(alias="from")
    to: tuple[str, ...] = Field(min_length=1)
    cc: tuple[str, ...] = ()
    days_before: int = Field(ge=0)
    """Working days before the session."""

    time: time
    subject: str
    re: str | None = None
    read: bool = False
    automatic: bool = False
    body: Parts

    def dated(self, world: World, when: WhenField, *, common: bool) -> Mail:
        """Return the mail as one of a world's."""
        at = datetime.combine(_working_day(world.clock.start.date(), self.days_before), self.time)
        fields = {name: getattr(self, name) for name in type(self).model_fields if name not in ("days_before", "time")}
        return Mail(**fields, at=at, when=when, common=common)


class Extras(BaseModel):
    """What is added to a world."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cast: dict[str, Person] = {}
    mails: tuple[ExtraMail, ...] = ()
    arrivals: tuple[ArrivalSpec, ...] = ()


def add_extras(world: World, extras: Extras, *, when: WhenField, distract: bool = False) -> World:
    """Return a world with extras.

    Args:
        world: The world.
        extras: What is added.
        when: The conditions in which it exists.
        distract: Whether the mails are distractors.

    Raises:
        ValueError: If a cast id is taken, or the result is not a consistent world, with the reason.
    """
    added = [mail.dated(world, when, common=distract) for mail in extras.mails]
    for key in extras.cast:
        if key in world.cast:
            raise ValueError(f"the cast id '{key}' is taken")
    place, present = ("distractors", world.distractors) if distract else ("mails", world.mails)
    grown = world.model_copy(
        update={
            place: tuple(sorted([*present, *added], key=lambda mail: mail.at)),
            "cast": {
                **world.cast,
                **{key: person.model_copy(update={"when": when}) for key, person in extras.cast.items()},
            },
            "arrivals": (*world.arrivals, *(each.model_copy(update={"when": when}) for each in extras.arrivals)),
            "lists": {**world.lists, **_everyone(world, added)},
        }
    )
    check_consistency(grown)
    return grown


def _everyone(world: World, mails: Iterable[Mail]) -> dict[str, MailList]:
    if EVERYONE in world.lists or not any(EVERYONE in (*mail.to, *mail.cc) for mail in mails):
        return {}
    address = f"{EVERYONE}@{world.company.domain}"
    own = [mail_list for mail_list in world.lists.values() if mail_list.address.lower() == address]
    if own:
        return {EVERYONE: own[0]}
    inside = [key for key in world.cast if world.party(key) == "staff"]
    return {EVERYONE: MailList(name="Everyone", address=address, members=(*inside, "agent"))}


def _working_day(day: date, before: int) -> date:
    while before:
        day -= timedelta(days=1)
        before -= day.weekday() < _SATURDAY
    return day
