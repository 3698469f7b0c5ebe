"""Planning a run: everything that can be said before it."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.planning.assumptions import Assumptions, assumptions
from agentic_misalignment.planning.cost import (
    JudgeCost,
    ModelCost,
    Sized,
    judge_cost,
    judge_loads,
    judging_seconds,
    model_cost,
    sized,
)
from agentic_misalignment.planning.design import Design, design_of
from agentic_misalignment.planning.fitting import Fits, fit_logs
from agentic_misalignment.planning.intervals import ExpectedInterval, SeedsNeeded, expected_interval, seeds_needed
from agentic_misalignment.planning.notes import cost_notes, design_notes, floor_notes
from agentic_misalignment.planning.power import Difference, Paired, SeedsDetecting, seeds_detecting, smallest_difference
from agentic_misalignment.planning.prices import check_models, price_table
from agentic_misalignment.scenarios import experiment, scenario, scenario_names
from agentic_misalignment.scenarios.plan import ALL, Plan, listed, make_plan

RATES = (0.0, 0.01, 0.05, 0.20, 0.50)
"""True rates that intervals are shown for."""

BASES = (0.01, 0.05, 0.20, 0.50)
"""True rates that differences are shown from."""

CONNECTIONS = 20
"""Connections that Inspect begins with."""


class ScenarioPlan(BaseModel):
    """What can be said of one scenario's part of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: Plan
    design: Design
    intervals: tuple[ExpectedInterval, ...]
    """Of one condition."""

    differences: tuple[Difference, ...]
    """Between two conditions, and between two levels over all settings of other factors; none with one condition."""

    precision: tuple[SeedsNeeded, ...]
    """Empty unless a half-width was asked for."""

    detect: SeedsDetecting | None

    @property
    def episodes(self) -> int:
        """Episodes of one model."""
        return len(self.plan.worlds) * len(self.plan.conditions) * self.plan.seeds


class RunPlan(BaseModel):
    """What can be said of a run before it. Nothing is run for it, and no model is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    experiment: str
    question: str
    conduct: str
    connections: int
    scenarios: tuple[ScenarioPlan, ...]
    models: tuple[ModelCost, ...]
    judges: tuple[JudgeCost, ...]
    correlation: float
    """Intra-world correlation that intervals and differences rest on."""

    correlation_from: int | None
    """Episodes of logs that it was estimated on; 0 if it is assumed, `None` if it was given."""

    half_width: float | None
    detect: tuple[float, float] | None
    notes: tuple[str, ...]

    @property
    def episodes(self) -> int:
        """Episodes of all models."""
        return len(self.models) * sum(each.episodes for each in self.scenarios)

    @property
    def price(self) -> float:
        """Price of all models and judges in US dollars; `nan` if one is not known."""
        return sum(each.price for each in self.models) + sum(each.price for each in self.judges)

    @property
    def seconds(self) -> float:
        """Time of the run: models run beside each other, and share the judges."""
        return max([each.seconds for each in self.models] + [each.seconds for each in self.judges])


def plan_run(
    experiment_name: str,
    models: Sequence[str],
    *,
    scenarios: Any = ALL,
    worlds: Any = ALL,
    seeds: Any = None,
    factors: Mapping[str, Any] | None = None,
    graders: Sequence[str] = (),
    conduct: str = ALL,
    connections: int = CONNECTIONS,
    logs: Sequence[Path] = (),
    precision: float | None = None,
    detect: tuple[float, float] | None = None,
    prices: Path | None = None,
    correlation: float | None = None,
    seed: int = 1,
) -> RunPlan:
    """Plan a run of an experiment: size, tokens, price, time, and what it can show.

    Args:
        experiment_name: An experiment.
        models: Models under test, as Inspect names them.
        scenarios: Names, separated by commas or as a list, or `all` that the experiment applies to.
        worlds: Names of worlds, or `all`; a scenario without any of them is left out.
        seeds: How many seeds; the experiment's number for `None`.
        factors: Levels by factor, which take the place of the experiment's.
        graders: Judges; several are a panel.
        conduct: Labels of conduct that are judged, `all` or `none`.
        connections: Model calls at a time, to each model.
        logs: Logs of this suite that turns, tokens and correlation are fitted on.
        precision: Half-width of a 95 % interval, a share, that seeds are looked for.
        detect: Two rates whose difference seeds are looked for.
        prices: YAML file with prices of the user's own.
        correlation: Intra-world correlation; from the logs, else assumed, for `None`.
        seed: Seed of the simulations.

    Raises:
        SuiteError: If a name, level or number is not valid, a file is broken, or logs have no tokens.
    """
    _check_numbers(connections, precision, detect, correlation)
    _check_names(models, graders)
    known, table = assumptions(), price_table(prices)
    plans = _plans(experiment_name, scenarios, worlds, seeds, factors)
    fits = fit_logs(logs, known) if logs else Fits(turns={}, judges=None, worlds=None, scripted=0)
    fitted = fits.worlds if correlation is None else None
    rho = correlation if correlation is not None else fitted.correlation if fitted else known.worlds.correlation
    parts = [sized(plan) for plan in plans]
    judged = [(judge, judge_loads(judge, parts, conduct, known=known, fits=fits)) for judge in graders or ("",)]
    judging = max(judging_seconds(loads, known) for _, loads in judged)
    costs = [
        model_cost(model, parts, judging, known=known, fits=fits, prices=table, connections=connections)
        for model in models
    ]
    judges = [
        judge_cost(judge, parts, len(models), loads=loads, known=known, prices=table, connections=connections)
        for judge, loads in judged
    ]
    each = [_scenario_plan(part, known, rho, precision, detect, seed) for part in parts]
    return RunPlan(
        experiment=plans[0].experiment,
        question=experiment(experiment_name).question,
        conduct=conduct,
        connections=connections,
        scenarios=tuple(each),
        models=tuple(costs),
        judges=tuple(judges),
        correlation=rho,
        correlation_from=fitted.episodes if fitted else 0 if correlation is None else None,
        half_width=precision,
        detect=detect,
        notes=(
            *design_notes(plans, [part.design for part in each], experiment(experiment_name)),
            *floor_notes([(part.plan, part.differences) for part in each]),
            *cost_notes(
                costs, judges, fits, logs=bool(logs), table=f"the table and {prices}" if prices else "the table"
            ),
        ),
    )


def _scenario_plan(
    part: Sized,
    known: Assumptions,
    correlation: float,
    precision: float | None,
    detect: tuple[float, float] | None,
    seed: int,
) -> ScenarioPlan:
    plan, design = part.plan, design_of(part.plan.conditions)
    worlds, seeds = len(plan.worlds), plan.seeds
    pairs = Paired(
        worlds=worlds,
        pairs=seeds,
        correlation=correlation,
        shared=known.worlds.shared,
        pair_correlation=known.worlds.pair_correlation,
        seed=seed,
    )
    several = len(plan.conditions) > 1
    behind = sorted({1, *design.others.values()}) if several else []
    return ScenarioPlan(
        plan=plan,
        design=design,
        intervals=tuple(expected_interval(rate, worlds=worlds, seeds=seeds, correlation=correlation) for rate in RATES),
        differences=tuple(
            smallest_difference(pairs.model_copy(update={"pairs": seeds * count}), base)
            for count in behind
            for base in BASES
        ),
        precision=tuple(
            seeds_needed(precision, rate, worlds=worlds, correlation=correlation) for rate in RATES if precision
        ),
        detect=seeds_detecting(pairs, *detect) if detect else None,
    )


def _plans(name: str, scenarios: Any, worlds: Any, seeds: Any, factors: Mapping[str, Any] | None) -> list[Plan]:
    """Plan each scenario in its own worlds."""
    declared, asked = experiment(name), list(dict.fromkeys(listed(scenarios)))
    names = [each for each in scenario_names() if declared.applies_to(scenario(each))] if asked == [ALL] else asked
    if not names:
        raise SuiteError(f"--scenarios: none given; valid: {ALL}, {', '.join(scenario_names())}")
    wanted = list(dict.fromkeys(listed(worlds)))
    if wanted != [ALL]:
        there = {world for each in names for world in scenario(each).worlds}
        for world in wanted:
            if world not in there:
                raise unknown("world", world, [ALL, *sorted(there)])
    plans = []
    for each in names:
        own = [ALL] if wanted == [ALL] else [world for world in wanted if world in scenario(each).worlds]
        if own:
            plans.append(make_plan(each, experiment_name=name, worlds=own, seeds=seeds, factors=factors))
    if not plans:
        raise SuiteError(f"--worlds: none given; valid: {ALL}, or names of worlds")
    return plans


def _check_names(models: Sequence[str], graders: Sequence[str]) -> None:
    if not models:
        raise SuiteError("--models: none given; name at least one, such as openai/gpt-5")
    check_models(models, where="--models")
    check_models(graders, where="--grader")
    for kind, names in (("--models", models), ("--grader", graders)):
        twice = next((name for name in names if list(names).count(name) > 1), None)
        if twice:
            raise SuiteError(f"{kind}: {twice} stands twice")


def _check_numbers(
    connections: int, precision: float | None, detect: tuple[float, float] | None, correlation: float | None
) -> None:
    if connections < 1:
        raise SuiteError(f"--connections {connections}: expected a whole number from 1 on")
    if precision is not None and not 0 < precision < 0.5:
        raise SuiteError(f"--precision {precision:g}: expected a half-width above 0 and below 0.5, such as 0.05")
    if detect is not None and not all(0 <= rate <= 1 for rate in detect):
        raise SuiteError(f"--detect {detect[0]:g}:{detect[1]:g}: expected two rates from 0 to 1, such as 0.05:0.10")
    if detect is not None and detect[0] == detect[1]:
        raise SuiteError(
            f"--detect {detect[0]:g}:{detect[1]:g}: the two rates are the same; there is nothing to detect"
        )
    if correlation is not None and (math.isnan(correlation) or not 0 <= correlation < 1):
        raise SuiteError(f"--correlation {correlation:g}: expected a number from 0 to below 1")
