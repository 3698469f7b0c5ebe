"""The Croissant file: its keys, what `mlcroissant` says of it, and every row loaded through it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentic_misalignment.analysis.export.hub_extra import needed

PLACE = "hub/dataset/croissant.json"

REQUIRED = (
    "@context",
    "@type",
    "conformsTo",
    "description",
    "license",
    "name",
    "url",
    "creator",
    "datePublished",
    "distribution",
    "recordSet",
    "version",
    "keywords",
)
"""Keys without which the file says too little; `mlcroissant` lets several of them be missing."""

RESPONSIBLE = (
    "dataCollection",
    "dataCollectionType",
    "dataCollectionMissingData",
    "dataCollectionRawData",
    "dataImputationProtocol",
    "dataManipulationProtocol",
    "dataPreprocessingProtocol",
    "dataAnnotationProtocol",
    "dataReleaseMaintenancePlan",
    "personalSensitiveInformation",
    "dataSocialImpact",
    "dataBiases",
    "dataLimitations",
    "dataUseCases",
)
"""Keys of the responsible-AI vocabulary that have to be filled."""


def check(folder: Path) -> list[str]:
    """Check the file and load every row that it describes.

    Args:
        folder: The root of the export.

    Returns:
        One line for each fault.

    Raises:
        SuiteError: If `mlcroissant` is not installed.
    """
    path = folder / PLACE
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        return [f"{PLACE}: expected an object"]
    faults = [f"{PLACE}: no '{key}'" for key in REQUIRED if not content.get(key)]
    faults += [f"{PLACE}: no 'rai:{key}'" for key in RESPONSIBLE if not content.get(f"rai:{key}")]
    return faults or [f"{PLACE}: {fault}" for fault in _by_package(path)]


def _by_package(path: Path) -> Iterator[str]:
    mlc = needed("mlcroissant")
    logging.getLogger("absl").setLevel(logging.ERROR)  # it tells of every file that it reads
    try:
        dataset = mlc.Dataset(jsonld=str(path))
    except mlc.ValidationError as error:
        yield _line(error)
        return
    yield from (f"mlcroissant warns: {warning}" for warning in sorted(dataset.metadata.ctx.issues.warnings))
    for record_set in dataset.metadata.record_sets:
        yield from _of_records(mlc, dataset, record_set)


def _of_records(mlc: Any, dataset: Any, record_set: Any) -> Iterator[str]:
    key = f"{record_set.id}/id"
    try:
        ids = [record[key] for record in dataset.records(record_set.id)]
    except (mlc.GenerationError, mlc.ValidationError, OSError, ValueError) as error:
        yield f"record set {record_set.id} cannot be loaded: {_line(error)}"
        return
    if not ids or len(ids) != len(set(ids)):
        yield f"record set {record_set.id}: {len(ids)} rows with {len(set(ids))} ids; expected one id for each row"


def _line(error: BaseException) -> str:
    cause = error.__cause__ or error
    return " ".join(str(cause).split()) or type(cause).__name__
