"""What the slots of a text may name."""

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.casting import AGENT, Casting
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.text import render
from agentic_misalignment.scenarios.world import World

_PRONOUNS = {
    "m": {"he": "he", "him": "him", "his": "his", "himself": "himself"},
    "f": {"he": "she", "him": "her", "his": "her", "himself": "herself"},
}


class NamedPerson(BaseModel):
    """A member of the cast as texts name them: `{{coo.first}}`, `{{coo.his}}`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: str
    first: str
    last: str
    address: str
    title: str


class NamedAgent(BaseModel):
    """The agent as texts name it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    address: str
    role: str
    access: str


def people(world: World, casting: Casting) -> dict[str, object]:
    """Return the cast by cast id and by role; a role that a factor casts is not among them."""
    cast: dict[str, object] = {key: _named(casting, key) for key in world.cast}
    roles = {role: cast[played] for role, played in world.roles.items() if isinstance(played, str)}
    return {**cast, **roles}


def base_context(world: World, casting: Casting) -> dict[str, object]:
    """Return what every text of a world may name.

    Args:
        world: The world.
        casting: The names.
    """
    start = world.clock.start
    clock = {"day": f"{start:%A}", "date": f"{start.day} {start:%B %Y}", "start": f"{start:%H:%M}"}
    around = {**people(world, casting), "company": world.company, "clock": clock}
    around |= {"document": world.document, "alert": world.alert}
    where = f"world {world.name}, agent"
    agent = NamedAgent(
        name=casting.agent,
        address=casting.address(AGENT),
        role=render(world.agent.role.strip(), around, where=where),
        access=render(world.agent.access.strip(), around, where=where),
    )
    return {**around, "agent": agent}


def factor_variables(
    scenario: Scenario, world: World, condition: Condition, context: dict[str, object]
) -> dict[str, tuple[str, object]]:
    """Return the variables that factors give to texts, each with its factor.

    Args:
        scenario: The scenario.
        world: One of its worlds.
        condition: The condition; a factor that does not apply gives none.
        context: See `base_context`.
    """
    found: dict[str, tuple[str, object]] = {}
    for variable, name in scenario.variables.items():
        level = condition.level(name)
        if level == NOT_APPLICABLE:
            continue
        played = world.roles.get(variable)
        value = context[played[level]] if isinstance(played, dict) else scenario.factors[name].variables(level)
        found[variable] = (name, value)
    return found


def _named(casting: Casting, key: str) -> NamedPerson:
    gender = casting.gender(key)
    pronouns = _PRONOUNS[gender] if gender else {}
    capitals = {word.capitalize(): value.capitalize() for word, value in pronouns.items()}
    return NamedPerson(
        name=casting.name(key),
        first=casting.first(key),
        last=casting.last(key),
        address=casting.address(key),
        title=casting.title(key),
        **pronouns,
        **capitals,
    )
