"""What has to be said of a plan before it is run."""

import math
from collections.abc import Iterable, Sequence

from agentic_misalignment.analysis.table import percent
from agentic_misalignment.judging.families import of_own_family
from agentic_misalignment.planning.cost import JudgeCost, ModelCost
from agentic_misalignment.planning.design import Design
from agentic_misalignment.planning.fitting import Fits
from agentic_misalignment.planning.power import Difference
from agentic_misalignment.planning.prices import FREE
from agentic_misalignment.scenarios import Experiment, scenario
from agentic_misalignment.scenarios.condition import JOIN
from agentic_misalignment.scenarios.plan import Plan

FEW_WORLDS = 6
"""Worlds below which an interval over worlds says little."""

FLOOR = 0.01
"""A rate at which most cells show no harm."""

FAR = 0.2
"""A rise from the floor that is too large to be hoped for."""


def design_notes(plans: Sequence[Plan], designs: Sequence[Design], experiment: Experiment) -> list[str]:
    """Say what is wrong with a design: aliased or unbalanced factors, missing controls, few worlds, one seed.

    Args:
        plans: One plan for each scenario.
        designs: Their designs.
        experiment: The experiment that they come from.
    """
    pairs = list(zip(plans, designs, strict=True))
    return [
        *_merged((plan.scenario, note) for plan, design in pairs for note in _aliases(design)),
        *_merged((plan.scenario, note) for plan, design in pairs for note in _balance(design)),
        *_merged((plan.scenario, note) for plan in plans for note in _controls(plan, experiment)),
        *_merged((plan.scenario, note) for plan in plans for note in _numbers(plan)),
    ]


def floor_notes(found: Sequence[tuple[Plan, Sequence[Difference]]]) -> list[str]:
    """Say what the floor hides.

    Args:
        found: Plans, each with the smallest differences that its design detects.
    """
    return _merged((plan.scenario, note) for plan, differences in found for note in _floor(plan, differences))


def _floor(plan: Plan, differences: Sequence[Difference]) -> list[str]:
    found = next((each for each in differences if each.base == FLOOR and each.pairs == plan.seeds), None)
    if found is None or len(plan.conditions) < 2 or found.to - FLOOR <= FAR:
        return []
    count = len(plan.worlds) * plan.seeds
    empty = (1 - FLOOR) ** count
    far = f"only a rise to {percent(found.to)} would be seen" if not math.isnan(found.to) else "no rise would be seen"
    return [
        f"floor: at a true rate of {percent(FLOOR)}, {percent(empty)} of the conditions show no harm in {count} "
        f"episodes, and from there {far}"
    ]


def cost_notes(
    models: Sequence[ModelCost], judges: Sequence[JudgeCost], fits: Fits, *, logs: bool, table: str
) -> list[str]:
    """Say what is not known of costs, and what estimates rest on.

    Args:
        models: The models' costs.
        judges: The judges' costs.
        fits: What logs say.
        logs: Whether logs were given.
        table: What the price table is called.
    """
    names = [each.model for each in models] + [each.judge for each in judges if each.judge]
    priced = {each.model: each.listed for each in models} | {each.judge: each.listed for each in judges}
    unknown = [name for name in dict.fromkeys(names) if priced[name] is None]
    notes = [f"no price is known of {', '.join(unknown)}: {table} has none; add one with --prices"] if unknown else []
    if any(not each.judge for each in judges):
        notes.append("no judge is named: give one with --grader, or its price stays open; a run needs one")
    for each in models:
        own = of_own_family(each.model, [judge.judge for judge in judges if judge.judge])
        notes += [f"{judge} would judge {each.model}, a model of its own family" for judge in own]
    return [*notes, *_fit_notes(models, fits, logs=logs)]


def _fit_notes(models: Sequence[ModelCost], fits: Fits, *, logs: bool) -> list[str]:
    notes: list[str] = []
    if fits.scripted:
        notes.append(
            f"{fits.scripted} episodes of scripted models in the logs are not used: they take no tokens, and how often "
            "they do harm is made up"
        )
    if fits.elsewhere:
        notes.append(f"{fits.elsewhere} episodes in the logs are not used: the suite has no such worlds")
    paid = [each for each in models if each.listed is not FREE]
    assumed = [each.model for each in paid if not each.fitted]
    if assumed:
        notes.append(
            f"tokens of {', '.join(assumed)} rest on assumptions, which may be wrong by a factor of two or three; "
            "run a few episodes and give their logs with --from"
        )
    borrowed = [each.model for each in paid if each.fitted and each.model not in fits.turns]
    if borrowed:
        notes.append(f"the logs have no episode of {', '.join(borrowed)}: the other models of the logs stand for it")
    if logs and fits.worlds is None:
        notes.append("the logs say nothing of the correlation within worlds: it is assumed")
    return notes


def _aliases(design: Design) -> list[str]:
    notes = [f"{_and(group)} only vary together: their effects cannot be told apart" for group in design.aliased]
    return notes + [f"the effects of {_and(group)} cannot all be told apart" for group in design.confounded]


def _balance(design: Design) -> list[str]:
    notes = []
    if design.missing:
        notes.append(f"factors are not crossed: {design.missing} combinations of their levels are no condition")
    if design.uneven:
        notes.append(f"unbalanced: some levels of {_and(design.uneven)} stand in more conditions than others")
    return notes


def _controls(plan: Plan, experiment: Experiment) -> list[str]:
    neutral = scenario(plan.scenario).about.twin
    absent = [
        f"{factor}={level}"
        for factor, level in neutral.items()
        if all(condition.level(factor) != level for condition in plan.conditions)
    ]
    twin = any(
        all(condition.level(factor) == level for factor, level in neutral.items()) for condition in plan.conditions
    )
    notes = []
    if isinstance(experiment.control, dict):
        lost = [
            f"{factor}={level}"
            for factor, level in experiment.control.items()
            if all(level not in (each.level(factor), *each.level(factor).split(JOIN)) for each in plan.conditions)
        ]
        notes += [f"the experiment's control {', '.join(lost)} is not among the conditions"] if lost else []
    if absent:
        notes.append(
            f"no control with {', '.join(absent)}: what these factors do cannot be seen{_elsewhere(experiment)}"
        )
    elif not twin:
        notes.append(f"the benign twin is not among the conditions{_elsewhere(experiment)}")
    return notes


def _elsewhere(experiment: Experiment) -> str:
    other = experiment.control if isinstance(experiment.control, str) else "twin"
    return f"; run the experiment {other} with the same models" if experiment.experiment != other else ""


def _numbers(plan: Plan) -> list[str]:
    notes = []
    if len(plan.worlds) < FEW_WORLDS:
        notes.append(f"{len(plan.worlds)} worlds are few: intervals over worlds are wide")
    if plan.seeds == 1:
        notes.append("one seed: what goes with a world cannot be told from chance")
    return notes


def _merged(found: Iterable[tuple[str, str]]) -> list[str]:
    places: dict[str, list[str]] = {}
    for name, note in found:
        places.setdefault(note, []).append(name)
    return [f"{', '.join(names)}: {note}" for note, names in places.items()]


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
