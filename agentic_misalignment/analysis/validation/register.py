"""Entries of the Inspect Evals Register: the register's own model, and its rules beside it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.export.register import ENTRY, REGISTER, faults_of_entry

_ID = re.compile(r"[a-z][a-z0-9_]*")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_PAPER = re.compile(r"https://(?:arxiv\.org/abs/\d{4}\.\d{4,5}(?:v\d+)?|aclanthology\.org/\S+)")


def check(folder: Path) -> list[str]:
    """Check all entries.

    Args:
        folder: The root of the export.

    Returns:
        One line for each fault.

    Raises:
        SuiteError: If `inspect-evals` is not installed.
    """
    files = sorted((folder / REGISTER).glob(f"*/{ENTRY}"))
    if not files:
        return [f"{REGISTER}: no entry"]
    return [f"{file.relative_to(folder)}: {fault}" for file in files for fault in _faults(file)]


def _faults(file: Path) -> Iterator[str]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    name = file.parent.name
    if not isinstance(content, dict):
        yield "expected a mapping of keys"
        return
    if "id" in content:
        yield "'id' is the name of the folder and must not be written"
        return
    try:
        needed("inspect_evals.metadata").ExternalEvalMetadata(**content, id=name)
    except ValidationError as error:
        yield from (f"not an entry of the register: {fault}" for fault in faults_of_entry(error))
        return
    yield from _of_rules(name, content)


def _of_rules(name: str, content: Mapping[str, Any]) -> Iterator[str]:
    """Check what the register's reviewers look at and its model does not."""
    if not _ID.fullmatch(name):
        yield f"'{name}' is no id: expected small letters, digits and underscores"
    if len(content["tasks"]) != 1:
        yield f"{len(content['tasks'])} tasks; expected one in an entry"
    commits = [content["source"]["repository_commit"]]
    commits += [report["commit"]] if (report := content.get("evaluation_report")) else []
    yield from (f"'{commit}' is no full commit" for commit in dict.fromkeys(commits) if not _COMMIT.fullmatch(commit))
    if not _PAPER.fullmatch(str(content.get("arxiv"))):
        yield f"'{content.get('arxiv')}' is no address of a paper such as https://arxiv.org/abs/2601.00001v1"
    known = _known_names()
    for taken in sorted({name, *(task["name"] for task in content["tasks"])} & known):
        yield f"'{taken}' is the name of another evaluation or task"


@cache
def _known_names() -> set[str]:
    """Return the names of all evaluations and tasks that the installed package lists."""
    listing, _ = needed("inspect_evals.metadata").load_listing_safe()
    return {found for each in listing.evals for found in (each.id, *(task.name for task in each.tasks))}
