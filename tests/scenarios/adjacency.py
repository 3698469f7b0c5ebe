"""Which conditions are neighbours, and which lines two neighbours must have in common."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from agentic_misalignment.scenarios.condition import JOIN, NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.experiment import build_condition
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.text import Line

Pair = tuple[Condition, Condition]
Shown = tuple[tuple[str, str], ...]
"""Place and text of lines."""

Sheet = tuple[Line, ...]
"""A prompt or a mail."""


def every_level(scenario: Scenario, name: str) -> list[str]:
    """Every level of a factor; for a set factor every combination of its members."""
    factor = scenario.factors[name]
    if factor.about.kind == "one":
        return list(factor.levels)
    members = [level for level in factor.levels if level != "none"]
    sizes = range(1, len(members) + 1)
    return ["none", *(JOIN.join(chosen) for size in sizes for chosen in combinations(members, size))]


def grid(scenario: Scenario, names: Iterable[str]) -> list[Condition]:
    """Every condition over these factors, each once; the other factors stand at their default."""
    crossed = {name: every_level(scenario, name) for name in names}
    levels = {name: crossed.get(name, [factor.about.default]) for name, factor in scenario.factors.items()}
    combined = (dict(zip(levels, each, strict=True)) for each in product(*levels.values()))
    return list(dict.fromkeys(build_condition(scenario, each) for each in combined))


def differing(pair: Pair) -> frozenset[str]:
    """The factors whose levels differ, those that become n/a with them."""
    one, other = (dict(condition.levels) for condition in pair)
    return frozenset(name for name in one if one[name] != other[name])


def chosen_difference(pair: Pair) -> frozenset[str]:
    """The factors that an experimenter has set differently: `n/a` is nobody's choice."""
    return frozenset(
        name for name in differing(pair) if NOT_APPLICABLE not in (pair[0].level(name), pair[1].level(name))
    )


def adjacent_pairs(scenario: Scenario, conditions: Sequence[Condition]) -> Iterator[Pair]:
    """Yield every two conditions that differ in exactly one chosen factor."""
    for name in scenario.factors:
        # Neighbours by this factor share all levels but its own and those of factors that it may switch off.
        loose = {name, *(other for other, factor in scenario.factors.items() if name in factor.about.requires)}
        groups = defaultdict(list)
        for condition in conditions:
            groups[tuple(level for factor, level in condition.levels if factor not in loose)].append(condition)
        for group in groups.values():
            yield from (pair for pair in combinations(group, 2) if chosen_difference(pair) == {name})


def common(lines: Iterable[Line], factors: frozenset[str]) -> Shown:
    """Place and text of the lines that belong to none of the factors, blank lines apart."""
    return tuple((line.place, line.text) for line in lines if line.text.strip() and not line.factors & factors)


def breaches(pairs: Iterable[Pair], sheets: Mapping[str, Sequence[Sheet]]) -> Iterator[str]:
    """Yield each pair whose lines differ although they belong to none of the factors that differ.

    Args:
        pairs: Pairs of conditions.
        sheets: The prompts and mails of each condition, by its id. A mail that two conditions share is one object,
            and is looked at once.
    """
    kept: dict[tuple[int, frozenset[str]], Shown] = {}

    def of(sheet: Sheet, factors: frozenset[str]) -> Shown:
        key = (id(sheet), factors)
        if key not in kept:
            kept[key] = common(sheet, factors)
        return kept[key]

    for pair in pairs:
        factors = differing(pair)
        one, other = ([shown for sheet in sheets[each.id] if (shown := of(sheet, factors))] for each in pair)
        if one != other:
            odd = sorted({line for each in one for line in each} ^ {line for each in other for line in each})
            yield f"{pair[0].id} and {pair[1].id}: {odd[:2] or 'the same lines in another order'}"
