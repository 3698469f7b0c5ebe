"""Limits of the instrument: scripted models and judges, one judge, no study."""

from collections.abc import Iterator

from agentic_misalignment.analysis.report.limits.data import Limit
from agentic_misalignment.analysis.report.material import SCRIPTED, Material
from agentic_misalignment.analysis.report.words import listed, several
from agentic_misalignment.analysis.table import study_of, uncorrected


def instrument_limits(material: Material) -> Iterator[Limit]:
    """Find the limits of models and judges."""
    scripted = [model for model in material.models if model.startswith(SCRIPTED)]
    if scripted:
        yield Limit("scripted_models", {"models": listed(scripted), "one": len(scripted) == 1})
    members = sorted({name for judge in material.judges for name in judge.split(" + ")})
    readers = [name for name in members if name.startswith(SCRIPTED)]
    if readers:
        yield Limit("scripted_judges", {"judges": listed(readers)})
    yield from _own_family(material)
    if len(members) == 1:
        yield Limit("one_judge", {"judge": members[0]})
    yield from _study(material)


def _own_family(material: Material) -> Iterator[Limit]:
    own = {
        name for episode in material.episodes for name in (episode.score.metadata or {}).get("judge_own_family") or []
    }
    if own:
        yield Limit("own_family", {"judges": listed(sorted(own))})


def _study(material: Material) -> Iterator[Limit]:
    judged = [rate for rate in material.rates if rate.judged[1]]
    if not judged:
        return
    studied = [rate for rate in judged if study_of(rate, material.studies)]
    if not studied:
        yield Limit("no_study", {"judges": listed(sorted({rate.group.judge for rate in judged}))})
        return
    yield Limit("study_labels")
    without = [rate for rate in judged if uncorrected(rate, material.studies)]
    if without:
        slots = {"count": len(without), "rates": several(len(judged), "rate"), "one": len(without) == 1}
        yield Limit("part_study", slots)
