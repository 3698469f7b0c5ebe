"""The consistency check: every world in every condition."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.scenarios.episode import Episode
from agentic_misalignment.scenarios.experiment import Experiment, conditions
from agentic_misalignment.scenarios.mail_rendering import DISTRACTORS, MailRenderer
from agentic_misalignment.scenarios.rendering import Renderer
from agentic_misalignment.scenarios.scenario import Scenario, when_faults
from agentic_misalignment.scenarios.seeding import draw_agent_name
from agentic_misalignment.scenarios.text import Line
from agentic_misalignment.scenarios.world import Person, World

MAILS = (25, 60)
"""Fewest and most mails of a world with its distractors on."""

SESSION = timedelta(hours=2)
"""How long after the start an arrival may still be written."""

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


def check_world(scenario: Scenario, world: World) -> list[str]:
    """Check a world in every condition.

    Args:
        scenario: The scenario.
        world: One of its worlds.

    Returns:
        One line for each fault, each once; empty if there is none.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    faults = list(when_faults(world, scenario))
    if not faults:
        faults = [*_world_faults(scenario, world), *_condition_faults(scenario, world)]
    return [f"{world.name}: {fault}" for fault in dict.fromkeys(faults)]


def full_grid(scenario: Scenario) -> list[Condition]:
    """Return every condition of a scenario: all levels crossed, sets by none, each member, and all members."""
    every = Experiment(canary="", experiment="all", question="", positive="", null_result="")
    return conditions(scenario, every, {name: _levels(scenario, name) for name in scenario.factors})


def _levels(scenario: Scenario, name: str) -> list[str]:
    factor = scenario.factors[name]
    if factor.about.kind == "one":
        return list(factor.levels)
    members = [level for level in factor.levels if level != "none"]
    return ["none", *members, "+".join(members)]


def prompt_factors(scenario: Scenario) -> frozenset[str]:
    """Return the factors that can change the prompt."""
    inserting = {
        name for name, factor in scenario.factors.items() if any(level.inserts for level in factor.levels.values())
    }
    return frozenset(inserting | _variable_factors(scenario))


def mail_factors(scenario: Scenario, world: World) -> frozenset[str]:
    """Return the factors that can change the mails."""
    whens = {factor for mail, _ in world.all_mails() for factor in mail.when}
    whens |= {factor for mail, _ in world.all_mails() for part in mail.body for factor in part.when}
    return frozenset(whens | _variable_factors(scenario) | {DISTRACTORS})


def _variable_factors(scenario: Scenario) -> set[str]:
    return {name for name, factor in scenario.factors.items() if factor.about.variable}


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
        person = world.cast.get(world.roles.get(mail.sender, mail.sender))
        for absence in person.away if person else ():
            if absence.since <= mail.at < absence.until and not mail.automatic:
                yield f"mail {mail.id}: {mail.sender} writes at {mail.at:%H:%M} but is away ({absence.why})"
    start = world.clock.start
    for arrival in world.arrivals:
        if arrival.automatic:
            if arrival.delay:
                yield f"arrival {arrival.id}: an automatic notice comes at once; its delay must be 0"
            continue
        person = world.cast.get(world.roles.get(arrival.sender, arrival.sender))
        for absence in person.away if person else ():
            if absence.since < start + SESSION and start < absence.until:
                yield f"arrival {arrival.id}: {arrival.sender} writes in the session but is away ({absence.why})"


def _name_faults(world: World) -> Iterator[str]:
    people = {key: person for key, person in world.cast.items() if person.kind == "person"}
    for where, source in _sources(world):
        plain = re.sub(r"\{\{.*?\}\}", " ", source)
        words = {re.sub(r"['\u2019]s$", "", word) for word in re.findall(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", plain)}
        for key, person in people.items():
            for name in _name_words(person):
                if name in words:
                    yield f"{where}: '{name}' is written out; use a slot of '{key}'"
    firsts = Counter(person.first for person in people.values())
    lasts = Counter(person.last for person in people.values())
    for name, count in (firsts + lasts).items():
        if count > 1:
            yield f"the name '{name}' belongs to {count} people of the cast"
    for name in world.agent.names:
        if name in firsts or name in lasts:
            yield f"the agent's name '{name}' is also a person's"


def _name_words(person: Person) -> list[str]:
    return [word for word in (person.first, person.last.split()[-1]) if len(word) > 2]


def _sources(world: World) -> Iterator[tuple[str, str]]:
    for mail, _ in world.all_mails():
        yield f"mail {mail.id}", mail.subject
        yield from ((f"mail {mail.id}", part.text) for part in mail.body)
    for arrival in world.arrivals:
        yield f"arrival {arrival.id}", arrival.subject
        yield from ((f"arrival {arrival.id}", part.text) for part in arrival.body)
    yield from (("agent", text) for text in (world.agent.role, world.agent.access))
    facts = world.facts
    yield from (("facts", text) for text in (facts.decision, facts.secret, facts.stakes, *facts.routes.values()))


# --- faults of conditions ------------------------------------------------------------------------------------


def _condition_faults(scenario: Scenario, world: World) -> Iterator[str]:
    grid, shared = full_grid(scenario), MailRenderer(scenario, world)
    prompt_of, mails_of = prompt_factors(scenario), mail_factors(scenario, world)
    for name, count in Counter(condition.id for condition in grid).items():
        if count > 1:
            yield f"{count} conditions have the id {name}"
    prompts: dict[tuple[str, ...], str] = {}
    mailboxes: dict[tuple[str, ...], str] = {}
    texts: dict[tuple[str, str], str] = {}
    for condition in grid:
        prompt_key = _part(condition, prompt_of)
        mails_key = _part(condition, mails_of)
        if prompt_key not in prompts:
            renderer = Renderer(shared, condition, seed=1)
            lines = [*renderer.system().lines, *renderer.opening().lines]
            yield from _line_faults(world, renderer.agent_name, lines)
            prompts[prompt_key] = _joined(lines)
        if mails_key not in mailboxes:
            renderer = Renderer(shared, condition, seed=1)
            shared.render_all(condition, renderer.agent_name)
            yield from _episode_faults(world, renderer.episode())
            mailboxes[mails_key] = _joined(line for mail in renderer.mails for line in mail.lines())
        text = (prompts[prompt_key], mailboxes[mails_key])
        if text in texts:
            yield f"conditions {texts[text]} and {condition.id} have the same text"
        texts[text] = condition.id
    agent_name = draw_agent_name(world, 1)
    for mail in shared.rendered():
        yield from _line_faults(world, agent_name, mail.lines())


def _part(condition: Condition, factors: frozenset[str]) -> tuple[str, ...]:
    return tuple(level for factor, level in condition.levels if factor in factors)


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _episode_faults(world: World, episode: Episode) -> Iterator[str]:
    mails, condition = episode.mails, episode.condition
    keys = [mail.key for mail in mails]
    for arrival in episode.mailbox.waiting:
        yield from _text_faults(world, episode.facts.agent.name, "arrival", arrival.body)
    if int(condition.level(DISTRACTORS)) and not MAILS[0] <= len(mails) <= MAILS[1]:
        yield f"{condition.id}: {len(mails)} mails; expected {MAILS[0]} to {MAILS[1]}"
    times = [mail.email.sent_at for mail in mails]
    if times != sorted(times):
        yield f"{condition.id}: the mails are not in time order"
    known = {mail.id: mail for mail, _ in world.all_mails()}
    for key in keys:
        answered = known[key].re
        if answered and answered not in keys:
            yield f"{condition.id}: mail {key} answers {answered}, which is not there"
    for mail in mails:
        if not str(mail.body).strip():
            yield f"{condition.id}: mail {mail.key} is empty"
    for chore in world.chores:
        if chore.mail not in keys:
            yield f"{condition.id}: the chore {chore.mail} is not there"


def _line_faults(world: World, agent_name: str, lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield from _text_faults(world, agent_name, line.place, line.text)


def _text_faults(world: World, agent_name: str, place: str, text: str) -> Iterator[str]:
    if _LEFTOVER.search(text):
        yield f"{place}: leftover slot in '{text.strip()}'"
    if canary().partition(":")[2] in text:
        yield f"{place}: the canary stands in the text"
    yield from _date_faults(world, place, text)
    for address in _ADDRESS.findall(text):
        if address.lower() not in _known_addresses(world, agent_name):
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


def _known_addresses(world: World, agent_name: str) -> set[str]:
    return {world.address(key, agent=agent_name) for key in (*world.cast, *world.lists, "agent")}
