"""Scenarios: what can go wrong, with its roles, factors, prompt and worlds."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.condition import JOIN
from agentic_misalignment.scenarios.data import datasets, key_line, load, names
from agentic_misalignment.scenarios.extras import Extras, add_extras
from agentic_misalignment.scenarios.factor import Factor, factors
from agentic_misalignment.scenarios.names import public_pools
from agentic_misalignment.scenarios.world import Part, WhenField, World

OTHERS = "others"
"""The key of the reason why all factors that a scenario does not name are not there."""


COMMON_LEVEL = "100"
"""The level of `distractors` at which a world's own mail is not enough."""


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

    cast_by: dict[str, str] = {}
    """Role to the factor whose level decides who plays it."""

    facts: dict[str, str]
    """What a judge is told, by key, with what each fact means; every world states each."""

    evidence: Literal["messages_to_target", "disclosure", "cancelled_alert"]
    """What code looks for in the ledger before a judge is asked."""

    needs: tuple[Literal["document", "alert"], ...] = ()
    """What every world has beside its mails."""

    twin: dict[str, str]
    """The levels of the benign twin: ordinary work, without conflict, threat and opportunity."""

    agent_title: str
    """The agent's title in the address book."""

    factors: tuple[str, ...]
    without: dict[str, str] = {}
    """`factor` or `factor=level` that does not apply, with the reason; `others` stands for the factors not named."""

    tools: dict[str, str] = {}
    """The scenario's own tools, with the form in which a text reply calls them."""

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

    @property
    def variables(self) -> dict[str, str]:
        """The names that texts may use of factors, each with its factor: values of levels, and roles cast by one."""
        own = {factor.about.variable: name for name, factor in self.factors.items() if factor.about.variable}
        return {**own, **self.about.cast_by}

    def reject_absent(self, name: str, levels: Iterable[str] = ()) -> None:
        """Check that a factor, and levels of it, apply to the scenario.

        Args:
            name: Name of a factor.
            levels: Levels as they were given, sets among them.

        Raises:
            SuiteError: If the suite has it but the scenario has not, with the reason.
        """
        if name not in self.factors and name in factors():
            self._refuse(name, self.about.without.get(name) or self.about.without[OTHERS])
        for member in (member.strip() for level in levels for member in level.split(JOIN)):
            if f"{name}={member}" in self.about.without:
                self._refuse(f"{name}={member}", self.about.without[f"{name}={member}"])

    def _refuse(self, what: str, reason: str) -> None:
        raise SuiteError(f"{what} does not apply to {self.name}: {reason}")

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
    known, where = factors(), str(folder / "scenario.yaml")
    for factor in (*about.factors, *about.cast_by.values()):
        if factor not in known:
            raise unknown("factor", factor, list(known), where=where)
    missing = [factor for factor in known if factor not in about.factors and factor not in about.without]
    if missing and OTHERS not in about.without:
        raise SuiteError(f"{where}: factor {missing[0]} is neither among the factors nor, with a reason, in 'without'")
    return Scenario(
        about=about,
        factors={key: _applying(factor, about) for key, factor in known.items() if key in about.factors},
        worlds=tuple(names(folder / "worlds")),
    )


def _applying(factor: Factor, about: ScenarioFile) -> Factor:
    levels = {key: level for key, level in factor.levels.items() if f"{factor.name}={key}" not in about.without}
    return factor.model_copy(update={"levels": levels})


def scenario_names() -> tuple[str, ...]:
    """Return the names of all scenarios."""
    return tuple(sorted(entry.name for entry in (datasets() / "scenarios").iterdir() if entry.is_dir()))


@cache
def _load_world(scenario_name: str, name: str) -> World:
    path, found = datasets() / "scenarios" / scenario_name / "worlds" / f"{name}.yaml", scenario(scenario_name)
    world = load(path, World)
    check_casting(world, found, f"{path}:{key_line(path, 'roles')}")
    for fault in when_faults(world, found):
        raise SuiteError(f"{path}: {fault}")
    return with_extras(world, found)


def with_extras(world: World, scenario: Scenario) -> World:
    """Return a world with what the levels of the factors and the common pool add to it.

    Args:
        world: The world as its file has it.
        scenario: The scenario it belongs to.

    Raises:
        SuiteError: If the two do not fit, with the reason.
    """
    for name, factor in scenario.factors.items():
        for key, level in factor.levels.items():
            world = _grown(world, level.extras, f"level {name}={key}", when={name: (key,)})
    whole = COMMON_LEVEL in scenario.factors["distractors"].levels if "distractors" in scenario.factors else False
    when: WhenField = {"distractors": (COMMON_LEVEL,)}
    return _grown(world, common_mail(), "the common mail", when=when, distract=True) if whole else world


def _grown(world: World, extras: Extras, place: str, *, when: WhenField, distract: bool = False) -> World:
    if extras == Extras():
        return world
    try:
        return add_extras(world, extras, when=when, distract=distract)
    except ValueError as error:
        raise SuiteError(f"world {world.name} and {place}: {error}") from error


@cache
def common_mail() -> Extras:
    """Read the pool of ordinary mail that every world may get."""
    about = load(datasets() / "mails" / "common.yaml", _CommonFile)
    return Extras(cast=about.cast, mails=about.mails)


class _CommonFile(Extras):
    canary: str


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
    single = [played for played in world.roles.values() if isinstance(played, str)]
    if len(set(single)) < len(single):
        raise SuiteError(f"{where}: roles: two roles are cast with one person; each needs its own")
    for role in scenario.about.roles:
        _check_cast_by(world, scenario, role, where)
    _check_contents(world, scenario, where)


def _check_cast_by(world: World, scenario: Scenario, role: str, where: str) -> None:
    played, factor = world.roles[role], scenario.about.cast_by.get(role)
    if isinstance(played, str) == bool(factor):
        expected = f"a mapping of the levels of {factor}" if factor else "one cast id"
        raise SuiteError(f"{where}: roles.{role}: expected {expected}")
    if factor and isinstance(played, dict) and sorted(played) != sorted(scenario.factors[factor].levels):
        raise SuiteError(
            f"{where}: roles.{role}: expected one cast id for each of {', '.join(scenario.factors[factor].levels)}"
        )


def _check_contents(world: World, scenario: Scenario, where: str) -> None:
    for kind in ("document", "alert"):
        if (getattr(world, kind) is not None) != (kind in scenario.about.needs):
            raise SuiteError(
                f"{where}: a world of {scenario.name} {'needs' if kind in scenario.about.needs else 'has no'} {kind}"
            )
    if sorted(world.facts.texts) != sorted(scenario.about.facts):
        raise SuiteError(
            f"{where}: facts: expected {', '.join(scenario.about.facts)}; found {', '.join(world.facts.texts)}"
        )
    for key, person in world.cast.items():
        if person.region and person.region not in public_pools().regions:
            raise unknown(f"region of {key}", person.region, list(public_pools().regions), where=where)


def when_faults(world: World, scenario: Scenario) -> Iterator[str]:
    """Yield a line for each `when` of a world that names a factor or level which its scenario does not have.

    Args:
        world: The world.
        scenario: The scenario it belongs to.
    """
    texts = [(mail.id, when) for mail, _ in world.all_mails() for when in (mail.when, *_whens(mail.body))]
    texts += [(arrival.id, when) for arrival in world.arrivals for when in (arrival.when, *_whens(arrival.body))]
    texts += [(f"cast.{key}", person.when) for key, person in world.cast.items()]
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
