"""Experiments: declared sets of conditions with a question."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.condition import NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.data import datasets, load, names
from agentic_misalignment.scenarios.scenario import Scenario

Grid = Mapping[str, Sequence[str]]
"""Factor to the levels that are crossed."""


def _grid(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        factor: tuple(map(str, levels)) if isinstance(levels, list) else (str(levels),)
        for factor, levels in value.items()
    }


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

    grid: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_grid)] = {}
    seeds: int = Field(default=4, ge=1)


def experiment_names() -> tuple[str, ...]:
    """Return the names of all experiments."""
    return tuple(names(datasets() / "experiments"))


@cache
def experiment(name: str) -> Experiment:
    """Read an experiment.

    Raises:
        SuiteError: If there is no such experiment or its file is broken.
    """
    if name not in experiment_names():
        raise unknown("experiment", name, experiment_names())
    path = datasets() / "experiments" / f"{name}.yaml"
    found = load(path, Experiment)
    if found.experiment != name:
        raise unknown("experiment", found.experiment, [name], where=str(path))
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
    chosen = chosen or {}
    levels = {name: [factor.about.default] for name, factor in scenario.factors.items()}
    for name, values in {**experiment.grid, **chosen}.items():
        if name not in scenario.factors:
            raise unknown(f"factor of {scenario.name}", name, list(scenario.factors))
        levels[name] = list(dict.fromkeys(scenario.factors[name].canonical(value) for value in values))
    crossed = (
        build_condition(scenario, dict(zip(levels, combination, strict=True)))
        for combination in product(*levels.values())
    )
    found = list(dict.fromkeys(crossed))
    _reject_idle(scenario, {name: levels[name] for name in chosen}, found)
    return found


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
        for level in levels:
            if level not in used:
                needs = "; ".join(
                    f"{other}={' or '.join(allowed)}"
                    for other, allowed in scenario.factors[name].about.requires.items()
                )
                raise SuiteError(f"{name}={level} does not apply here: it needs {needs}")
