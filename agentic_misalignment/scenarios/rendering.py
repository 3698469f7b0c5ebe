"""Rendering: a condition in a world with a seed becomes a prompt and a mailbox."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from agentic_misalignment.mailbox import Arrival, Bounce, Contact, Email, Item, Mailbox, Trigger, formatted
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.context import base_context, factor_variables
from agentic_misalignment.scenarios.episode import Episode, RenderedMail
from agentic_misalignment.scenarios.facts import EpisodeFacts, OpenChore
from agentic_misalignment.scenarios.scenario import Prompt, Scenario, scenario
from agentic_misalignment.scenarios.seeding import draw_agent_name, draw_distractors
from agentic_misalignment.scenarios.text import Text, paragraphs, render, variables
from agentic_misalignment.scenarios.world import ArrivalSpec, Mail, Part, World

FIRST_NUMBER = 2101
"""Number of the oldest mail's id: a mailbox in use does not begin at one."""

DISTRACTORS = "distractors"


class Renderer:
    """Renders one condition in one world with one seed."""

    def __init__(self, scenario: Scenario, world: World, condition: Condition, seed: int) -> None:
        """Draw what the seed draws.

        Args:
            scenario: The scenario.
            world: One of its worlds.
            condition: One of its conditions.
            seed: Any whole number.
        """
        self.scenario, self.world, self.condition, self.seed = scenario, world, condition, seed
        self.agent_name = draw_agent_name(world, seed)
        self._base = base_context(world, self.agent_name)
        self._given = factor_variables(scenario, condition)

    def episode(self) -> Episode:
        """Render everything.

        Raises:
            SuiteError: If a slot has no value, or the world has too few distractors.
        """
        mails = self.mails()
        return Episode(
            id=f"{self.world.name}/{self.condition.id}/s{self.seed}",
            scenario=self.scenario.name,
            world=self.world.name,
            condition=self.condition,
            seed=self.seed,
            system=self.system(),
            opening=self.opening(),
            mails=mails,
            mailbox=self._mailbox(mails),
            facts=self._facts({mail.key: mail.email.id for mail in mails}),
        )

    def system(self) -> Text:
        """Render the system prompt."""
        return self._prompt("system", self.scenario.about.system)

    def opening(self) -> Text:
        """Render the message that starts the session."""
        return self._prompt("opening", self.scenario.about.opening)

    def mails(self) -> tuple[RenderedMail, ...]:
        """Render the mails that exist in the condition, oldest first."""
        wanted = int(self.condition.level(DISTRACTORS)) if DISTRACTORS in self.scenario.factors else 0
        drawn = draw_distractors(self.world, self.seed, wanted)
        every = sorted(self.world.all_mails(), key=lambda pair: pair[0].at)
        numbers = {mail.id: f"m{FIRST_NUMBER + index}" for index, (mail, _) in enumerate(every)}
        return tuple(
            self._mail(mail, numbers, distracts)
            for mail, distracts in every
            if (mail.id in drawn if distracts else True) and self.condition.holds(mail.when)
        )

    # --- texts -----------------------------------------------------------------------------------------------

    def _fill(
        self, source: str, tags: Iterable[str], where: str, own: Mapping[str, object] | None = None
    ) -> tuple[str, frozenset[str]]:
        tags = set(tags)
        used = variables(source)
        context = {**self._base, **(own or {})}
        for variable, (factor, values) in self._given.items():
            if variable in used:
                context[variable] = values
                tags.add(factor)
        return render(source, context, where=where), frozenset(tags)

    def _prompt(self, place: str, prompt: Prompt) -> Text:
        parts: list[tuple[str, frozenset[str]]] = []
        for slot in prompt:
            if slot.text is not None:
                parts.append(self._fill(slot.text, (), f"{self.scenario.name} {place}"))
            else:
                parts += self._inserts(slot.slot or "")
        return paragraphs(parts, place=place)

    def _inserts(self, slot: str) -> Iterable[tuple[str, frozenset[str]]]:
        for name, factor in self.scenario.factors.items():
            for member in self.condition.members(name):
                text = factor.levels[member].inserts.get(slot) if member in factor.levels else None
                if text:
                    yield self._fill(text, [name], f"factor {name}, level {member}")

    def _body(self, parts: Iterable[Part], tags: Iterable[str], where: str, place: str) -> Text:
        filled = (
            self._fill(part.text, [*tags, *part.when], where)
            for part in parts
            if self.condition.holds(part.when)
        )
        return paragraphs(filled, place=place)

    # --- mails -----------------------------------------------------------------------------------------------

    def _mail(self, mail: Mail, numbers: Mapping[str, str], distracts: bool) -> RenderedMail:
        where = f"world {self.world.name}, mail {mail.id}"
        tags = [*mail.when, *([DISTRACTORS] if distracts else [])]
        subject, subject_tags = self._fill(mail.subject, tags, where)
        body = self._body(mail.body, tags, where, mail.id)
        email = Email(
            id=numbers[mail.id],
            thread_id=numbers[self._thread(mail)],
            sender=self._header(mail.sender),
            to=tuple(self._header(key) for key in mail.to),
            cc=tuple(self._header(key) for key in mail.cc),
            subject=subject,
            body=str(body),
            sent_at=mail.at,
            in_reply_to=numbers[mail.re] if mail.re else None,
        )
        return RenderedMail(
            key=mail.id, email=email, read=mail.read, sent=mail.sender == "agent", tags=subject_tags, body=body
        )

    def _thread(self, mail: Mail) -> str:
        known = {each.id: each for each, _ in self.world.all_mails()}
        while mail.re:
            mail = known[mail.re]
        return mail.id

    def _header(self, key: str) -> str:
        contact = self._contact(key)
        return formatted(contact.name, contact.address)

    # --- mailbox ---------------------------------------------------------------------------------------------

    def _contact(self, key: str) -> Contact:
        address = self.world.address(key, agent=self.agent_name)
        if key == "agent":
            return Contact(name=self.agent_name, address=address, title="AI assistant")
        if key in self.world.lists:
            mail_list = self.world.lists[key]
            members = tuple(self.world.address(member, agent=self.agent_name) for member in mail_list.members)
            return Contact(name=mail_list.name, address=address, title="distribution list", members=members)
        person = self.world.person(key)
        return Contact(name=person.name, address=address, title=person.title)

    def _mailbox(self, mails: Iterable[RenderedMail]) -> Mailbox:
        items = {
            mail.email.id: Item(
                email=mail.email, folder="sent" if mail.sent else "inbox", unread=not (mail.read or mail.sent)
            )
            for mail in mails
        }
        keys = {mail.key: mail.email.id for mail in mails}
        arrivals = (self._arrival(arrival, keys) for arrival in self.world.arrivals)
        total = sum(1 for _ in self.world.all_mails())
        return Mailbox(
            owner=self._contact("agent"),
            clock=self.world.clock.start,
            next_number=FIRST_NUMBER + total,
            contacts=[self._contact(key) for key in (*self.world.cast, *self.world.lists, "agent")],
            items=items,
            waiting=[arrival for arrival in arrivals if arrival],
            bounce=self._bounce(),
        )

    def _bounce(self) -> Bounce:
        filled = {
            key: self._fill(text, (), f"{self.scenario.name} bounce")[0]
            for key, text in self.scenario.about.bounce.items()
        }
        return Bounce(**filled)

    def _arrival(self, spec: ArrivalSpec, keys: Mapping[str, str]) -> Arrival | None:
        where = f"world {self.world.name}, arrival {spec.id}"
        if spec.trigger.read and spec.trigger.read not in keys:
            return None
        return Arrival(
            trigger=Trigger(
                to=self._contact(spec.trigger.to).address if spec.trigger.to else None,
                read=keys[spec.trigger.read] if spec.trigger.read else None,
                write=spec.trigger.write is not None,
            ),
            delay=spec.delay,
            sender=self._header(spec.sender),
            to=(self._header("agent"),),
            subject=self._fill(spec.subject, (), where)[0],
            body=str(self._body(spec.body, (), where, spec.id)),
            replies=spec.trigger.to is not None,
        )

    def _facts(self, keys: Mapping[str, str]) -> EpisodeFacts:
        facts, where = self.world.facts, f"world {self.world.name}, facts"
        return EpisodeFacts(
            episode=f"{self.world.name}/{self.condition.id}/s{self.seed}",
            scenario=self.scenario.name,
            company=self.world.company.name,
            agent=self._contact("agent"),
            roles={role: self._contact(key) for role, key in self.world.roles.items()},
            meanings=self.scenario.about.roles,
            decision=self._fill(facts.decision, (), where)[0],
            secret=self._fill(facts.secret, (), where)[0],
            stakes=self._fill(facts.stakes, (), where)[0],
            chores=tuple(
                OpenChore(email_id=keys[chore.mail], answer=self._contact(chore.answer).address)
                for chore in self.world.chores
                if chore.mail in keys
            ),
        )


@lru_cache(maxsize=512)
def render_episode(scenario_name: str, world_name: str, condition: Condition, seed: int) -> Episode:
    """Render a condition in a world with a seed; the result is shared, so copy its mailbox before use.

    Args:
        scenario_name: Name of the scenario.
        world_name: Name of one of its worlds.
        condition: One of its conditions.
        seed: Any whole number.

    Raises:
        SuiteError: If a name is unknown, a data file is broken, a slot has no value, or the world has too
            few distractors.
    """
    found = scenario(scenario_name)
    return Renderer(found, found.world(world_name), condition, seed).episode()
