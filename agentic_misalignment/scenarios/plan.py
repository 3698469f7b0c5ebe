"""Planning: task parameters become a list of episodes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.experiment import conditions, experiment
from agentic_misalignment.scenarios.pack import PUBLIC_SEEDS, check_pack, read_pack
from agentic_misalignment.scenarios.scenario import scenario, scenario_names

ALL = "all"
"""All worlds of a scenario."""


class Plan(BaseModel):
    """The episodes of a run, by their coordinates: world, condition and seed, in this order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    experiment: str
    worlds: tuple[str, ...]
    conditions: tuple[Condition, ...]
    seeds: int
    pack: str = ""
    """Path of a private pack, which brings seeds and names."""

    left_out: int = 0
    """Episodes of the last seed that are left out, so that there are as many as were asked for."""

    def coordinates(self) -> Iterator[tuple[str, Condition, int]]:
        """Yield world, condition and seed of each episode."""
        first = read_pack(self.pack).seed if self.pack else 1
        last = [(world, condition) for world in self.worlds for condition in self.conditions]
        short = set(last[len(last) - self.left_out :])
        for world, condition in last:
            for seed in range(first, first + self.seeds - ((world, condition) in short)):
                yield world, condition, seed


def make_plan(
    scenario_name: str,
    *,
    experiment_name: str = "headline",
    worlds: Any = ALL,
    seeds: Any = None,
    episodes: Any = None,
    pack: str | None = None,
    factors: Mapping[str, Any] | None = None,
) -> Plan:
    """Read task parameters, as they come from a command line.

    Args:
        scenario_name: The scenario.
        experiment_name: An experiment.
        worlds: Names, separated by commas or as a list, or `all`.
        seeds: How many seeds; the experiment's number for `None`.
        episodes: How many episodes in all, in place of `seeds`: as many in each world and condition as can be.
        pack: Path of a private pack; without it the public seeds and names.
        factors: Levels by factor, separated by commas or as a list.

    Raises:
        SuiteError: If a name, level or number is not valid; with the valid ones.
    """
    found, declared = scenario(scenario_name), experiment(str(experiment_name))
    parameters = ["experiment", "worlds", "seeds", "pack", *found.factors]
    chosen = {name: listed(value) for name, value in (factors or {}).items()}
    for name, levels in chosen.items():
        found.reject_absent(name)
        if name not in found.factors:
            raise unknown("parameter", name, parameters)
        if not levels:
            raise SuiteError(f"{name}: no level given; valid: {', '.join(found.factors[name].levels)}")
    names = tuple(dict.fromkeys(listed(worlds)))
    names = found.worlds if names == (ALL,) else names
    if not names:
        raise SuiteError(f"worlds: no world given; valid: {ALL}, {', '.join(found.worlds)}")
    for name in names:
        if name not in found.worlds:
            raise unknown("world", name, found.worlds)
    if pack:
        check_pack(read_pack(pack), found)
    chosen_conditions = tuple(conditions(found, declared, chosen))
    cells = len(names) * len(chosen_conditions)
    total = None if episodes is None else _count(episodes, "episodes", "how many episodes in all")
    if total is not None and total < cells:
        raise SuiteError(f"episodes={total}: expected at least {cells}, one in each world and condition")
    number = declared.seeds if seeds is None else _count(seeds, "seeds", "how many seeds in each world and condition")
    return Plan(
        scenario=scenario_name,
        experiment=declared.experiment,
        worlds=names,
        conditions=chosen_conditions,
        seeds=number if total is None else -(-total // cells),
        pack=str(Path(pack).resolve()) if pack else "",
        left_out=0 if total is None else -total % cells,
    )


def make_suite(
    experiment_name: str,
    *,
    scenarios: Any = ALL,
    seeds: Any = None,
    pack: str | None = None,
    factors: Mapping[str, Any] | None = None,
) -> list[Plan]:
    """Plan an experiment in several scenarios, in all their worlds.

    Args:
        experiment_name: An experiment.
        scenarios: Names, separated by commas or as a list, or `all` that the experiment applies to.
        seeds: See `make_plan`.
        pack: See `make_plan`.
        factors: See `make_plan`.

    Raises:
        SuiteError: If a name, level or number is not valid; with the valid ones.
    """
    declared = experiment(str(experiment_name))
    chosen = list(dict.fromkeys(listed(scenarios)))
    if chosen == [ALL]:
        chosen = [name for name in scenario_names() if declared.applies_to(scenario(name))]
    if not chosen:
        raise SuiteError(f"scenarios: none given; valid: {ALL}, {', '.join(scenario_names())}")
    return [
        make_plan(name, experiment_name=experiment_name, seeds=seeds, pack=pack, factors=factors) for name in chosen
    ]


def listed(value: Any) -> list[str]:
    """Return a parameter's values: `a,b`, a list, or a single number."""
    values: Sequence[Any] = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [part.strip() for each in values for part in str(each).split(",") if part.strip()]


def _count(value: Any, name: str, meaning: str) -> int:
    text = str(value).strip()
    if not text.isdecimal() or not 1 <= int(text) <= PUBLIC_SEEDS:
        raise SuiteError(f"{name}={value}: expected a whole number from 1 to {PUBLIC_SEEDS}: {meaning}")
    return int(text)
