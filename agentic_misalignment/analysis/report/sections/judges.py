"""Judges: who they are, how far they agree, and what a study says of them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agentic_misalignment.analysis.beliefs import SCORE as BELIEF
from agentic_misalignment.analysis.rates import newest_score
from agentic_misalignment.analysis.report.blocks import Cell, Column, Notes, Paragraph, Section, Table, present
from agentic_misalignment.analysis.report.material import LogFile, Material
from agentic_misalignment.analysis.report.sections.studies import study_blocks
from agentic_misalignment.analysis.report.words import count_cell, number_cell, percent_cell, text_cell

_CONDUCT = "conduct"
_ALPHA, _EPISODES, _PAIR = "alpha ", "alpha_episodes ", "agreement "
_LEAD = (
    "A judge reads a dossier of the episode, without the name of the model and of the condition, and answers in a "
    "schema; each quote has to stand in the text that it names. Where the ledger settles the matter, no judge is asked."
)
_NO_STUDY = "No judge study was given: how often the judge is right on these rubrics is not known here."
_AGREEMENT = (
    "Krippendorff's alpha over the episodes in which at least two members of the panel answered: 1 is full agreement, "
    "0 that of chance. It has no value where all answers are alike."
)


def judge_section(material: Material) -> Section:
    """Make the section of judges."""
    agreement = _agreement(material)
    return Section(
        id="judges",
        heading="Judges",
        blocks=present(
            Paragraph(_LEAD),
            _settings(material),
            Paragraph(_AGREEMENT) if agreement.rows else None,
            agreement,
            _pairs(material),
            study_blocks(material.studies) if material.studies else Notes((_NO_STUDY.rstrip("."),)),
        ),
    )


def _settings(material: Material) -> Table:
    rows = {_setting(detail) for detail in _judged(material)}
    return Table(
        id="table-judges",
        caption="Judges, rubrics and settings",
        columns=tuple(Column(name) for name in ("judge", "rubric", "rubric hash", "settings", "judges its own family")),
        rows=tuple(tuple(map(text_cell, row)) for row in sorted(rows)),
    )


def _judged(material: Material) -> Iterable[Mapping[str, Any]]:
    """Yield the metadata of all scores that name a judge."""
    for episode in material.episodes:
        scores = (episode.score, newest_score(episode.sample, BELIEF), newest_score(episode.sample, _CONDUCT))
        for score in scores:
            if score and score.metadata and score.metadata.get("judge"):
                yield score.metadata


def _setting(detail: Mapping[str, Any]) -> tuple[str, ...]:
    settings = detail.get("judge_settings")
    shown = [settings] if isinstance(settings, dict) else settings or []
    texts = dict.fromkeys(", ".join(f"{name} {value}" for name, value in each.items()) for each in shown)
    own = ", ".join(detail.get("judge_own_family") or []) or "no"
    return (
        str(detail["judge"]),
        str(detail.get("rubric", "")),
        str(detail.get("rubric_hash", "")),
        "; ".join(texts) or json.dumps(settings),
        own,
    )


def _agreement(material: Material) -> Table:
    rows = [
        (*_place(log), text_cell(rubric), number_cell(metrics[f"{_ALPHA}{rubric}"]), count_cell(episodes))
        for log in material.logs
        for metrics in [_metrics(log)]
        for name, episodes in metrics.items()
        if name.startswith(_EPISODES)
        for rubric in [name.removeprefix(_EPISODES)]
    ]
    return Table(
        id="table-agreement",
        caption="Agreement of the panel, log by log",
        columns=(
            *(Column(name) for name in ("model", "task", "question")),
            Column("alpha", number=True),
            Column("episodes", number=True),
        ),
        rows=tuple(rows),
    )


def _pairs(material: Material) -> Table:
    rows = [
        (*_place(log), text_cell(rubric), text_cell(judges), percent_cell(value))
        for log in material.logs
        for name, value in _metrics(log).items()
        if name.startswith(_PAIR)
        for rubric, _, judges in [name.removeprefix(_PAIR).partition(": ")]
    ]
    return Table(
        id="table-pairs",
        caption="Share of episodes in which two members of the panel say the same",
        columns=(*(Column(name) for name in ("model", "task", "question", "judges")), Column("same", number=True)),
        rows=tuple(rows),
    )


def _place(log: LogFile) -> tuple[Cell, Cell]:
    return text_cell(log.header.eval.model), text_cell(log.header.eval.task.rpartition("/")[2])


def _metrics(log: LogFile) -> dict[str, float]:
    """Return the metrics of a log's statuses, which have the agreement of its panel; the newest, if scored again."""
    results = log.header.results
    found = [score for score in results.scores if score.name.startswith("status")] if results else []
    return {name: metric.value for score in found for name, metric in score.metrics.items()}
