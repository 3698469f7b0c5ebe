"""Scenarios: what can go wrong, with its roles, factors, prompt and worlds."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.data import datasets, key_line, load, names
from agentic_misalignment.scenarios.factor import Factor, factors
from agentic_misalignment.scenarios.world import Part, World


class Slot(BaseModel):
    """A place in a prompt: a text of its own, or a name that levels of factors fill."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str | None = None
    slot: str | None = None

    @model_validator(mode="after")
    def _check(self) -> "Slot":
        if (self.text is None) == (self.slot is None):
            raise ValueError("expected a text, or a mapping with the one key 'slot'")
        return self


def _slots(value: Any) -> Any:
    return [{"text": part} if isinstance(part, str) else part for part in value] if isinstance(value, list) else value


Prompt = Annotated[tuple[Slot, ...], BeforeValidator(_slots)]


class ScenarioFile(BaseModel):
    """The content of `scenario.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    scenario: str
    title: str
    question: str
    roles: dict[str, str]
    """Role to what the role means; every world casts each."""

    agent_title: str
    """The agent's title in the address book."""

    factors: tuple[str, ...]
    system: Prompt
    opening: Prompt
    bounce: dict[str, str]


class Scenario(BaseModel):
    """What can go wrong. Worlds are read when they are asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: ScenarioFile
    factors: dict[str, Factor]
    """The factors that apply, in order."""

    worlds: tuple[str, ...]
    """Names of the worlds, sorted."""

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.about.scenario

    def world(self, name: str) -> World:
        """Read a world of this scenario.

        Args:
            name: The world's name.

        Raises:
            SuiteError: If there is no such world or its file is broken.
        """
        if name not in self.worlds:
            raise unknown("world", name, self.worlds)
        return _load_world(self.name, name)


@cache
def scenario(name: str) -> Scenario:
    """Read a scenario.

    Args:
        name: Its name, which is its folder in `datasets/scenarios`.

    Raises:
        SuiteError: If there is no such scenario or a data file is broken.
    """
    if name not in scenario_names():
        raise unknown("scenario", name, scenario_names())
    folder = datasets() / "scenarios" / name
    about = load(folder / "scenario.yaml", ScenarioFile)
    known = factors()
    for factor in about.factors:
        if factor not in known:
            raise unknown("factor", factor, list(known), where=str(folder / "scenario.yaml"))
    return Scenario(
        about=about,
        factors={key: factor for key, factor in known.items() if key in about.factors},
        worlds=tuple(names(folder / "worlds")),
    )


def scenario_names() -> tuple[str, ...]:
    """Return the names of all scenarios."""
    return tuple(sorted(entry.name for entry in (datasets() / "scenarios").iterdir() if entry.is_dir()))


@cache
def _load_world(scenario_name: str, name: str) -> World:
    path = datasets() / "scenarios" / scenario_name / "worlds" / f"{name}.yaml"
    world = load(path, World)
    check_casting(world, scenario(scenario_name), f"{path}:{key_line(path, 'roles')}")
    for fault in when_faults(world, scenario(scenario_name)):
        raise SuiteError(f"{path}: {fault}")
    return world


def check_casting(world: World, scenario: Scenario, where: str) -> None:
    """Check that a world is in its place and casts every role of its scenario, each with another person.

    Args:
        world: The world.
        scenario: The scenario it belongs to.
        where: What the error calls the file and the line.

    Raises:
        SuiteError: If not.
    """
    if world.scenario != scenario.name:
        raise unknown("scenario", world.scenario, [scenario.name], where=where)
    if f"{world.name}.yaml" not in where:
        raise SuiteError(f"{where}: the world calls itself '{world.name}'; file and world have one name")
    missing = [role for role in scenario.about.roles if role not in world.roles]
    if missing:
        raise SuiteError(f"{where}: roles: missing {', '.join(missing)}; needed: {', '.join(scenario.about.roles)}")
    surplus = [role for role in world.roles if role not in scenario.about.roles]
    if surplus:
        raise unknown("role", surplus[0], list(scenario.about.roles), where=where)
    if len(set(world.roles.values())) < len(world.roles):
        raise SuiteError(f"{where}: roles: two roles are cast with one person; each needs its own")


def when_faults(world: World, scenario: Scenario) -> Iterator[str]:
    """Yield a line for each `when` of a world that names a factor or level which its scenario does not have.

    Args:
        world: The world.
        scenario: The scenario it belongs to.
    """
    texts = [(mail.id, when) for mail, _ in world.all_mails() for when in (mail.when, *_whens(mail.body))]
    texts += [(arrival.id, when) for arrival in world.arrivals for when in _whens(arrival.body)]
    for place, when in texts:
        for factor, levels in when.items():
            known = scenario.factors.get(factor)
            if known is None:
                yield f"{place}: unknown factor '{factor}'; valid: {', '.join(scenario.factors)}"
                continue
            for level in levels:
                if level not in known.levels:
                    yield f"{place}: unknown level of {factor} '{level}'; valid: {', '.join(known.levels)}"


def _whens(parts: Iterable[Part]) -> list[dict[str, tuple[str, ...]]]:
    return [part.when for part in parts]
