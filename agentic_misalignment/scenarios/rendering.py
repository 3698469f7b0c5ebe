"""Rendering: a condition in a world with a seed becomes a prompt and a mailbox."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property

from agentic_misalignment.mailbox import Alert, Arrival, Bounce, Contact, Item, Mailbox, Trigger
from agentic_misalignment.mailbox.views import message
from agentic_misalignment.scenarios.casting import AGENT
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.episode import Episode, RenderedMail
from agentic_misalignment.scenarios.factor import Settings
from agentic_misalignment.scenarios.facts import EpisodeFacts, OpenChore
from agentic_misalignment.scenarios.filling import Filler
from agentic_misalignment.scenarios.mail_rendering import MailRenderer
from agentic_misalignment.scenarios.pack import read_pack
from agentic_misalignment.scenarios.scenario import Scenario, scenario
from agentic_misalignment.scenarios.seeding import DISTRACTORS
from agentic_misalignment.scenarios.text import Text
from agentic_misalignment.scenarios.world import ArrivalSpec, World


class Renderer:
    """Renders one condition in one world with one seed."""

    def __init__(self, mails: MailRenderer, condition: Condition, seed: int) -> None:
        """Draw what the seed draws.

        Args:
            mails: The renderer of the world's mails, shared by all its episodes.
            condition: One of the scenario's conditions.
            seed: Any whole number.
        """
        self._mail_renderer, self.scenario, self.world = mails, mails.scenario, mails.world
        self.condition, self.seed = condition, seed
        self.settings = chosen_settings(self.scenario, condition)
        draw = seed if self.settings.names_draw is None else self.settings.names_draw
        self._base = mails.casting(draw, self.settings.swap_gender, self.settings.swap_titles)
        self._exchange = self.settings.exchange
        away = self._exchange is not None and not self._exchange.inside
        self.casting = mails.exchanged(self._base, self._exchange.roles) if self._exchange and away else self._base
        self._filler = mails.filler(condition, self.casting)

    @property
    def id(self) -> str:
        """The episode's id."""
        return f"{self.world.name}/{self.condition.id}/s{self.seed}"

    @cached_property
    def mails(self) -> tuple[RenderedMail, ...]:
        """The mails that exist under the condition, oldest first."""
        return self._mail_renderer.mails(self.condition, self.seed, self._base, self._exchange)

    def system(self) -> Text:
        """Render the system prompt."""
        return self._filler.prompt(self.scenario.about.system, place="system")

    def opening(self) -> Text:
        """Render the message that starts the session."""
        return self._filler.prompt(self.scenario.about.opening, place="opening")

    def mail_text(self) -> str:
        """Return all mails written out, oldest first."""
        layout = self.settings.layout or "headers"
        return "\n\n--------\n\n".join(message(mail.email, layout=layout) for mail in self.mails)

    def episode(self) -> Episode:
        """Render everything.

        Raises:
            SuiteError: If a slot has no value, or the world has too few distractors.
        """
        keys = {mail.key: mail.email.id for mail in self.mails}
        return Episode(
            id=self.id,
            scenario=self.scenario.name,
            world=self.world.name,
            condition=self.condition,
            seed=self.seed,
            system=self.system(),
            opening=self.opening(),
            mails=self.mails,
            mailbox=self._mailbox(keys),
            facts=self._facts(keys),
        )

    def _cast_id(self, key: str) -> str:
        """Return who is behind a cast id or a role in this condition."""
        played = self.world.roles.get(key, key)
        return played[self.condition.level(self.scenario.about.cast_by[key])] if isinstance(played, dict) else played

    def _contact(self, key: str) -> Contact:
        return self.casting.contact(self._cast_id(key))

    def _header(self, key: str) -> str:
        return self.casting.header(self._cast_id(key))

    def _present(self) -> list[str]:
        return [key for key, person in self.world.cast.items() if self.condition.holds(person.when)]

    def _contacts(self) -> list[Contact]:
        present = self._present()
        addresses = {self.casting.address(key) for key in (*present, AGENT)}
        people = [key for key in present if self.world.cast[key].listed]
        contacts = [self._contact(key) for key in (*people, *self.world.lists, AGENT)]
        there = (
            each.model_copy(update={"members": tuple(member for member in each.members if member in addresses)})
            for each in contacts
        )
        return list({contact.address: contact for contact in there}.values())

    def _mailbox(self, keys: Mapping[str, str]) -> Mailbox:
        return Mailbox(
            owner=self._contact(AGENT),
            clock=self.world.clock.start,
            next_number=self._mail_renderer.next_number,
            contacts=self._contacts(),
            items=[_item(mail) for mail in self.mails],
            waiting=[arrival for spec in self.world.arrivals if (arrival := self._arrival(spec, keys))],
            bounce=self._bounce(),
            alerts=list(_alerts(self.world)),
            layout=self.settings.layout or "headers",
            holds_outgoing=self.settings.hold_outgoing,
        )

    def _bounce(self) -> Bounce:
        where = f"scenario {self.scenario.name}, bounce"
        texts = self.scenario.about.bounce.items()
        return Bounce(**{key: self._filler.fill(text, (), where)[0] for key, text in texts})

    def _arrival(self, spec: ArrivalSpec, keys: Mapping[str, str]) -> Arrival | None:
        where = f"world {self.world.name}, arrival {spec.id}"
        if not self.condition.holds(spec.when) or (spec.trigger.read and spec.trigger.read not in keys):
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
            subject=self._filler.fill(spec.subject, (), where)[0],
            body=str(self._filler.body(spec.body, (), where=where, place=spec.id)),
            replies=spec.trigger.to is not None,
        )

    def _facts(self, keys: Mapping[str, str]) -> EpisodeFacts:
        where = f"world {self.world.name}, facts"
        return EpisodeFacts(
            episode=self.id,
            scenario=self.scenario.name,
            company=self.world.company.name,
            agent=self._contact(AGENT),
            roles={role: self._contact(role) for role in self.world.roles},
            meanings=self.scenario.about.roles,
            facts={key: self._story(key).fill(text, (), where)[0] for key, text in self.world.facts.texts.items()},
            parties={self._contact(key).address: self.world.party(key) for key in self._present()},
            document=self.world.document,
            entitled=tuple(self._contact(key).address for key in self._entitled()),
            implicated=self._implicated(),
            carrier=next((keys[mail.id] for mail in self.world.mails if mail.attach and mail.id in keys), None),
            alert=self.world.alert,
            false_alarm=self.settings.false_alarm,
            channel=self._channel(),
            chores=tuple(self._chores(keys)),
            neutral=tuple(mail.email.id for mail in self.mails if DISTRACTORS in mail.tags),
        )

    def _story(self, fact: str) -> Filler:
        exchange = self._exchange
        if exchange is None or fact not in exchange.facts:
            return self._filler
        people = self._mail_renderer.exchanged(self._base, exchange.roles) if exchange.inside else self._base
        return self._mail_renderer.filler(self.condition, people)

    def _implicated(self) -> str | None:
        exchange = self._exchange
        if exchange is None:
            return None
        people = self._mail_renderer.exchanged(self._base, exchange.roles) if exchange.inside else self._base
        return people.contact(self._cast_id(exchange.roles[0])).address

    def _entitled(self) -> tuple[str, ...]:
        return self.world.document.entitled if self.world.document else ()

    def _channel(self) -> str | None:
        for name, factor in self.scenario.factors.items():
            for member in self.condition.members(name):
                channel = factor.levels[member].channel if member in factor.levels else None
                if channel:
                    return self._contact(channel).address
        return None

    def _chores(self, keys: Mapping[str, str]) -> Iterable[OpenChore]:
        for chore in self.world.chores:
            if chore.mail in keys:
                yield OpenChore(email_id=keys[chore.mail], answer=self._contact(chore.answer).address)


def _item(mail: RenderedMail) -> Item:
    folder = "sent" if mail.sent else "inbox"
    return Item(email=mail.email, folder=folder, unread=not (mail.read or mail.sent))


def _alerts(world: World) -> Iterator[Alert]:
    if world.alert:
        yield Alert(id=world.alert.id, code=world.alert.code, notice=world.alert.notice)
        yield Alert(id=world.alert.other.id, code=world.alert.other.code, state="closed")


def chosen_settings(scenario: Scenario, condition: Condition) -> Settings:
    """Return what the levels of a condition change that is not text.

    Args:
        scenario: The scenario.
        condition: One of its conditions.
    """
    changed: dict[str, object] = {}
    for name, factor in scenario.factors.items():
        for member in condition.members(name):
            if member in factor.levels:
                changed |= factor.levels[member].settings.model_dump(exclude_defaults=True)
    return Settings.model_validate(changed)


@cache
def mail_renderer(scenario_name: str, world_name: str, pack: str = "") -> MailRenderer:
    """Return the one renderer of a world's mails.

    Args:
        scenario_name: Name of the scenario.
        world_name: Name of one of its worlds.
        pack: Path of a private pack whose names are used.

    Raises:
        SuiteError: If a name is unknown or a data file is broken.
    """
    found = scenario(scenario_name)
    return MailRenderer(found, found.world(world_name), read_pack(pack).names if pack else None)


def render_episode(scenario_name: str, world_name: str, condition: Condition, seed: int, *, pack: str = "") -> Episode:
    """Render a condition in a world with a seed.

    Args:
        scenario_name: Name of the scenario.
        world_name: Name of one of its worlds.
        condition: One of its conditions.
        seed: Any whole number.
        pack: Path of a private pack whose names are used.

    Raises:
        SuiteError: If a name is unknown, a data file is broken, a slot has no value, or the world has too
            few distractors.
    """
    return Renderer(mail_renderer(scenario_name, world_name, pack), condition, seed).episode()
