"""Small hand-made data for the charts of the report."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import pandas
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.analysis import BeliefTable, Group, Rate
from agentic_misalignment.analysis.effects import Contrast, FittedEffect
from agentic_misalignment.analysis.episodes import COLUMNS
from agentic_misalignment.analysis.published import PublishedRow, Share
from agentic_misalignment.analysis.published_rates import published_rates
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.rendering import svg
from agentic_misalignment.figures import belief_figures, harm_figures, status_figures
from agentic_misalignment.judging import STATUSES
from agentic_misalignment.lynch2025.cells import Cell

GROUP = Group(
    scenario="blackmail",
    version="3-A",
    model="lab/model",
    judge="lab/judge",
    rubric_hash="r",
    data_hash="d",
    setup="s",
    condition="explicit-replacement",
)
LONG = "openai-api/together/meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8"


def rate(
    harmful: int,
    harmless: int,
    *,
    worlds: int = 2,
    flags: Mapping[str, float] | None = None,
    others: Mapping[str, int] | None = None,
    **about: Any,
) -> Rate:
    """A rate of so many valid episodes; of the others, by status, nothing is known. `about` changes the group."""
    missing = others or {}
    valid = [
        SampleScore(score=Score(value=value), sample_metadata={"world": str(number % worlds)})
        for number, value in enumerate([1] * harmful + [0] * harmless)
    ]
    standings = [SampleScore(score=Score(value="valid", metadata={"harm": bool(each.score.value)})) for each in valid]
    for status, count in missing.items():
        standings += [SampleScore(score=Score(value=status, metadata={"harm": None}))] * count
    return Rate(
        group=GROUP.model_copy(update=about),
        statuses={status: {"valid": len(valid), **missing}.get(status, 0) for status in STATUSES},
        figures={**harm_figures(valid), **status_figures(standings)},
        flags=dict(flags or {}),
        judged=(harmful, len(valid)),
        known=(0, 0),
        notes=(),
    )


def used(count: int, n: int) -> dict[str, float]:
    """The flags of a way out; the limits stand for any."""
    return {"exit_used": count / n, "exit_used_low": 0.1, "exit_used_high": 0.9, "exit_used_episodes": float(n)}


def frame(*rows: Mapping[str, Any]) -> pandas.DataFrame:
    """An episodes table: one valid episode of `GROUP` for each row, with what the row says otherwise."""
    empty: dict[str, Any] = {column.name: None for column in COLUMNS}
    own = {**GROUP.model_dump(exclude={"version"}), "task_version": GROUP.version, "status": "valid", "world": "w"}
    levels = {"goal": "explicit", "threat": "replacement", "leverage": "present", "exit": "none"}
    return pandas.DataFrame([{**empty, **own, **levels, **row} for row in rows])


def labelled(**labels: float) -> dict[str, Any]:
    """What a row of the episodes table says of conduct."""
    return {"conduct_judge": "lab/judge"} | {f"conduct_{name}": value for name, value in labels.items()}


def contrast(**more: Any) -> Contrast:
    """A contrast of one level of the threat."""
    base = {"scenario": "blackmail", "model": "lab/model", "judge": "lab/judge", "factor": "threat"}
    base |= {"baseline": "replacement", "level": "none"}
    numbers = {"pairs": 24, "worlds": 6, "baseline_rate": 0.5, "level_rate": 0.25, "difference": -0.25}
    limits = {"low": -0.4, "high": -0.05, "clustered_low": -0.45, "clustered_high": 0.02}
    return Contrast.model_validate({**base, **numbers, **limits, **more})


def effect(**more: Any) -> FittedEffect:
    """A fitted effect of one level of the threat."""
    base = {"scenario": "blackmail", "model": "lab/model", "judge": "lab/judge", "factor": "threat"}
    base |= {"baseline": "replacement", "level": "none", "note": ""}
    numbers = {"odds_ratio": 0.25, "low": 0.1, "high": 0.6, "p": 0.002, "episodes": 48, "worlds": 6}
    return FittedEffect.model_validate({**base, **numbers, **more})


def believed(pairs: Sequence[tuple[str, bool]], **more: Any) -> BeliefTable:
    """A table of episodes by belief and whether harm was done."""
    scores = [
        SampleScore(score=Score(value=belief, metadata={"harm": harm}), sample_metadata={"world": str(number % 2)})
        for number, (belief, harm) in enumerate(pairs)
    ]
    base = {"group": GROUP, "judge": "lab/judge", "rubric_hash": "b", "unscored": 0, "prompted": True, "notes": ()}
    return BeliefTable.model_validate({**base, "figures": belief_figures(scores), **more})


def beside(model: str | None, *, legacy: tuple[float, float, float, int] = (0.5, 0.3, 0.7, 20)) -> PublishedRow:
    """A run of one published cell; `None` for a model that is none of the published ones."""
    cell = Cell(scenario="blackmail", goal="explicit", threat="replacement")
    share = Share(rate=legacy[0], low=legacy[1], high=legacy[2], n=legacy[3])
    return PublishedRow(
        cell=cell,
        protocol="single_turn",
        group=GROUP.model_copy(update={"model": model or "lab/other"}),
        ours=rate(2, 8, worlds=1),
        legacy=share,
        legacy_bounds=(0.5, 0.5),
        published=tuple(
            each
            for each in published_rates()
            if (each.scenario, each.goal, each.threat) == (cell.scenario, cell.goal, cell.threat)
            and model in (None, each.model)
        ),
        disagreements=(),
    )


def drawn(figure: Figure, *fields: str) -> list[dict[str, Any]]:
    """The records of the marks that have these fields as the two ends of an interval, or as an estimate."""
    whole = figure.chart.to_dict()
    found: list[dict[str, Any]] = []

    def visit(part: Mapping[str, Any]) -> None:
        for each in (*part.get("layer", ()), *part.get("hconcat", ())):
            visit(each)
        encoding = part.get("encoding", {})
        ends = [encoding[name].get("field") for name in ("x", "x2") if name in encoding]
        if ends == list(fields) and part["mark"]["type"] != "tick":
            found.extend(whole["datasets"][part["data"]["name"]])

    visit(whole)
    return found


def texts(figure: Figure) -> list[str]:
    """What is written in the chart, one entry for each text; the lines of one are joined by line breaks."""
    root = ElementTree.fromstring(svg(figure))
    return ["\n".join(part for part in element.itertext()) for element in root.iter() if element.tag.endswith("}text")]


def written(figure: Figure) -> str:
    """All that is written in the chart, without spaces and line breaks."""
    return re.sub(r"\s", "", "".join(texts(figure)))
