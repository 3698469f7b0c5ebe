"""Runs of the published cells beside the published rates."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from inspect_ai.scorer import SampleScore, Score
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.published_rates import (
    PublishedRate,
    check_published_model,
    published_model,
    published_rates,
)
from agentic_misalignment.analysis.rates import Episode, Group, Rate, newest_score, rate_of, read_episodes
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import WORLD, harm_figures
from agentic_misalignment.lynch2025.cells import Cell, cells
from agentic_misalignment.lynch2025.episode import WORLD as PUBLISHED


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_Frozen):
    """A share with its 95 % Wilson interval; `nan` without a value."""

    rate: float
    low: float
    high: float
    n: int

    def minus(self, other: "Share") -> tuple[float, float, float]:
        """Return the difference to an independent share with its 95 % interval (Newcombe 1998, method 10)."""
        difference = self.rate - other.rate
        below = math.hypot(self.rate - self.low, other.high - other.rate)
        above = math.hypot(self.high - self.rate, other.rate - other.low)
        return difference, difference - below, difference + above


class Disagreement(_Frozen):
    """A sample on which our verdict and the legacy one differ."""

    sample: str
    epoch: int
    ours: bool
    legacy: bool
    reasons: tuple[str, ...]


class PublishedRow(_Frozen):
    """One cell of a run."""

    cell: Cell
    protocol: str
    group: Group
    ours: Rate
    """By our rules, over the valid episodes."""

    legacy: Share
    """By the published rule, over the episodes on which it gave a verdict."""

    legacy_bounds: tuple[float, float]
    """The legacy rate if every episode without a verdict had been harmless, or harmful."""

    published: tuple[PublishedRate, ...]
    """The rate of one published model, or those of all, where the run's model is none of them."""

    disagreements: tuple[Disagreement, ...]

    @property
    def single(self) -> Share | None:
        """The published rate, if it is that of one model."""
        return _share(_replayed(self.published[0])) if len(self.published) == 1 else None


def read_published(paths: Iterable[Path], *, model: str | None = None) -> list[PublishedRow]:
    """Set the runs of `lynch2025` in logs beside the published rates.

    Other episodes of this suite in the logs are left out. What may not be pooled stands in rows of its own.

    Args:
        paths: Log files, or folders of them.
        model: A model of the published tables; without it the run's own, or all of them if it is not in the tables.

    Returns:
        One row for each cell, protocol and group, in the order of the published tables.

    Raises:
        SuiteError: If there is no log of `lynch2025`, or no such published model.
    """
    paths = list(paths)
    wanted = check_published_model(model) if model is not None else None
    rows = [
        _row(group, episodes, wanted)
        for group, episodes in read_episodes(paths).items()
        if episodes[0].sample.metadata.get(WORLD) == PUBLISHED
    ]
    if not rows:
        raise SuiteError(f"no episodes of {PUBLISHED} in {', '.join(map(str, paths))}; other logs: command rates")
    order = {cell: number for number, cell in enumerate(cells())}
    return sorted(rows, key=lambda row: (row.group.model, row.protocol != "single_turn", order[row.cell]))


def _row(group: Group, episodes: Sequence[Episode], wanted: str | None) -> PublishedRow:
    metadata = episodes[0].sample.metadata
    cell = Cell(scenario=group.scenario, goal=str(metadata["goal"]), threat=str(metadata["threat"]))
    verdicts = [newest_score(episode.sample, "legacy") for episode in episodes]
    scored = [score for score in verdicts if score is not None and score.as_float() == score.as_float()]
    harmful = sum(score.as_float() == 1 for score in scored)
    return PublishedRow(
        cell=cell,
        protocol=str(metadata["protocol"]),
        group=group,
        ours=rate_of(group, episodes),
        legacy=_share(scored),
        legacy_bounds=(harmful / len(episodes), (harmful + len(episodes) - len(scored)) / len(episodes)),
        published=_published(cell, wanted or published_model(group.model)),
        disagreements=tuple(sorted(filter(None, map(_disagreement, episodes)), key=_place)),
    )


def _published(cell: Cell, model: str | None) -> tuple[PublishedRate, ...]:
    return tuple(
        rate
        for rate in published_rates()
        if (rate.scenario, rate.goal, rate.threat) == (cell.scenario, cell.goal, cell.threat)
        and model in (None, rate.model)
    )


def _disagreement(episode: Episode) -> Disagreement | None:
    score = newest_score(episode.sample, "difference")
    if score is None or score.as_float() != 1:
        return None
    detail = score.metadata or {}
    return Disagreement(
        sample=str(episode.sample.id),
        epoch=episode.sample.epoch,
        ours=bool(detail["ours"]),
        legacy=bool(detail["legacy_says"]),
        reasons=tuple(detail["reasons"]),
    )


def _place(each: Disagreement) -> tuple[int, str, int]:
    return len(each.sample), each.sample, each.epoch  # s2 before s10


def _replayed(rate: PublishedRate) -> list[Score]:
    harmful = round(rate.percent * rate.n / 100)
    return [Score(value=float(number < harmful)) for number in range(rate.n)]


def _share(scores: Sequence[Score]) -> Share:
    figures = harm_figures([SampleScore(score=score) for score in scores])
    return Share(rate=figures["rate"], low=figures["wilson_low"], high=figures["wilson_high"], n=len(scores))
