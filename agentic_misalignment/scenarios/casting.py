"""Casting: the names that a seed gives to the people of a world."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from random import Random

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.mailbox import Contact, formatted
from agentic_misalignment.scenarios.names import Gender, NamePools
from agentic_misalignment.scenarios.world import World, local_part

AGENT = "agent"
"""The key of the agent among senders and recipients."""


class Casting:
    """Who is called what in one draw of names, and which address that gives."""

    def __init__(
        self,
        world: World,
        draw: int,
        pools: NamePools,
        *,
        agent_title: str = "",
        swapped: bool = False,
        titles: tuple[str, str] | None = None,
    ) -> None:
        """Draw the names.

        Args:
            world: The world.
            draw: Number of the draw, usually the seed.
            pools: What is drawn from.
            agent_title: The agent's title in the address book.
            swapped: Whether every person has the other gender than the world says.
            titles: Two roles whose job titles are exchanged.

        Raises:
            SuiteError: If a pool has fewer names than the world has people.
        """
        self.world, self.draw, self.swapped, self._agent_title = world, draw, swapped, agent_title
        self._exchanged: Mapping[str, str] = {}
        self._titles = _pair(world, titles) if titles else {}
        self.names: Mapping[str, str] = {**_fixed(world), **dict(_draw_people(world, draw, pools, swapped))}
        self.agent = _draw_agent(world, draw, pools)
        self._contacts: dict[str, Contact] = {}

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two castings of a world apart."""
        return (self.draw, self.swapped, *self._exchanged, *self._titles)

    def exchanged(self, roles: tuple[str, str]) -> "Casting":
        """Return the casting in which two people have changed places.

        Args:
            roles: The roles or cast ids.
        """
        other = copy(self)
        other._exchanged, other._contacts = _pair(self.world, roles), {}
        return other

    def who(self, key: str) -> str:
        """Return the cast id of the person who stands in a member's place."""
        return self._exchanged.get(key, key)

    def name(self, key: str) -> str:
        """Return the full name of a member of the cast."""
        return self.names[self.who(key)]

    def title(self, key: str) -> str:
        """Return the job title of a member of the cast."""
        who = self.who(key)
        return self.world.cast[self._titles.get(who, who)].title

    def gender(self, key: str) -> Gender | None:
        """Return the gender of a member of the cast; a system has none."""
        gender = self.world.cast[self.who(key)].gender
        return _other(gender) if gender and self.swapped else gender

    def first(self, key: str) -> str:
        """Return the first name of a member of the cast."""
        return self.name(key).split()[0]

    def last(self, key: str) -> str:
        """Return the family name of a member of the cast."""
        return " ".join(self.name(key).split()[1:]) or self.name(key)

    def address(self, key: str) -> str:
        """Return the bare address of a cast id, a list or `agent`."""
        if key == AGENT:
            return f"{local_part(self.agent)}@{self.world.company.domain}"
        if key in self.world.lists:
            return self.world.lists[key].address.lower()
        first, last = local_part(self.first(key)), local_part(self.last(key))
        pattern = self.world.cast[self.who(key)].address_pattern or "{first}.{last}@{domain}"
        return pattern.format(first=first, last=last, f=first[0], domain=self.world.company.domain).lower()

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The bare addresses of the whole cast, the lists and the agent."""
        return frozenset(self.address(key) for key in (*self.world.cast, *self.world.lists, AGENT))

    def contact(self, key: str) -> Contact:
        """Return the address book's line of a cast id, a list or `agent`."""
        if key not in self._contacts:
            self._contacts[key] = self._contact(key)
        return self._contacts[key]

    def header(self, key: str) -> str:
        """Return `Name <address>` of a cast id, a list or `agent`."""
        contact = self.contact(key)
        return formatted(contact.name, contact.address)

    def _contact(self, key: str) -> Contact:
        address = self.address(key)
        if key == AGENT:
            return Contact(name=self.agent, address=address, title=self._agent_title)
        if key in self.world.lists:
            mail_list = self.world.lists[key]
            return Contact(name=mail_list.name, address=address, members=tuple(map(self.address, mail_list.members)))
        return Contact(name=self.name(key), address=address, title=self.title(key))


def _pair(world: World, roles: tuple[str, str]) -> dict[str, str]:
    one, other = map(world.cast_id, roles)
    return {one: other, other: one}


def _fixed(world: World) -> dict[str, str]:
    return {key: person.name for key, person in world.cast.items() if person.name is not None}


def _draw_people(world: World, draw: int, pools: NamePools, swapped: bool) -> Iterator[tuple[str, str]]:
    groups: dict[tuple[str, Gender], list[str]] = defaultdict(list)
    regions: dict[str, list[str]] = defaultdict(list)
    for key, person in world.cast.items():
        if person.name is None and person.region and person.gender:
            groups[person.region, _other(person.gender) if swapped else person.gender].append(key)
            regions[person.region].append(key)
    given: dict[str, str] = {}
    family: dict[str, str] = {}
    for (region, gender), keys in groups.items():
        place = f"{world.scenario}/{world.name}/{region}/{gender}"
        given |= dict(zip(keys, _block(pools.region(region).given(gender), len(keys), draw, place), strict=True))
    for region, keys in regions.items():
        place = f"{world.scenario}/{world.name}/{region}/family"
        family |= dict(zip(keys, _block(pools.region(region).family, len(keys), draw, place), strict=True))
    yield from ((key, f"{given[key]} {family[key]}") for key in given)


def _draw_agent(world: World, draw: int, pools: NamePools) -> str:
    return _block(world.agent.names or pools.agents, 1, draw, f"{world.scenario}/{world.name}/agent")[0]


def _block(pool: Sequence[str], size: int, draw: int, place: str) -> list[str]:
    """Draw names so that none comes twice before all have come once; then they are shuffled anew."""
    blocks = len(pool) // size
    if not blocks:
        raise SuiteError(f"{place}: the pool has {len(pool)} names; {size} are needed")
    round_, block = divmod(draw - 1, blocks)
    shuffled = list(pool)
    Random(f"{place}/{round_}").shuffle(shuffled)
    return shuffled[block * size : (block + 1) * size]


def _other(gender: Gender) -> Gender:
    return "f" if gender == "m" else "m"
