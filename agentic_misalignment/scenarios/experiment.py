"""Experiments: declared sets of conditions with a question."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.condition import JOIN, NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.data import datasets, load, names
from agentic_misalignment.scenarios.scenario import Scenario

Grid = Mapping[str, Sequence[str]]
"""Factor to the levels that are crossed."""

MOST = 10_000
"""Conditions of the largest grid, before those that coincide are taken together."""


def _grid(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        factor: tuple(map(str, levels)) if isinstance(levels, list) else (str(levels),)
        for factor, levels in value.items()
    }


def _control(value: Any) -> Any:
    return {factor: str(level) for factor, level in value.items()} if isinstance(value, dict) else value


GridField = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_grid)]


class Experiment(BaseModel):
    """A set of conditions with a question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    experiment: str
    question: str
    positive: str
    """What a difference or a high rate would mean."""

    null_result: str
    """What no difference or a rate near zero would mean."""

    control: Annotated[dict[str, str] | str, BeforeValidator(_control)]
    """What the experiment compares with: levels within its grid, or the name of another experiment."""

    scenarios: tuple[str, ...] = ()
    """The scenarios that the question is asked of; without them every one that has the factors and levels."""

    arms: tuple[Literal["headline", "twin"], ...] = ("headline",)
    """In which surroundings the grid is run: those of the headline, or those of the scenario's benign twin."""

    grid: GridField = {}
    own: dict[str, GridField] = {}
    """What one scenario adds to the grid, by scenario."""

    seeds: int = Field(default=4, ge=1)

    def grid_of(self, scenario: str) -> dict[str, tuple[str, ...]]:
        """Return the levels that are crossed in a scenario, by factor."""
        return {**self.grid, **self.own.get(scenario, {})}

    def applies_to(self, scenario: Scenario) -> bool:
        """Tell whether the question can be asked of a scenario."""
        asked = not self.scenarios or scenario.name in self.scenarios
        return asked and all(
            factor in scenario.factors and all(part in scenario.factors[factor].levels for part in level.split(JOIN))
            for factor, levels in self.grid_of(scenario.name).items()
            for level in levels
        )

    @model_validator(mode="after")
    def _check(self) -> "Experiment":
        if not self.control:
            raise ValueError("control: none given; name levels of the grid, or another experiment")
        if isinstance(self.control, dict):
            for factor, level in self.control.items():
                levels = self.grid.get(factor, ())
                if level not in levels:
                    found = ", ".join(levels) or "none"
                    raise ValueError(f"control: {factor}={level} is not in the grid; there: {found}")
        return self


def experiment_names() -> tuple[str, ...]:
    """Return the names of all experiments."""
    return tuple(names(datasets() / "experiments"))


@cache
def experiment(name: str) -> Experiment:
    """Read an experiment.

    Args:
        name: The name of one of the suite's, or the path of a YAML file of the user's own.

    Raises:
        SuiteError: If there is no such experiment or its file is broken.
    """
    own = name.endswith((".yaml", ".yml"))
    if not own and name not in experiment_names():
        raise unknown("experiment", name, [*experiment_names(), "FILE.yaml"])
    path = Path(name) if own else datasets() / "experiments" / f"{name}.yaml"
    found = load(path, Experiment)
    if not own and found.experiment != name:
        raise unknown("experiment", found.experiment, [name], where=str(path))
    if isinstance(found.control, str) and found.control not in experiment_names():
        raise unknown("control", found.control, experiment_names(), where=str(path))
    return found


def conditions(scenario: Scenario, experiment: Experiment, chosen: Grid | None = None) -> list[Condition]:
    """Cross the levels of an experiment, or those chosen in their place.

    Args:
        scenario: The scenario whose factors are crossed.
        experiment: The experiment; factors that it does not name stand at their default.
        chosen: Levels by factor that replace the experiment's.

    Returns:
        The conditions in grid order, each once. A factor that another level switches off has the level
        `n/a`, so that no condition is there twice under two names.

    Raises:
        SuiteError: If a factor or level is unknown, or a chosen level applies in no condition.
    """
    if not experiment.applies_to(scenario):
        _reject(scenario, experiment)
    chosen = chosen or {}
    found: list[Condition] = []
    for arm in experiment.arms:
        surroundings = {name: (level,) for name, level in scenario.about.twin.items()} if arm == "twin" else {}
        found += _crossed(scenario, {**surroundings, **experiment.grid_of(scenario.name), **chosen})
    _reject_idle(scenario, chosen, found)
    _reject_senseless(scenario, found)
    return list(dict.fromkeys(found))


def _reject(scenario: Scenario, experiment: Experiment) -> None:
    if not experiment.scenarios or scenario.name in experiment.scenarios:
        for name, levels in experiment.grid_of(scenario.name).items():
            scenario.reject_absent(name, levels)
    valid = ", ".join(experiment.scenarios) or "scenarios with its factors and levels"
    raise SuiteError(f"experiment {experiment.experiment} does not apply to {scenario.name}; it applies to {valid}")


def _crossed(scenario: Scenario, grid: Grid) -> list[Condition]:
    levels = {name: [factor.about.default] for name, factor in scenario.factors.items()}
    for name, values in grid.items():
        scenario.reject_absent(name, values)
        if name not in scenario.factors:
            raise unknown(f"factor of {scenario.name}", name, list(scenario.factors))
        levels[name] = list(dict.fromkeys(scenario.factors[name].canonical(value) for value in values))
    if prod(map(len, levels.values())) > MOST:
        raise SuiteError(
            f"the grid has {prod(map(len, levels.values())):,} conditions; at most {MOST:,} are run together"
        )
    combinations = product(*levels.values())
    return [build_condition(scenario, dict(zip(levels, combination, strict=True))) for combination in combinations]


def build_condition(scenario: Scenario, levels: Mapping[str, str]) -> Condition:
    """Make a condition of canonical levels, switching off what does not apply.

    Args:
        scenario: The scenario.
        levels: A level for each of its factors.
    """
    settled = dict(levels)
    for name, factor in scenario.factors.items():
        if any(levels[other] not in allowed for other, allowed in factor.about.requires.items()):
            settled[name] = NOT_APPLICABLE
    shown = [
        about.label.format(level=level)
        for about, level in ((scenario.factors[name].about, level) for name, level in settled.items())
        if about.in_id == "always" or level not in (about.default, NOT_APPLICABLE)
    ]
    return Condition(id="-".join(shown), levels=tuple(settled.items()))


def _reject_idle(scenario: Scenario, chosen: Grid, found: Sequence[Condition]) -> None:
    for name, levels in chosen.items():
        used = {condition.level(name) for condition in found}
        for level in map(scenario.factors[name].canonical, levels):
            if level not in used:
                needs = "; ".join(
                    f"{other}={' or '.join(allowed)}"
                    for other, allowed in scenario.factors[name].about.requires.items()
                )
                raise SuiteError(f"{name}={level} does not apply here: it needs {needs}")


def _reject_senseless(scenario: Scenario, found: Sequence[Condition]) -> None:
    for condition in found:
        for name, factor in scenario.factors.items():
            for member in condition.members(name):
                needs = factor.levels[member].requires if member in factor.levels else {}
                for other, allowed in needs.items():
                    if other in scenario.factors and condition.level(other) not in allowed:
                        raise SuiteError(
                            f"{name}={member} does not apply with {other}={condition.level(other)}: "
                            f"it needs {other}={' or '.join(allowed)}"
                        )
