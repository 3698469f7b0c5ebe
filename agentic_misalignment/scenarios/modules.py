"""Modules: groups of factors that share lines. Factors of different modules never touch the same line.

A condition's text is the sum of its modules' lines, so checking every condition of each module, with the other
factors at their default, checks every condition of the scenario.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from agentic_misalignment.scenarios.condition import JOIN, Condition
from agentic_misalignment.scenarios.experiment import build_condition
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.text import variables
from agentic_misalignment.scenarios.world import Part, World


def modules(scenario: Scenario, world: World) -> list[tuple[str, ...]]:
    """Return the factors in groups, each factor once, in the factors' order.

    Args:
        scenario: The scenario.
        world: One of its worlds.
    """
    groups = [{name} for name in scenario.factors]
    for together in _touching(scenario, world):
        meeting = [group for group in groups if group & together]
        apart = [group for group in groups if not group & together]
        groups = [*apart, set().union(*meeting)] if meeting else apart
    order = list(scenario.factors)
    return sorted((tuple(sorted(group, key=order.index)) for group in groups), key=lambda group: order.index(group[0]))


def module_conditions(scenario: Scenario, module: Iterable[str]) -> list[Condition]:
    """Return every condition over a module's factors, each once; the other factors stand at their default.

    Args:
        scenario: The scenario.
        module: Names of factors. Of a set factor: none, each member, and all members.
    """
    inside = set(module)
    levels = {
        name: _levels(scenario, name) if name in inside else [factor.about.default]
        for name, factor in scenario.factors.items()
    }
    crossed = (dict(zip(levels, each, strict=True)) for each in product(*levels.values()))
    return list(dict.fromkeys(build_condition(scenario, each) for each in crossed))


def _levels(scenario: Scenario, name: str) -> list[str]:
    factor = scenario.factors[name]
    if factor.about.kind == "one":
        return list(factor.levels)
    members = [level for level in factor.levels if level != "none"]
    return ["none", *members, *([JOIN.join(members)] if len(members) > 1 else [])]


def _touching(scenario: Scenario, world: World) -> Iterator[set[str]]:
    """Yield sets of factors that decide about one line, or of which one switches the other off."""
    for name, factor in scenario.factors.items():
        yield {name, *(other for other in factor.about.requires if other in scenario.factors)}
        for level in factor.levels.values():
            yield from ({name, *_named(scenario, text)} for text in level.inserts.values())
    for mail, _ in world.all_mails():
        yield from _in_parts(scenario, mail.subject, mail.when, mail.body)
    for arrival in world.arrivals:
        yield from _in_parts(scenario, arrival.subject, arrival.when, arrival.body)


def _in_parts(
    scenario: Scenario, subject: str, when: Mapping[str, object], parts: Iterable[Part]
) -> Iterator[set[str]]:
    yield {*when, *_named(scenario, subject)}
    for part in parts:
        yield {*when, *part.when, *(name for text in part.texts for name in _named(scenario, text))}


def _named(scenario: Scenario, text: str) -> set[str]:
    used = variables(text)
    return {factor for name, factor in scenario.variables.items() if name in used}
