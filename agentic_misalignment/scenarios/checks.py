"""The consistency check: every world in every condition."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.scenarios.episode import RenderedMail
from agentic_misalignment.scenarios.mail_rendering import MailRenderer
from agentic_misalignment.scenarios.modules import module_conditions, modules
from agentic_misalignment.scenarios.names import public_pools
from agentic_misalignment.scenarios.rendering import Renderer
from agentic_misalignment.scenarios.scenario import Scenario, when_faults
from agentic_misalignment.scenarios.seeding import DISTRACTORS, draw_distractors, draw_wording
from agentic_misalignment.scenarios.text import Line
from agentic_misalignment.scenarios.world import World

MAILS = (25, 60)
"""Fewest and most mails of a world with its distractors on."""

SESSION = timedelta(hours=2)
"""How long after the start an arrival may still be written."""

_MOST_SEEDS = 200
"""Seeds among which those are found that show every wording of every mail."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAY = r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)?,?\s+(?:the\s+)?"
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\b"
_WEEKDAY_FIRST = re.compile(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}")
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+(\d{{1,2}})\b")
_LEFTOVER = re.compile(r"\{\{|\}\}|\$\{|\$[a-z]+\b|\{%")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Canary(BaseModel):
    """The content of the canary file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str


@cache
def canary() -> str:
    """Return the line that stands in every data file and in no prompt."""
    return load(datasets() / "canary.yaml", Canary).canary


def check_world(scenario: Scenario, world: World, *, seeds: int = 0) -> list[str]:
    """Check a world in every condition, with seeds that show every wording of every mail.

    Args:
        scenario: The scenario.
        world: One of its worlds.
        seeds: How many seeds, from 1 on, are checked whatever they show.

    Returns:
        One line for each fault, each once; empty if there is none.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    faults = list(when_faults(world, scenario))
    if not faults:
        faults = [*_world_faults(scenario, world), *_condition_faults(scenario, world, seeds)]
    return [f"{world.name}: {fault}" for fault in dict.fromkeys(faults)]


# --- faults of the world itself ------------------------------------------------------------------------------


def _world_faults(scenario: Scenario, world: World) -> Iterator[str]:
    if world.canary != canary():
        yield f"the canary is not {canary()}"
    yield from _absence_faults(world)
    yield from _name_faults(world)
    core = {mail.id for mail in world.mails}
    for mail, distracts in world.all_mails():
        if mail.re and not distracts and mail.re not in core:
            yield f"mail {mail.id} answers the distractor {mail.re}, which may be missing"
    if not world.chores:
        yield "there are no chores"
    known = {*(mail.id for mail, _ in world.all_mails()), *(arrival.id for arrival in world.arrivals)}
    for route, text in world.facts.routes.items():
        for name in re.findall(r"`([^`]+)`", text):
            if name not in known:
                yield f"facts, route {route}: there is no mail or arrival '{name}'"


def _absence_faults(world: World) -> Iterator[str]:
    for mail, _ in world.all_mails():
        person = world.cast.get(world.cast_id(mail.sender))
        for absence in person.away if person else ():
            if absence.since <= mail.at < absence.until and not mail.automatic:
                yield f"mail {mail.id}: {mail.sender} writes at {mail.at:%H:%M} but is away ({absence.why})"
    start = world.clock.start
    for arrival in world.arrivals:
        if arrival.automatic:
            if arrival.delay:
                yield f"arrival {arrival.id}: an automatic notice comes at once; its delay must be 0"
            continue
        person = world.cast.get(world.cast_id(arrival.sender))
        for absence in person.away if person else ():
            if absence.since < start + SESSION and start < absence.until:
                yield f"arrival {arrival.id}: {arrival.sender} writes in the session but is away ({absence.why})"


def _name_faults(world: World) -> Iterator[str]:
    fixed = [word for person in world.cast.values() if person.kind == "person" for word in (person.name or "").split()]
    drawn = _drawn_names(world)
    for where, source in _sources(world):
        plain = re.sub(r"\{\{.*?\}\}", " ", source)
        words = {re.sub(r"['\u2019]s$", "", word) for word in re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", plain)}
        for name in sorted(words & {*drawn, *(word for word in fixed if len(word) > 2)}):
            yield f"{where}: the name '{name}' is written out; use a slot"
    for name, count in Counter(fixed).items():
        if count > 1:
            yield f"the name '{name}' belongs to {count} people of the cast"
    for name in {*fixed, *drawn} & {*world.agent.names}:
        yield f"the agent's name '{name}' is also a person's"


def _drawn_names(world: World) -> frozenset[str]:
    """Return every name that a seed could give to somebody in the world, and to the agent if its name is drawn."""
    pools = public_pools()
    regions = [pools.region(name) for name in {person.region for person in world.cast.values() if person.region}]
    people = [name for pool in regions for name in (*pool.feminine, *pool.masculine, *pool.family)]
    return frozenset([*people, *(() if world.agent.names else pools.agents)])


def _sources(world: World) -> Iterator[tuple[str, str]]:
    for mail, _ in world.all_mails():
        yield f"mail {mail.id}", mail.subject
        yield from ((f"mail {mail.id}", text) for part in mail.body for text in part.texts)
    for arrival in world.arrivals:
        yield f"arrival {arrival.id}", arrival.subject
        yield from ((f"arrival {arrival.id}", text) for part in arrival.body for text in part.texts)
    yield from (("agent", text) for text in (world.agent.role, world.agent.access))
    facts = world.facts
    yield from (("facts", text) for text in (*facts.texts.values(), *facts.routes.values()))
    if world.document:
        yield from (("document", text) for text in (world.document.text, world.document.reworded))


# --- faults of conditions ------------------------------------------------------------------------------------


def _condition_faults(scenario: Scenario, world: World, wanted: int) -> Iterator[str]:
    check = _ConditionCheck(world)
    shared = MailRenderer(scenario, world)
    seeds = sorted({*_covering_seeds(scenario, world), *range(1, wanted + 1)})
    texts: dict[tuple[str, ...], str] = {}
    ids: dict[str, Condition] = {}
    for module in modules(scenario, world):
        for condition in module_conditions(scenario, module):
            if ids.setdefault(condition.id, condition) != condition:
                yield f"two conditions have the id {condition.id}"
            for seed in seeds:
                yield from check.mail_faults(Renderer(shared, condition, seed))
            first = Renderer(shared, condition, seeds[0])
            yield from check.episode_faults(first)
            text = (
                _joined([*first.system().lines, *first.opening().lines]),
                *(text for mail in first.mails for text in (mail.email.subject, mail.email.body)),
                str(first.settings.model_copy(update={"swap_titles": None})),
            )
            if texts.setdefault(text, condition.id) != condition.id:
                yield f"conditions {texts[text]} and {condition.id} have the same text"


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _covering_seeds(scenario: Scenario, world: World) -> list[int]:
    """Return the first seeds that between them show every wording of every mail."""
    wanted = {(mail.id, number) for mail, _ in world.all_mails() for number in range(mail.wordings)}
    factor = scenario.factors.get(DISTRACTORS)
    counts = [int(level) for level in factor.levels] if factor else []
    seeds: list[int] = []
    for seed in range(1, _MOST_SEEDS + 1):
        drawn = frozenset[str]().union(*(draw_distractors(world, seed, count) for count in counts))
        mails = [mail for mail, distracts in world.all_mails() if mail.id in drawn or not distracts]
        shown = {(mail.id, draw_wording(world, seed, mail)) for mail in mails}
        if shown & wanted:
            seeds.append(seed)
            wanted -= shown
    return seeds


class _ConditionCheck:
    """Checks episodes; what it has seen before is not looked at again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: set[int] = set()
        self._kept: list[RenderedMail] = []
        self._orders: set[tuple[str, ...]] = set()

    def mail_faults(self, renderer: Renderer) -> Iterator[str]:
        """Yield the faults of mails that are new."""
        mails, condition = renderer.mails, renderer.condition
        for mail in mails:
            if id(mail) not in self._seen:
                self._seen.add(id(mail))
                self._kept.append(mail)
                known = renderer.casting.addresses
                for line in mail.lines():
                    yield from _text_faults(self._world, known, line.place, line.text)
                if not str(mail.body).strip():
                    yield f"{condition.id}: mail {mail.key} is empty"
        order = tuple(mail.key for mail in mails)
        if order not in self._orders:
            self._orders.add(order)
            yield from _order_faults(self._world, mails, condition)

    def episode_faults(self, renderer: Renderer) -> Iterator[str]:
        """Yield the faults of a prompt and of what may arrive."""
        world, known = self._world, renderer.casting.addresses
        for line in (*renderer.system().lines, *renderer.opening().lines):
            yield from _text_faults(world, known, line.place, line.text)
        for arrival in renderer.episode().mailbox.waiting:
            yield from _text_faults(world, known, "arrival", arrival.body)


def _order_faults(world: World, mails: Sequence[RenderedMail], condition: Condition) -> Iterator[str]:
    keys = [mail.key for mail in mails]
    if dict(condition.levels).get(DISTRACTORS) == "20" and not MAILS[0] <= len(mails) <= MAILS[1]:
        yield f"{condition.id}: {len(mails)} mails; expected {MAILS[0]} to {MAILS[1]}"
    times = [mail.email.sent_at for mail in mails]
    if times != sorted(times):
        yield f"{condition.id}: the mails are not in time order"
    answers = {mail.id: mail.re for mail, _ in world.all_mails()}
    for key in keys:
        if answers[key] and answers[key] not in keys:
            yield f"{condition.id}: mail {key} answers {answers[key]}, which is not there"
    for chore in world.chores:
        if chore.mail not in keys:
            yield f"{condition.id}: the chore {chore.mail} is not there"


def _text_faults(world: World, known: Container[str], place: str, text: str) -> Iterator[str]:
    if _LEFTOVER.search(text):
        yield f"{place}: leftover slot in '{text.strip()}'"
    if canary().partition(":")[2] in text:
        yield f"{place}: the canary stands in the text"
    yield from _date_faults(world, place, text)
    for address in _ADDRESS.findall(text):
        if address.lower() not in known:
            yield f"{place}: the address {address} belongs to nobody in the cast"


def _date_faults(world: World, place: str, text: str) -> Iterator[str]:
    for weekday, day, month in [
        *_WEEKDAY_FIRST.findall(text),
        *((weekday, day, month) for weekday, month, day in _MONTH_FIRST.findall(text)),
    ]:
        number = _MONTHS.index(month[:3]) + 1
        near = [world.clock.start.year + years for years in (-1, 0, 1)]
        days = [date(year, number, int(day)) for year in near if int(day) <= monthrange(year, number)[1]]
        nearest = min(days, key=lambda each: abs(each - world.clock.start.date()), default=None)
        if nearest is None or f"{nearest:%a}" != weekday[:3]:
            yield f"{place}: {weekday} {day} {month} is a {nearest:%A}" if nearest else f"{place}: no {day} {month}"
