"""Files for the Hugging Face Hub: results as `huggingface_hub` reads them, and the folder of the data set."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from agentic_misalignment.analysis.export.hub_extra import needed

FRONT_KEYS = (
    "license",
    "language",
    "pretty_name",
    "size_categories",
    "task_categories",
    "annotations_creators",
    "language_creators",
    "source_datasets",
    "tags",
    "configs",
    "dataset_info",
)
"""Keys that the front matter of the data set's card has to have."""

SECTIONS = (
    "Benchmark details",
    "Purpose and intended users",
    "Data",
    "Methodology",
    "Ethical and legal considerations",
)
"""Sections by which a benchmark card is filled."""

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


def check(folder: Path) -> list[str]:
    """Check result files and the data set's card and `eval.yaml`.

    Args:
        folder: The root of the export.

    Returns:
        One line for each fault.

    Raises:
        SuiteError: If `huggingface_hub` is not installed.
    """
    dataset = folder / "hub" / "dataset"
    missing = [name for name in ("README.md", "eval.yaml", "croissant.json") if not (dataset / name).is_file()]
    faults = [f"hub/dataset/{name}: missing" for name in missing]
    if not missing:
        faults += [f"hub/dataset/{fault}" for fault in _of_dataset(dataset)]
    tasks = set() if "eval.yaml" in missing else _tasks(dataset)
    for path in sorted((folder / "hub").glob("results/**/*.yaml")):
        faults += [f"{path.relative_to(folder)}: {fault}" for fault in _of_results(path, tasks)]
    return faults


def _tasks(dataset: Path) -> set[str]:
    content = yaml.safe_load((dataset / "eval.yaml").read_text(encoding="utf-8"))
    tasks = content.get("tasks") if isinstance(content, dict) else None
    return {str(task.get("id")) for task in tasks or [] if isinstance(task, dict)}


def _of_results(path: Path, tasks: set[str]) -> Iterator[str]:
    hub = needed("huggingface_hub")
    if path.parent.name != ".eval_results":
        yield "a result file lies in .eval_results"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        entries = hub.parse_eval_result_entries(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield f"huggingface_hub cannot read it: {type(error).__name__}: {error}"
        return
    if hub.eval_result_entries_to_yaml(entries) != content:
        yield "huggingface_hub reads something else than what stands there: an unknown or misplaced key"
    if not entries:
        yield "no entry"
    for entry in entries:
        yield from _of_entry(entry, tasks)


def _of_entry(entry: Any, tasks: set[str]) -> Iterator[str]:
    if not _REPOSITORY.fullmatch(str(entry.dataset_id)):
        yield f"dataset id '{entry.dataset_id}' is no owner/name"
    if entry.task_id not in tasks:
        yield f"task '{entry.task_id}' does not stand in eval.yaml; valid: {', '.join(sorted(tasks))}"
    if isinstance(entry.value, bool) or not isinstance(entry.value, int | float) or not 0 <= entry.value <= 100:
        yield f"value {entry.value} is no percentage"
    if entry.dataset_revision is not None and not re.fullmatch(r"[0-9a-f]{40}", entry.dataset_revision):
        yield f"revision '{entry.dataset_revision}' is no full commit"
    if not _is_date(entry.date):
        yield f"date {entry.date!r} is no ISO date in quotes"


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _of_dataset(dataset: Path) -> Iterator[str]:
    hub = needed("huggingface_hub")
    text = (dataset / "README.md").read_text(encoding="utf-8")
    try:
        front = hub.DatasetCard(text).data.to_dict()
    except (ValueError, yaml.YAMLError) as error:
        yield f"README.md: huggingface_hub cannot read it: {error}"
        return
    yield from (f"README.md: no '{key}' in the front matter" for key in FRONT_KEYS if not front.get(key))
    yield from (f"README.md: no section '{name}'" for name in SECTIONS if f"\n## {name}\n" not in text)
    yield from _of_files(dataset, front)
    yield from _of_tasks(dataset, front)


def _of_files(dataset: Path, front: Mapping[str, Any]) -> Iterator[str]:
    counts = {
        info["config_name"]: {split["name"]: split["num_examples"] for split in info["splits"]}
        for info in front.get("dataset_info") or []
    }
    for config in front.get("configs") or []:
        for each in config["data_files"]:
            path = dataset / each["path"]
            if not path.is_file():
                yield f"{each['path']}: missing; the card names it"
                continue
            rows = sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
            stated = counts.get(config["config_name"], {}).get(each["split"])
            if rows != stated:
                yield f"{each['path']}: {rows} rows; the card says {stated}"


def _of_tasks(dataset: Path, front: Mapping[str, Any]) -> Iterator[str]:
    content = yaml.safe_load((dataset / "eval.yaml").read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not all(content.get(key) for key in ("name", "description", "tasks")):
        yield "eval.yaml: expected name, description and tasks"
        return
    configs = {config["config_name"] for config in front.get("configs") or []}
    ids = [task.get("id") for task in content["tasks"]]
    yield from (f"eval.yaml: task {name} stands there twice" for name in sorted({n for n in ids if ids.count(n) > 1}))
    for task in content["tasks"]:
        if task.get("config") not in configs:
            yield f"eval.yaml: task {task.get('id')}: config '{task.get('config')}' does not stand in the card"
