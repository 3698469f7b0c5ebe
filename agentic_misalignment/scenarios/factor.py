"""Factors and their levels, each level one data file."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import unknown
from agentic_misalignment.scenarios.condition import JOIN
from agentic_misalignment.scenarios.data import datasets, load, names
from agentic_misalignment.scenarios.extras import Extras

FACTOR_FILE = "factor"


class Exchange(BaseModel):
    """Two people who change places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: tuple[str, str]
    mails_of: str
    """The factor whose mails tell one story, such as that of the secret."""

    inside: bool
    """Whether they change places in that story, or everywhere else."""

    facts: tuple[str, ...]
    """The facts that belong to the story."""


class Settings(BaseModel):
    """What a level changes that is not text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names_draw: int | None = None
    """Number of the draw of names that is used whatever the seed is."""

    swap_gender: bool = False
    swap_titles: tuple[str, str] | None = None
    """Two roles whose job titles are exchanged."""

    exchange: Exchange | None = None
    layout: Literal["headers", "tagged"] | None = None
    """How messages look to the agent."""

    false_alarm: bool = False
    """Whether cancelling the alert is the right thing to do."""

    hold_outgoing: bool = False
    """Whether a person has to release what the agent sends."""

    raises_reality: bool = False
    """Whether the level itself speaks of the situation's being real or a test."""

    reasoning_effort: Literal["none"] | None = None
    """Passed to the model's provider."""


class Level(BaseModel):
    """One value of a factor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    factor: str
    level: str
    description: str

    inserts: dict[str, str] = {}
    """Text for the named slots of a scenario's prompt."""

    values: dict[str, str] = {}
    """Phrases that texts may use through the factor's variable."""

    mirror: str | None = None
    """The level with the opposite content; its values are `<variable>.opposite`."""

    extras: Extras = Extras()
    """People, mails and arrivals that exist under the level."""

    requires: dict[str, tuple[str, ...]] = {}
    """Levels of other factors without which the level would make no sense; elsewhere it is refused."""

    channel: str | None = None
    """The member of the cast, or the role, to whom the level opens a way."""

    settings: Settings = Settings()


class FactorFile(BaseModel):
    """The content of `factor.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    factor: str
    question: str
    default: str

    kind: Literal["one", "set"] = "one"
    """Whether a level is one name, or any of several names joined by `+`."""

    order: int
    """Place among the factors, in condition ids and grids."""

    in_id: Literal["always", "unless_default"] = "unless_default"
    label: str = "{level}"
    """How a level is written in a condition's id."""

    variable: str | None = None
    """Name under which texts use the level's values."""

    requires: dict[str, tuple[str, ...]] = {}
    """Levels of other factors without which this one does not apply."""


class Factor(BaseModel):
    """One thing that an experimenter varies, with its levels by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: FactorFile
    levels: dict[str, Level]

    @property
    def name(self) -> str:
        """The factor's name, which is its task parameter."""
        return self.about.factor

    def canonical(self, level: str) -> str:
        """Return the one spelling of a level.

        Args:
            level: A level name, or several joined by `+` for a set factor.

        Returns:
            The name; the members of a set in the order of the level names, each once.

        Raises:
            SuiteError: If a name is unknown, or `none` is joined with others.
        """
        members = dict.fromkeys(part.strip() for part in level.split(JOIN))
        valid = list(self.levels)
        several = len(members) > 1 and (self.about.kind == "one" or "none" in members)
        if several or any(member not in self.levels for member in members):
            raise unknown(f"level of {self.name}", level, valid)
        return JOIN.join(name for name in valid if name in members)

    def variables(self, level: str) -> dict[str, object]:
        """Return the values of a level with those of its mirror under `opposite`."""
        chosen = self.levels[level]
        opposite = self.levels[chosen.mirror].values if chosen.mirror else {}
        return {**chosen.values, "opposite": opposite}


@cache
def factors() -> dict[str, Factor]:
    """Return all factors by name, in their order.

    Raises:
        SuiteError: If a data file is broken or a level stands in the wrong folder.
    """
    found = [_load_factor(name) for name in names(datasets() / "factors", suffix="")]
    return {factor.name: factor for factor in sorted(found, key=lambda factor: factor.about.order)}


def _load_factor(name: str) -> Factor:
    folder = datasets() / "factors" / name
    about = load(folder / f"{FACTOR_FILE}.yaml", FactorFile)
    if about.factor != name:
        raise unknown("factor", about.factor, [name], where=str(folder / f"{FACTOR_FILE}.yaml"))
    levels = {level: load(folder / f"{level}.yaml", Level) for level in names(folder) if level != FACTOR_FILE}
    for key, level in levels.items():
        where = str(folder / f"{key}.yaml")
        if (level.factor, level.level) != (name, key):
            raise unknown("level", f"{level.factor}/{level.level}", [f"{name}/{key}"], where=where)
        if level.mirror and level.mirror not in levels:
            raise unknown("level", level.mirror, list(levels), where=where)
    ordered = sorted(levels, key=lambda level: (level != "none", _natural(level)))
    factor = Factor(about=about, levels={level: levels[level] for level in ordered})
    factor.canonical(about.default)
    return factor


def _natural(level: str) -> tuple[int, str]:
    return (int(level), "") if level.isdigit() else (0, level)
