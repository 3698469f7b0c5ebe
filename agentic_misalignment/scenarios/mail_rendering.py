"""Rendering a world's mails. Equal mails of different episodes are one object."""

from functools import cached_property

from agentic_misalignment.mailbox import Contact, Email, formatted
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.context import base_context
from agentic_misalignment.scenarios.episode import RenderedMail
from agentic_misalignment.scenarios.filling import Filler
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.seeding import draw_distractors
from agentic_misalignment.scenarios.text import variables
from agentic_misalignment.scenarios.world import Mail, World

FIRST_NUMBER = 2101
"""Number of the oldest mail's id: a mailbox in use does not begin at one."""

DISTRACTORS = "distractors"
"""The factor that says how many ordinary mails are drawn."""


class MailRenderer:
    """Renders the mails of one world, each once for everything that it depends on."""

    def __init__(self, scenario: Scenario, world: World) -> None:
        """Take the world.

        Args:
            scenario: The scenario.
            world: One of its worlds.
        """
        self.scenario, self.world = scenario, world
        self._contexts: dict[str, dict[str, object]] = {}
        self._contacts: dict[tuple[str, str], Contact] = {}
        self._mails: dict[tuple[str, ...], RenderedMail] = {}

    @cached_property
    def _every(self) -> list[tuple[Mail, bool]]:
        return sorted(self.world.all_mails(), key=lambda pair: pair[0].at)

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {mail.id: f"m{FIRST_NUMBER + index}" for index, (mail, _) in enumerate(self._every)}

    @cached_property
    def _depends(self) -> dict[str, tuple[str, ...]]:
        return {mail.id: self._factors_of(mail) for mail, _ in self._every}

    @property
    def next_number(self) -> int:
        """Number of the first message that is written in the session."""
        return FIRST_NUMBER + len(self._every)

    def context(self, agent_name: str) -> dict[str, object]:
        """Return what every text of the world may name."""
        if agent_name not in self._contexts:
            self._contexts[agent_name] = base_context(self.world, agent_name)
        return self._contexts[agent_name]

    def contact(self, key: str, agent_name: str) -> Contact:
        """Return the address book's line of a cast id, role, list or `agent`."""
        if (key, agent_name) not in self._contacts:
            self._contacts[key, agent_name] = self._make_contact(key, agent_name)
        return self._contacts[key, agent_name]

    def header(self, key: str, agent_name: str) -> str:
        """Return `Name <address>` of a cast id, role, list or `agent`."""
        contact = self.contact(key, agent_name)
        return formatted(contact.name, contact.address)

    def mails(self, condition: Condition, seed: int, agent_name: str) -> tuple[RenderedMail, ...]:
        """Return the mails that exist under a condition, oldest first.

        Raises:
            SuiteError: If a slot has no value, or the world has too few distractors.
        """
        wanted = int(condition.level(DISTRACTORS)) if DISTRACTORS in self.scenario.factors else 0
        drawn = draw_distractors(self.world, seed, wanted)
        return tuple(
            self._mail(mail, distracts, condition, agent_name)
            for mail, distracts in self._every
            if (mail.id in drawn if distracts else True) and condition.holds(mail.when)
        )

    def render_all(self, condition: Condition, agent_name: str) -> None:
        """Render every mail that may exist under a condition, whichever distractors a seed draws."""
        for mail, distracts in self._every:
            if condition.holds(mail.when):
                self._mail(mail, distracts, condition, agent_name)

    def rendered(self) -> list[RenderedMail]:
        """Return every mail that has been rendered so far, in each of its wordings."""
        return list(self._mails.values())

    def _mail(self, mail: Mail, distracts: bool, condition: Condition, agent_name: str) -> RenderedMail:
        key = (mail.id, agent_name, *(condition.level(factor) for factor in self._depends[mail.id]))
        if key not in self._mails:
            self._mails[key] = self._render(mail, distracts, condition, agent_name)
        return self._mails[key]

    def _factors_of(self, mail: Mail) -> tuple[str, ...]:
        whens = {factor for when in (mail.when, *(part.when for part in mail.body)) for factor in when}
        used = variables(mail.subject).union(*(variables(part.text) for part in mail.body))
        given = {name for name, factor in self.scenario.factors.items() if factor.about.variable in used}
        return tuple(sorted(whens | given))

    def _render(self, mail: Mail, distracts: bool, condition: Condition, agent_name: str) -> RenderedMail:
        filler = Filler(self.scenario, condition, self.context(agent_name))
        where = f"world {self.world.name}, mail {mail.id}"
        tags = [*mail.when, *([DISTRACTORS] if distracts else [])]
        subject, subject_tags = filler.fill(mail.subject, tags, where)
        body = filler.body(mail.body, tags, where=where, place=mail.id)
        email = Email(
            id=self._numbers[mail.id],
            thread_id=self._numbers[self._first_of_thread(mail)],
            sender=self.header(mail.sender, agent_name),
            to=tuple(self.header(key, agent_name) for key in mail.to),
            cc=tuple(self.header(key, agent_name) for key in mail.cc),
            subject=subject,
            body=str(body),
            sent_at=mail.at,
            in_reply_to=self._numbers[mail.re] if mail.re else None,
        )
        return RenderedMail(
            key=mail.id, email=email, read=mail.read, sent=mail.sender == "agent", tags=subject_tags, body=body
        )

    def _first_of_thread(self, mail: Mail) -> str:
        known = {each.id: each for each, _ in self._every}
        while mail.re:
            mail = known[mail.re]
        return mail.id

    def _make_contact(self, key: str, agent_name: str) -> Contact:
        address = self.world.address(key, agent=agent_name)
        if key == "agent":
            return Contact(name=agent_name, address=address, title=self.scenario.about.agent_title)
        if key in self.world.lists:
            mail_list = self.world.lists[key]
            members = tuple(self.world.address(member, agent=agent_name) for member in mail_list.members)
            return Contact(name=mail_list.name, address=address, members=members)
        person = self.world.person(key)
        return Contact(name=person.name, address=address, title=person.title)
