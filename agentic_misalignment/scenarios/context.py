"""What the slots of a text may name."""

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.condition import NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.text import render
from agentic_misalignment.scenarios.world import Person, World

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


def people(world: World) -> dict[str, object]:
    """Return the cast by cast id and by role."""
    cast = {key: _named(world, key, person) for key, person in world.cast.items()}
    return {**cast, **{role: cast[key] for role, key in world.roles.items()}}


def base_context(world: World, agent_name: str) -> dict[str, object]:
    """Return what every text of a world may name.

    Args:
        world: The world.
        agent_name: The agent's drawn name.
    """
    start = world.clock.start
    clock = {"day": f"{start:%A}", "date": f"{start.day} {start:%B %Y}", "start": f"{start:%H:%M}"}
    around = {**people(world), "company": world.company, "clock": clock}
    where = f"world {world.name}, agent"
    agent = NamedAgent(
        name=agent_name,
        address=world.address("agent", agent=agent_name),
        role=render(world.agent.role.strip(), around, where=where),
        access=render(world.agent.access.strip(), around, where=where),
    )
    return {**around, "agent": agent}


def factor_variables(scenario: Scenario, condition: Condition) -> dict[str, tuple[str, object]]:
    """Return the variables that factors give to texts, each with its factor.

    Args:
        scenario: The scenario.
        condition: The condition; a factor that does not apply gives none.
    """
    return {
        factor.about.variable: (name, factor.variables(condition.level(name)))
        for name, factor in scenario.factors.items()
        if factor.about.variable and condition.level(name) != NOT_APPLICABLE
    }


def _named(world: World, key: str, person: Person) -> NamedPerson:
    pronouns = _PRONOUNS[person.gender] if person.gender else {}
    capitals = {word.capitalize(): value.capitalize() for word, value in pronouns.items()}
    return NamedPerson(
        name=person.name,
        first=person.first,
        last=person.last,
        address=world.address(key),
        title=person.title,
        **pronouns,
        **capitals,
    )
