"""Limits of the design: what was compared with what, and what the worlds are."""

from collections import defaultdict
from collections.abc import Iterator

from agentic_misalignment.analysis.beliefs import SCORE as BELIEF
from agentic_misalignment.analysis.rates import newest_score
from agentic_misalignment.analysis.report.limits.data import Limit
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import several
from agentic_misalignment.figures import WORLD
from agentic_misalignment.lynch2025.episode import WORLD as PUBLISHED

_NOT_SHOWN = ("hidden", "summarised")
_ALPHA = 0.05


def design_limits(material: Material) -> Iterator[Limit]:
    """Find the limits of the design."""
    metadata = [episode.sample.metadata for episode in material.episodes]
    if _unequal(material):
        yield Limit("unequal_design")
    if _repeated(material):
        yield Limit("repeated_epochs")
    contrasts = [each for each in material.contrasts if each.difference == each.difference]
    if len(contrasts) > 1:
        expected = f"{_ALPHA * len(contrasts):.1f}"
        yield Limit("many_contrasts", {"count": several(len(contrasts), "contrast"), "expected": expected})
    yield from _beliefs(material)
    stopped = [rate for rate in material.rates if rate.stopped_at is not None]
    if stopped:
        yield Limit("stopped", {"rates": several(len(stopped), "rate rests", "rates rest")})
    if any(each.get("exit") == "send_approval" for each in metadata):
        yield Limit("held_messages")
    if not all((log.header.eval.metadata or {}).get("pack_hash") for log in material.logs):
        yield Limit("public_worlds")
    if any(each.get(WORLD) != PUBLISHED for each in metadata):
        yield Limit("not_comparable")
    yield Limit("fictional")


def _repeated(material: Material) -> bool:
    """Tell whether some episodes that are pooled have one world and seed: of several epochs, or of a run made again."""
    cells = [
        [(each.sample.metadata[WORLD], each.sample.metadata.get("seed")) for each in group]
        for group in material.groups.values()
    ]
    return any(len(set(own)) < len(own) for own in cells)


def _unequal(material: Material) -> bool:
    run: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for group, episodes in material.groups.items():
        run[group.model] |= {(group.scenario, group.condition, str(each.sample.metadata[WORLD])) for each in episodes}
    return len({frozenset(cells) for cells in run.values()}) > 1


def _beliefs(material: Material) -> Iterator[Limit]:
    stated = [table for table in material.beliefs if table.figures["real_episodes"] and table.figures["test_episodes"]]
    if stated:
        yield Limit("beliefs_observed")
    shown = [
        (score.metadata or {}).get("reasoning")
        for each in material.episodes
        if (score := newest_score(each.sample, BELIEF))
    ]
    hidden = sum(each in _NOT_SHOWN for each in shown)
    if hidden:
        yield Limit("hidden_reasoning", {"count": several(hidden, "episode")})
