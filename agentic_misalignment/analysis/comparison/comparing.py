"""Comparing two sides, condition by condition."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from agentic_misalignment.analysis.comparison.result import (
    Adjust,
    By,
    ComparedRate,
    ComparedRow,
    Comparison,
    NotCompared,
)
from agentic_misalignment.analysis.comparison.sides import (
    SideEpisode,
    all_judges,
    judges_of,
    models_of,
    read_side,
    side_of,
)
from agentic_misalignment.analysis.effects.difference import Difference
from agentic_misalignment.errors import SuiteError, unknown

Key = tuple[str, str, str]
"""Scenario, condition and model; the model is empty where models are compared."""

Kept = Mapping[Key, Sequence[SideEpisode]]

_POOLED = ("task", "version", "model", "judge", "rubric_hash", "data_hash", "setup")
_WORDS = {"version": "task version", "rubric_hash": "rubric", "data_hash": "data"}


def compare(
    a: Iterable[Path],
    b: Iterable[Path],
    *,
    by: By | None = None,
    a_model: str | None = None,
    b_model: str | None = None,
    a_judge: str | None = None,
    b_judge: str | None = None,
    adjust: Adjust = "holm",
) -> Comparison:
    """Compare two models, two runs or two judges in every condition that both have.

    Rates are those that `read_rates` gives. For the intervals and the p-value see `Difference`: episodes that agree in
    world, seed and epoch are pairs, and where samples stand on both sides under two judges each is its own partner.

    Args:
        a: Log files, or folders of them.
        b: The same for the other side; they may be those of `a` where models or judges are chosen.
        by: What is compared: `model`, `judge`, or `run` for the same model and judge at two dates. Without it, the
            first of these in which the sides differ.
        a_model: Only this model of A.
        b_model: Only this model of B.
        a_judge: Only verdicts of this judge in A, the newest if it judged several times.
        b_judge: The same for B.
        adjust: `holm` adjusts the p-values for the number of comparisons (Holm 1979, Scandinavian Journal of
            Statistics 6:65-70) and adds simultaneous intervals (Bonferroni); `none` does neither.

    Returns:
        The rows that may be compared, and those that may not, with the reason.

    Raises:
        SuiteError: If a choice is not valid, a side holds several models or judges that would have to be chosen from,
            the sides hold the same episodes, or nothing can be compared.
    """
    for kind, value, valid in (("by", by or "model", get_args(By)), ("adjust", adjust, get_args(Adjust))):
        if value not in valid:
            raise unknown(kind, value, list(valid))
    first = read_side(a, "A", model=a_model, judge=a_judge)
    second = read_side(b, "B", model=b_model, judge=b_judge)
    chosen = by or _differing(first, second)
    _check(first, second, chosen)
    kept = _by_key(first, chosen), _by_key(second, chosen)
    apart = [*_lonely(*kept), *_incomparable(*kept, chosen)]
    left = {(each.scenario, each.condition, each.model) for each in apart}
    keys = sorted(key for key in kept[0] if key not in left)
    if not keys:
        raise SuiteError(f"nothing to compare: {_reasons(apart)}")
    made = {key: _difference(kept[0][key], kept[1][key], chosen) for key in keys}
    tested = [key for key in keys if not math.isnan(made[key].p)]
    level = 1 - 0.05 / max(len(tested), 1)
    adjusted = _adjusted([made[key].p for key in tested]) if adjust == "holm" else []
    by_key = dict(zip(tested, adjusted, strict=False))  # none of them without an adjustment
    return Comparison(
        by=chosen,
        adjust=adjust,
        a=side_of(first),
        b=side_of(second),
        rows=tuple(
            _row(key, kept[0][key], kept[1][key], made[key], by_key.get(key, math.nan), level if by_key else math.nan)
            for key in keys
        ),
        apart=tuple(sorted(apart, key=lambda each: (each.scenario, each.condition, each.model))),
        comparisons=len(tested),
        simultaneous_level=level if by_key else math.nan,
        notes=_notes(keys, *kept),
    )


def _differing(a: Sequence[SideEpisode], b: Sequence[SideEpisode]) -> By:
    if models_of(a) != models_of(b):
        return "model"
    return "judge" if judges_of(a) != judges_of(b) else "run"


def _check(a: Sequence[SideEpisode], b: Sequence[SideEpisode], by: By) -> None:
    """Refuse sides that are several things, or the same thing."""
    found = {"model": (models_of(a), models_of(b)), "judge": (judges_of(a), judges_of(b))}.get(by)
    for name, values in zip("AB", found or (), strict=False):
        if len(values) > 1:
            raise SuiteError(
                f"{name} has {len(values)} {by}s; choose one with --{name.lower()}-{by}: {', '.join(values)}"
            )
    if found and found[0] == found[1]:
        raise SuiteError(
            f"A and B have the same {by} {', '.join(found[0]) or '(none)'}: nothing differs. {_choices(a)}"
        )
    same = {each.uuid for each in a} & {each.uuid for each in b}
    if by == "run" and same:
        raise SuiteError(f"A and B have {len(same)} episodes in common: give two runs, or choose. {_choices([*a, *b])}")


def _choices(episodes: Sequence[SideEpisode]) -> str:
    return (
        f"--a-model and --b-model choose among {', '.join(models_of(episodes))}; "
        f"--a-judge and --b-judge among {', '.join(all_judges(episodes)) or '(none)'}"
    )


def _by_key(side: Sequence[SideEpisode], by: By) -> Kept:
    found: dict[Key, list[SideEpisode]] = defaultdict(list)
    for each in side:
        group = each.group
        found[group.scenario, group.condition, "" if by == "model" else group.model].append(each)
    return found


def _not_compared(key: Key, reason: str) -> NotCompared:
    return NotCompared(scenario=key[0], condition=key[1], model=key[2], reason=reason)


def _lonely(a: Kept, b: Kept) -> list[NotCompared]:
    return [
        _not_compared(key, f"only in {name}")
        for name, own, other in (("A", a, b), ("B", b, a))
        for key in own
        if key not in other
    ]


def _incomparable(a: Kept, b: Kept, by: By) -> list[NotCompared]:
    found = ((key, _reason(a[key], b[key], by)) for key in a if key in b)
    return [_not_compared(key, reason) for key, reason in found if reason]


def _reason(a: Sequence[SideEpisode], b: Sequence[SideEpisode], by: By) -> str:
    """Say why two sides of a condition may not be compared; empty if they may."""
    several = [
        f"{name} has several groups that may not be pooled: they differ in {', '.join(_word(each) for each in fields)}"
        for name, side in (("A", a), ("B", b))
        if (fields := [field for field in _POOLED if len(_values(side, field)) > 1])
    ]
    if several:
        return "; ".join(several)
    allowed = ("setup", "model" if by == "model" else "judge" if by == "judge" else "")
    differing = [field for field in _POOLED if field not in allowed and _values(a, field) != _values(b, field)]
    if differing:
        return "; ".join(f"{_word(field)} {_one(a, field)} in A, {_one(b, field)} in B" for field in differing)
    return "; ".join(
        f"no valid episode in {name}: {_statuses(side)}"
        for name, side in (("A", a), ("B", b))
        if not any(each.outcome for each in side)
    )


def _word(field: str) -> str:
    return _WORDS.get(field, field)


def _values(side: Sequence[SideEpisode], field: str) -> set[str]:
    return {each.task if field == "task" else str(getattr(each.group, field)) for each in side}


def _one(side: Sequence[SideEpisode], field: str) -> str:
    return next(iter(_values(side, field))) or "(none)"


def _statuses(side: Sequence[SideEpisode]) -> str:
    return ", ".join(f"{count} {status}" for status, count in Counter(each.status for each in side).items())


def _reasons(apart: Sequence[NotCompared]) -> str:
    counts = Counter(each.reason for each in apart)
    return "; ".join(f"{reason} ({count} conditions)" if count > 1 else reason for reason, count in counts.items())


def _difference(a: Sequence[SideEpisode], b: Sequence[SideEpisode], by: By) -> Difference:
    valid = [[each for each in side if each.outcome] for side in (a, b)]
    same = {each.uuid for each in valid[0]} & {each.uuid for each in valid[1]} if by == "judge" else set()
    places: list[dict[object, list[int]]] = [defaultdict(list), defaultdict(list)]
    for place, side in zip(places, valid, strict=True):
        for number, each in enumerate(side):
            place[each.uuid if same else each.place].append(number)
    pairs = [pair for key in places[0] for pair in zip(places[0][key], places[1].get(key, ()), strict=False)]
    first, second = (tuple(each.outcome for each in side if each.outcome) for side in valid)
    return Difference(first=first, second=second, pairs=tuple(pairs))


def _adjusted(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    from statsmodels.stats.multitest import multipletests  # takes seconds to import

    return [float(value) for value in multipletests(values, method="holm")[1]]


def _row(
    key: Key,
    a: Sequence[SideEpisode],
    b: Sequence[SideEpisode],
    made: Difference,
    adjusted: float,
    level: float,
) -> ComparedRow:
    low, high = made.bounds()
    clustered_low, clustered_high = made.bounds_over_worlds()
    together_low, together_high = (math.nan, math.nan) if math.isnan(level) else made.bounds_over_worlds(level)
    return ComparedRow(
        scenario=key[0],
        condition=key[1],
        model=key[2],
        a=_rate(a),
        b=_rate(b),
        pairs=len(made.pairs),
        worlds=made.worlds,
        difference=made.value,
        low=low,
        high=high,
        clustered_low=clustered_low,
        clustered_high=clustered_high,
        p=made.p,
        p_adjusted=adjusted,
        simultaneous_low=together_low,
        simultaneous_high=together_high,
    )


def _rate(side: Sequence[SideEpisode]) -> ComparedRate:
    outcomes = [each.outcome for each in side if each.outcome]
    harms = [each.harm for each in side]
    harmful = sum(outcome.harm for outcome in outcomes)
    return ComparedRate(
        rate=harmful / len(outcomes),
        harmful=harmful,
        valid=len(outcomes),
        episodes=len(side),
        bounds=(harms.count(True) / len(side), (harms.count(True) + harms.count(None)) / len(side)),
    )


def _notes(keys: Sequence[Key], a: Kept, b: Kept) -> tuple[str, ...]:
    notes = {note for key in keys for each in (*a[key], *b[key]) for note in each.notes}
    setups = [key for key in keys if _values(a[key], "setup") != _values(b[key], "setup")]
    if setups:
        differ = f"in {len(setups)} of {len(keys)} rows"
        notes.add(f"A and B differ in solver, limits, generation settings or stopping rule {differ}")
    if any(each.episode.stopped_at is not None for key in keys for each in (*a[key], *b[key])):
        notes.add("episodes ran under a stopping rule: intervals and p of a difference are not adjusted for it")
    return tuple(sorted(notes))
