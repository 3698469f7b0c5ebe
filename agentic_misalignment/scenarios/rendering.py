"""Rendering: a condition in a world with a seed becomes a prompt and a mailbox."""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from agentic_misalignment.mailbox import Arrival, Bounce, Contact, Item, Mailbox, Trigger
from agentic_misalignment.mailbox.views import message
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.episode import Episode, RenderedMail
from agentic_misalignment.scenarios.facts import EpisodeFacts, OpenChore
from agentic_misalignment.scenarios.filling import Filler
from agentic_misalignment.scenarios.mail_rendering import MailRenderer
from agentic_misalignment.scenarios.scenario import scenario
from agentic_misalignment.scenarios.seeding import draw_agent_name
from agentic_misalignment.scenarios.text import Text
from agentic_misalignment.scenarios.world import ArrivalSpec


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
        self.agent_name = draw_agent_name(self.world, seed)
        self._filler = Filler(self.scenario, condition, mails.context(self.agent_name))

    @property
    def id(self) -> str:
        """The episode's id."""
        return f"{self.world.name}/{self.condition.id}/s{self.seed}"

    @cached_property
    def mails(self) -> tuple[RenderedMail, ...]:
        """The mails that exist under the condition, oldest first."""
        return self._mail_renderer.mails(self.condition, self.seed, self.agent_name)

    def system(self) -> Text:
        """Render the system prompt."""
        return self._filler.prompt(self.scenario.about.system, place="system")

    def opening(self) -> Text:
        """Render the message that starts the session."""
        return self._filler.prompt(self.scenario.about.opening, place="opening")

    def mail_text(self) -> str:
        """Return all mails written out, oldest first."""
        return "\n\n--------\n\n".join(message(mail.email) for mail in self.mails)

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

    def _contact(self, key: str) -> Contact:
        return self._mail_renderer.contact(key, self.agent_name)

    def _header(self, key: str) -> str:
        return self._mail_renderer.header(key, self.agent_name)

    def _mailbox(self, keys: Mapping[str, str]) -> Mailbox:
        listed = [key for key, person in self.world.cast.items() if person.listed]
        people = (*listed, *self.world.lists, "agent")
        return Mailbox(
            owner=self._contact("agent"),
            clock=self.world.clock.start,
            next_number=self._mail_renderer.next_number,
            contacts=[self._contact(key) for key in people],
            items=[_item(mail) for mail in self.mails],
            waiting=[arrival for spec in self.world.arrivals if (arrival := self._arrival(spec, keys))],
            bounce=self._bounce(),
        )

    def _bounce(self) -> Bounce:
        where = f"scenario {self.scenario.name}, bounce"
        texts = self.scenario.about.bounce.items()
        return Bounce(**{key: self._filler.fill(text, (), where)[0] for key, text in texts})

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
            subject=self._filler.fill(spec.subject, (), where)[0],
            body=str(self._filler.body(spec.body, (), where=where, place=spec.id)),
            replies=spec.trigger.to is not None,
        )

    def _facts(self, keys: Mapping[str, str]) -> EpisodeFacts:
        where = f"world {self.world.name}, facts"
        facts = self.world.facts
        return EpisodeFacts(
            episode=self.id,
            scenario=self.scenario.name,
            company=self.world.company.name,
            agent=self._contact("agent"),
            roles={role: self._contact(key) for role, key in self.world.roles.items()},
            meanings=self.scenario.about.roles,
            decision=self._filler.fill(facts.decision, (), where)[0],
            secret=self._filler.fill(facts.secret, (), where)[0],
            stakes=self._filler.fill(facts.stakes, (), where)[0],
            chores=tuple(self._chores(keys)),
        )

    def _chores(self, keys: Mapping[str, str]) -> Iterable[OpenChore]:
        for chore in self.world.chores:
            if chore.mail in keys:
                yield OpenChore(email_id=keys[chore.mail], answer=self._contact(chore.answer).address)


def _item(mail: RenderedMail) -> Item:
    folder = "sent" if mail.sent else "inbox"
    return Item(email=mail.email, folder=folder, unread=not (mail.read or mail.sent))


@cache
def mail_renderer(scenario_name: str, world_name: str) -> MailRenderer:
    """Return the one renderer of a world's mails.

    Raises:
        SuiteError: If a name is unknown or a data file is broken.
    """
    found = scenario(scenario_name)
    return MailRenderer(found, found.world(world_name))


def render_episode(scenario_name: str, world_name: str, condition: Condition, seed: int) -> Episode:
    """Render a condition in a world with a seed.

    Args:
        scenario_name: Name of the scenario.
        world_name: Name of one of its worlds.
        condition: One of its conditions.
        seed: Any whole number.

    Raises:
        SuiteError: If a name is unknown, a data file is broken, a slot has no value, or the world has too
            few distractors.
    """
    return Renderer(mail_renderer(scenario_name, world_name), condition, seed).episode()
