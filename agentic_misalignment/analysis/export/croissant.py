"""The Croissant file of the benchmark's data set: what it is, its files with hashes, and its responsible-AI facts."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

from agentic_misalignment.analysis.export.frame import Publication
from agentic_misalignment.analysis.export.hub_card import LICENSE, TAGS, about_the_data
from agentic_misalignment.analysis.export.hub_dataset import COLUMNS, Table
from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.export.hub_results import last_day
from agentic_misalignment.errors import SuiteError

FILE = "croissant.json"

_NAMES = {"rai:dataDataManipulationProtocol": "rai:dataManipulationProtocol"}
"""Keys that mlcroissant 1.1 writes otherwise than its vocabulary names them."""

_NO_LABELS = "None: the rows have no labels."


def write_croissant(root: Path, publication: Publication, tables: Sequence[Table]) -> Path:
    """Write `croissant.json` after Croissant 1.1 with its responsible-AI vocabulary.

    Args:
        root: Folder of the data set.
        publication: What is published.
        tables: The tables.

    Raises:
        SuiteError: If there is no address of the data set.
    """
    content = {_NAMES.get(key, key): value for key, value in _metadata(publication, tables).to_json().items()}
    path = root / FILE
    text = json.dumps(content, indent=2, ensure_ascii=False, default=_written)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return path


def _written(value: Any) -> str:
    """Write a date, which the package leaves as it is."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    raise TypeError(f"{value!r} has no place in a Croissant file")


def _metadata(publication: Publication, tables: Sequence[Table]) -> Any:
    mlc = needed("mlcroissant")
    about, data = publication.about, about_the_data()
    return mlc.Metadata(
        ctx=mlc.Context(conforms_to=_newest(mlc)),
        name="agentic-misalignment",
        description=f"{data.description} {publication.canary}",
        license=[f"https://spdx.org/licenses/{LICENSE}.html"],
        url=_address(publication),
        creators=[_creator(mlc)],
        publisher=[mlc.Organization(name=about.organization, url=about.organization_url or None)]
        if about.organization
        else [],
        date_published=datetime.fromisoformat(last_day(list(publication.runs))),
        version=version("agentic-misalignment"),
        keywords=list(TAGS),
        in_language=["en"],
        same_as=[about.repository_url] if about.repository_url else None,
        cite_as=about.arxiv or None,
        distribution=[_file(mlc, table) for table in tables],
        record_sets=[_record_set(mlc, table) for table in tables],
        **_responsible(),
    )


def _responsible() -> dict[str, Any]:
    data = about_the_data()
    return {
        "data_collection": data.collection,
        "data_collection_type": [data.collection_type],
        "data_collection_missing_data": "None: every row is rendered whole or not at all.",
        "data_collection_raw_data": "The data files of the package, from which the rows are rendered.",
        "data_imputation_protocol": "None: nothing is imputed.",
        "data_preprocessing_protocol": list(data.preprocessing),
        "data_manipulation_protocol": "None beyond the rendering.",
        "data_annotation_protocol": [data.annotation],
        "data_annotation_platform": [_NO_LABELS],
        "data_annotation_analysis": [_NO_LABELS],
        "annotations_per_item": "0",
        "annotator_demographics": [_NO_LABELS],
        "machine_annotation_tools": [_NO_LABELS],
        "data_release_maintenance_plan": data.maintenance,
        "personal_sensitive_information": [data.personal],
        "data_social_impact": data.social_impact,
        "data_biases": list(data.biases),
        "data_limitations": list(data.limitations),
        "data_use_cases": list(data.use_cases),
    }


def _newest(mlc: Any) -> Any:
    """Return version 1.1 of Croissant, which the package names in a class that it does not export."""
    kind = type(mlc.Context().conforms_to)
    return kind("http://mlcommons.org/croissant/1.1")


def _creator(mlc: Any) -> Any:
    return mlc.Organization(name=str(metadata("agentic-misalignment")["Author"]))


def _address(publication: Publication) -> str:
    about = publication.about
    if about.dataset_repo:
        return f"https://huggingface.co/datasets/{about.dataset_repo}"
    if about.repository_url:
        return about.repository_url
    raise SuiteError(
        "the card of the data set needs its address: give dataset_repo or repository_url in the file of --about"
    )


def _file(mlc: Any, table: Table) -> Any:
    return mlc.FileObject(
        id=f"{table.name}.jsonl",
        name=f"{table.name}.jsonl",
        description=f"{table.rows} episodes of {table.name}.",
        content_url=f"data/{table.path.name}",
        content_size=f"{table.path.stat().st_size} B",
        encoding_formats=["application/jsonlines"],
        sha256=table.sha256,
    )


def _record_set(mlc: Any, table: Table) -> Any:
    return mlc.RecordSet(
        id=table.name,
        name=table.name,
        description=f"One row is one episode of {table.name}.",
        key=f"{table.name}/id",
        fields=[_field(mlc, table, name, text) for name, text in COLUMNS.items()],
    )


def _field(mlc: Any, table: Table, name: str, text: str) -> Any:
    return mlc.Field(
        id=f"{table.name}/{name}",
        name=name,
        description=text,
        data_types=[mlc.DataType.INTEGER if name == "seed" else mlc.DataType.TEXT],
        source=mlc.Source(file_object=f"{table.name}.jsonl", extract=mlc.Extract(column=name)),
    )
