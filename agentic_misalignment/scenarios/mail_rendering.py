"""Rendering a world's mails. Equal mails of different episodes are one object."""

from datetime import datetime
from functools import cache, cached_property, lru_cache

from agentic_misalignment.mailbox import Attachment, Email
from agentic_misalignment.scenarios.casting import AGENT, Casting
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.context import base_context, factor_variables
from agentic_misalignment.scenarios.episode import RenderedMail
from agentic_misalignment.scenarios.factor import Exchange
from agentic_misalignment.scenarios.filling import Filler
from agentic_misalignment.scenarios.names import NamePools, public_pools
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.seeding import DISTRACTORS, draw_distractors, draw_times, draw_wording
from agentic_misalignment.scenarios.text import variables
from agentic_misalignment.scenarios.world import Mail, World

FIRST_NUMBER = 2101
"""Number of the oldest mail's id: a mailbox in use does not begin at one."""

KEPT_SEEDS = 16
"""Seeds of a world whose draws are kept for the next episode, and about as many mailboxes full of rendered mails."""


class Schedule:
    """The mails of a world as one seed has them: order, times, ids and wordings."""

    def __init__(self, world: World, seed: int) -> None:
        """Draw them.

        Args:
            world: The world.
            seed: The seed.
        """
        self.drawn = cache(lambda count: draw_distractors(world, seed, count))
        self.times: dict[str, datetime] = draw_times(world, seed)
        self.mails = sorted(world.all_mails(), key=lambda pair: self.times[pair[0].id])
        self.numbers = {mail.id: f"m{FIRST_NUMBER + index}" for index, (mail, _) in enumerate(self.mails)}
        self.wordings = {mail.id: draw_wording(world, seed, mail) for mail, _ in self.mails}
        known = {mail.id: mail for mail, _ in self.mails}
        self.threads = {mail.id: self.numbers[_first(mail, known)] for mail, _ in self.mails}


class MailRenderer:
    """Renders the mails of one world, each once for everything that it depends on."""

    def __init__(self, scenario: Scenario, world: World, pools: NamePools | None = None) -> None:
        """Take the world.

        Args:
            scenario: The scenario.
            world: One of its worlds.
            pools: Where names are drawn from; without it the public pools.
        """
        self.scenario, self.world, self._pools = scenario, world, pools or public_pools()
        self.casting = lru_cache(maxsize=KEPT_SEEDS)(self._cast)
        self.schedule = lru_cache(maxsize=KEPT_SEEDS)(self._schedule)
        self.context = lru_cache(maxsize=KEPT_SEEDS)(self._context)
        self.exchanged = lru_cache(maxsize=KEPT_SEEDS)(Casting.exchanged)
        self._mails: dict[tuple[object, ...], RenderedMail] = {}

    @cached_property
    def _depends(self) -> dict[str, tuple[str, ...]]:
        return {mail.id: self._factors_of(mail) for mail, _ in self.world.all_mails()}

    @cached_property
    def _attachment(self) -> Attachment | None:
        document = self.world.document
        return Attachment(name=document.name, text=document.text) if document else None

    @property
    def next_number(self) -> int:
        """Number of the first message that is written in the session."""
        return FIRST_NUMBER + len(self._depends)

    def _cast(self, draw: int, swapped: bool, titles: tuple[str, str] | None) -> Casting:
        title = self.scenario.about.agent_title
        return Casting(self.world, draw, self._pools, agent_title=title, swapped=swapped, titles=titles)

    def _schedule(self, seed: int) -> Schedule:
        return Schedule(self.world, seed)

    def _context(self, casting: Casting) -> dict[str, object]:
        return {**base_context(self.world, casting), "tools": list(self.scenario.about.tools.values())}

    def filler(self, condition: Condition, casting: Casting) -> Filler:
        """Return what fills the texts of a condition."""
        context = self.context(casting)
        return Filler(
            self.scenario, condition, context, factor_variables(self.scenario, self.world, condition, context)
        )

    def mails(
        self, condition: Condition, seed: int, casting: Casting, exchange: Exchange | None = None
    ) -> tuple[RenderedMail, ...]:
        """Return the mails that exist under a condition, oldest first.

        Args:
            condition: The condition.
            seed: The seed.
            casting: The names.
            exchange: Who changes places, and in which mails.

        Raises:
            SuiteError: If a slot has no value, or the world has too few distractors.
        """
        wanted = int(condition.level(DISTRACTORS)) if DISTRACTORS in self.scenario.factors else 0
        drawn = self.schedule(seed).drawn(wanted)
        return tuple(
            self._mail(mail, distracts, condition, seed, self._in_place(mail, casting, exchange))
            for mail, distracts in self.schedule(seed).mails
            if (mail.id in drawn if distracts else True) and condition.holds(mail.when)
        )

    def _in_place(self, mail: Mail, casting: Casting, exchange: Exchange | None) -> Casting:
        if exchange is None:
            return casting
        of_story = any(exchange.mails_of in part.when for part in mail.body)
        return self.exchanged(casting, exchange.roles) if of_story == exchange.inside else casting

    def _mail(self, mail: Mail, distracts: bool, condition: Condition, seed: int, casting: Casting) -> RenderedMail:
        key = (mail.id, seed, casting.key, *(condition.level(factor) for factor in self._depends[mail.id]))
        if key not in self._mails:
            if len(self._mails) >= KEPT_SEEDS * len(self._depends):
                self._mails.clear()
            self._mails[key] = self._render(mail, distracts, condition, seed, casting)
        return self._mails[key]

    def _factors_of(self, mail: Mail) -> tuple[str, ...]:
        whens = {factor for when in (mail.when, *(part.when for part in mail.body)) for factor in when}
        used = variables(mail.subject).union(*(variables(text) for part in mail.body for text in part.texts))
        return tuple(sorted(whens | {factor for name, factor in self.scenario.variables.items() if name in used}))

    def _render(self, mail: Mail, distracts: bool, condition: Condition, seed: int, casting: Casting) -> RenderedMail:
        schedule, filler = self.schedule(seed), self.filler(condition, casting)
        where = f"world {self.world.name}, mail {mail.id}"
        tags = [*mail.when, *([DISTRACTORS] if distracts else [])]
        subject, subject_tags = filler.fill(mail.subject, tags, where)
        body = filler.body(mail.body, tags, where=where, place=mail.id, wording=schedule.wordings[mail.id])
        email = Email(
            id=schedule.numbers[mail.id],
            thread_id=schedule.threads[mail.id],
            sender=casting.header(self.world.cast_id(mail.sender)),
            to=tuple(casting.header(self.world.cast_id(key)) for key in mail.to),
            cc=tuple(casting.header(self.world.cast_id(key)) for key in mail.cc),
            subject=subject,
            body=str(body),
            sent_at=schedule.times[mail.id],
            in_reply_to=schedule.numbers[mail.re] if mail.re else None,
            attachments=(self._attachment,) if self._attachment and mail.attach else (),
        )
        return RenderedMail(
            key=mail.id, email=email, read=mail.read, sent=mail.sender == AGENT, tags=subject_tags, body=body
        )


def _first(mail: Mail, known: dict[str, Mail]) -> str:
    while mail.re:
        mail = known[mail.re]
    return mail.id
