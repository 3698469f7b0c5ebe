"""What a run can show, as text: intervals, differences, and the seeds that are needed."""

import math
from collections.abc import Callable, Iterable, Sequence

from agentic_misalignment.analysis.table import aligned, interval, percent
from agentic_misalignment.planning.intervals import SeedsNeeded
from agentic_misalignment.planning.power import DRAWS, MOST_SEEDS, TARGET, Difference, SeedsDetecting, monte_carlo_error
from agentic_misalignment.planning.run import BASES, RATES, RunPlan, ScenarioPlan

Row = tuple[str, ...]


def telling_blocks(plan: RunPlan) -> list[list[str]]:
    """Write what a run can show, each block with its title.

    Args:
        plan: The plan.
    """
    return [_intervals(plan), _differences(plan), _precision(plan), _detect(plan)]


def _intervals(plan: RunPlan) -> list[str]:
    heading = ("scenario", "", *map(percent, RATES))
    return [
        "95 % interval of one condition, by true rate",
        "",
        *aligned([heading, *_alike(plan.scenarios, _interval_rows)]),
        "",
        _correlation(plan),
    ]


def _alike(scenarios: Iterable[ScenarioPlan], rows: Callable[[ScenarioPlan], Sequence[Row]]) -> list[Row]:
    """Return rows by scenario; scenarios with the same rows share them."""
    names: dict[tuple[Row, ...], list[str]] = {}
    for each in scenarios:
        names.setdefault(tuple(rows(each)), []).append(each.plan.scenario)
    return [
        (", ".join(having) if number == 0 else "", *row)
        for found, having in names.items()
        for number, row in enumerate(found)
    ]


def _interval_rows(each: ScenarioPlan) -> list[Row]:
    return [
        ("Wilson", *(interval(*found.wilson) for found in each.intervals)),
        ("over worlds", *(interval(*found.clustered) for found in each.intervals)),
    ]


def _correlation(plan: RunPlan) -> str:
    known = plan.correlation_from
    basis = "given" if known is None else f"estimated on {known:,} episodes of logs" if known else "assumed"
    return f"Correlation of outcomes within a world: {plan.correlation:.2f} ({basis})."


def _differences(plan: RunPlan) -> list[str]:
    compared = [each for each in plan.scenarios if each.differences]
    if not compared:
        return []
    heading = ("scenario", "compared", "pairs in a world", *(f"from {percent(base)}" for base in BASES))
    error = monte_carlo_error(TARGET)
    return [
        f"Smallest rise that is detected with a power of {percent(TARGET)}, paired by world and seed, over worlds",
        "",
        *aligned([heading, *_alike(compared, _difference_rows)]),
        "",
        f"Simulated, {DRAWS:,} runs for each power: its Monte-Carlo standard error is {100 * error:.1f} points.",
    ]


def _difference_rows(each: ScenarioPlan) -> list[Row]:
    by_pairs: dict[int, list[Difference]] = {}
    for difference in each.differences:
        by_pairs.setdefault(difference.pairs, []).append(difference)
    return [(_compared(each, pairs), str(pairs), *map(_rise, found)) for pairs, found in by_pairs.items()]


def _compared(each: ScenarioPlan, pairs: int) -> str:
    behind = pairs // each.plan.seeds
    if behind == 1:
        return "two conditions"
    return f"two levels of {', '.join(factor for factor, count in each.design.others.items() if count == behind)}"


def _rise(difference: Difference) -> str:
    return "-" if math.isnan(difference.to) else f"to {percent(difference.to)}"


def _precision(plan: RunPlan) -> list[str]:
    if plan.half_width is None:
        return []
    heading = ("scenario", "", *map(percent, RATES))
    points = f"{100 * plan.half_width:g}"
    return [
        f"Seeds in each world for a half-width of {points} points, by true rate",
        "",
        *aligned([heading, *_alike(plan.scenarios, _seed_rows)]),
    ]


def _seed_rows(each: ScenarioPlan) -> list[Row]:
    single = [f"{found.wilson:,}" if found.wilson else "-" for found in each.precision]
    return [("Wilson", *single), ("over worlds", *map(_over_worlds, each.precision))]


def _over_worlds(found: SeedsNeeded) -> str:
    if found.clustered:
        return f"{found.clustered:,}"
    return "-" if math.isnan(found.limit) else f"- (at best {100 * found.limit:.1f})"


def _detect(plan: RunPlan) -> list[str]:
    if plan.detect is None:
        return []
    first, second = (f"{100 * rate:g} %" for rate in plan.detect)
    heading = ("scenario", "seeds in each world", "power with them", "power as planned")
    return [
        f"Seeds in each world that tell {first} from {second} in two conditions with a power of {percent(TARGET)}",
        "",
        *aligned([heading, *_alike(plan.scenarios, lambda each: [_detected(each.detect)] if each.detect else [])]),
    ]


def _detected(each: SeedsDetecting) -> Row:
    if each.seeds is None:
        return "none is enough", f"{percent(each.power)} with {MOST_SEEDS:,}", percent(each.now)
    return f"{each.seeds:,}", percent(each.power), percent(each.now)
