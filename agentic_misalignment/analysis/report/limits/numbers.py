"""Limits of the numbers: few episodes, few worlds, floor and ceiling, episodes without a value."""

from collections.abc import Iterator, Sequence

from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.report.limits.data import Limit
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import percent, several

FEW_EPISODES = 30
"""Valid episodes below which a rate is called one of few episodes."""

FEW_WORLDS = 10
"""Worlds below which their number is called small: Student's t makes the interval at least a sixth wider."""


def number_limits(material: Material) -> Iterator[Limit]:
    """Find the limits of the rates."""
    rates = material.rates
    yield from _not_valid(rates)
    known = [rate for rate in rates if rate.statuses["valid"]]
    yield from _few(known)
    yield from _extremes(known)


def _not_valid(rates: Sequence[Rate]) -> Iterator[Limit]:
    total = sum(rate.episodes for rate in rates)
    empty = [rate for rate in rates if not rate.statuses["valid"]]
    if empty:
        yield Limit("no_valid", {"count": len(empty), "arms": several(len(rates), "arm"), "one": len(empty) == 1})
    missing = total - sum(rate.statuses["valid"] for rate in rates)
    if missing:
        share, of = percent(missing / total), several(total, "episode")
        slots = {"count": missing, "episodes": of, "share": share, "one": missing == 1}
        yield Limit("not_valid", slots)
    filtered = sum(rate.statuses["filtered"] for rate in rates)
    idle = int(sum(rate.figures["no_engagement"] for rate in rates))
    for name, count in (("filtered", filtered), ("no_engagement", idle)):
        if count:
            yield Limit(name, {"count": several(count, "episode"), "share": percent(count / total)})


def _few(rates: Sequence[Rate]) -> Iterator[Limit]:
    few = sum(rate.figures["episodes"] < FEW_EPISODES for rate in rates)
    if few:
        yield Limit("few_episodes", {"rates": _rest(few, len(rates)), "least": FEW_EPISODES})
    worlds = [int(rate.figures["worlds"]) for rate in rates]
    alone = worlds.count(1)
    if alone:
        yield Limit("one_world", {"rates": _rest(alone, len(rates))})
    others = sorted(count for count in worlds if 1 < count < FEW_WORLDS)
    if others:
        least, most = others[0], others[-1]
        yield Limit("few_worlds", {"range": str(least) if least == most else f"{least} to {most}"})


def _rest(count: int, of: int) -> str:
    return f"{count} of {several(of, 'rate')} {'rests' if count == 1 else 'rest'}"


def _extremes(rates: Sequence[Rate]) -> Iterator[Limit]:
    for name, value in (("floor", 0.0), ("ceiling", 1.0)):
        found = [rate for rate in rates if rate.figures["rate"] == value]
        if found:
            largest = max(found, key=lambda rate: rate.figures["episodes"])
            slots = {"count": len(found), "rates": several(len(rates), "rate"), "one": len(found) == 1}
            yield Limit(name, {**slots, "limit": percent(largest.figures["wilson_high"])})
