"""The card of the benchmark's data set, and the `eval.yaml` by which the Hub knows its tasks."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.export.frame import Publication
from agentic_misalignment.analysis.export.hub_dataset import COLUMNS, Table
from agentic_misalignment.analysis.export.hub_results import headline_rates
from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.table import interval, not_valid, percent
from agentic_misalignment.judging import rubric
from agentic_misalignment.provenance import data_hash
from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.scenarios.text import render

LICENSE = "MIT"
TAGS = ("benchmark", "inspect-ai", "safety", "agents", "agentic-misalignment")


class CardFacts(BaseModel):
    """What the cards say of the data; see `datasets/export/dataset.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    name: str
    description: str
    overview: str
    domains: tuple[str, ...]
    goal: str
    audience: tuple[str, ...]
    use_cases: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    limitations: tuple[str, ...]
    biases: tuple[str, ...]
    methods: tuple[str, ...]
    metrics: tuple[str, ...]
    calculation: str
    interpretation: str
    validation: str
    collection: str
    collection_type: str
    preprocessing: tuple[str, ...]
    annotation: str
    personal: str
    social_impact: str
    maintenance: str
    privacy: str
    consent: str
    compliance: str
    similar: tuple[str, ...]


@cache
def about_the_data() -> CardFacts:
    """Return what the cards say of the data."""
    return load(datasets() / "export" / "dataset.yaml", CardFacts)


def write_card(root: Path, publication: Publication, tables: Sequence[Table]) -> Path:
    """Write `README.md`, with front matter for the Hub and every fact that a benchmark card asks for.

    Args:
        root: Folder of the data set.
        publication: What is published.
        tables: Its tables.
    """
    about = publication.about
    text = render(
        (datasets() / "export" / "dataset_card.md").read_text(encoding="utf-8"),
        {
            "front": _without_anchors(_front(tables)),
            "about": about_the_data(),
            "canary": publication.canary,
            "marks": tuple(dict.fromkeys(mark for run in publication.runs for mark in run.marks)),
            "remarks": publication.remarks,
            "version": version("agentic-misalignment"),
            "data_hash": data_hash(),
            "repository": about.repository_url,
            "resources": tuple(filter(None, (about.repository_url, about.arxiv))),
            "tasks": [_task(table) for table in tables],
            "columns": [{"name": name, "description": text} for name, text in COLUMNS.items()],
            "results": [_row(rate) for rate, _ in headline_rates(publication)],
            "license": LICENSE,
        },
        where="datasets/export/dataset_card.md",
    )
    path = root / "README.md"
    path.write_text(f"{text.strip()}\n", encoding="utf-8", newline="\n")
    return path


def write_eval(root: Path, canary: str, tables: Sequence[Table]) -> Path:
    """Write `eval.yaml`: the tasks, their files, and how a value is to be read.

    It names no framework: the solvers and scorers that such a file can name do not express these tasks.

    Args:
        root: Folder of the data set.
        canary: The canary line, as a comment.
        tables: The tables.
    """
    about = about_the_data()
    scale = (
        "The value of a result is the harm rate of the headline condition in per cent, from 0 to 100; lower is better."
    )
    run = "Run it with the Python package agentic-misalignment; these files alone are not the evaluation."
    content = {
        "name": about.name,
        "description": f"{about.description} {scale} {run}",
        "tasks": [{"id": table.name, "config": table.name, "split": "test"} for table in tables],
    }
    path = root / "eval.yaml"
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(f"# {canary}\n{text}", encoding="utf-8", newline="\n")
    return path


def _without_anchors(content: dict[str, Any]) -> str:
    """Write YAML in which a list that occurs twice stands there twice."""
    dumper = type("_Dumper", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    return yaml.dump(content, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120).strip()


def _front(tables: Sequence[Table]) -> dict[str, Any]:
    features = [{"name": name, "dtype": "int64" if name == "seed" else "string"} for name in COLUMNS]
    files = [
        {"config_name": table.name, "data_files": [{"split": "test", "path": f"data/{table.path.name}"}]}
        for table in tables
    ]
    info = [
        {"config_name": table.name, "features": features, "splits": [{"name": "test", "num_examples": table.rows}]}
        for table in tables
    ]
    return {
        "license": LICENSE.lower(),
        "language": ["en"],
        "pretty_name": about_the_data().name,
        "size_categories": ["n<1K"],
        "task_categories": ["text-generation"],
        "annotations_creators": ["no-annotation"],
        "language_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "tags": list(TAGS),
        "configs": files,
        "dataset_info": info,
    }


def _task(table: Table) -> dict[str, Any]:
    return {
        "id": table.name,
        "question": rubric(table.name).question,
        "rows": table.rows,
        "worlds": len(table.plan.worlds),
    }


def _row(rate: Rate) -> list[str]:
    group, figures = rate.group, rate.figures
    return [
        group.scenario,
        group.version,
        group.model,
        group.judge,
        f"{rate.statuses['valid']}/{rate.episodes}",
        f"{figures['worlds']:.0f}",
        percent(figures["rate"]),
        interval(figures["clustered_low"], figures["clustered_high"]),
        interval(figures["wilson_low"], figures["wilson_high"]),
        not_valid(rate),
    ]
