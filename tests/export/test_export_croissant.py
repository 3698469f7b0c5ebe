"""The Croissant file: its facts, its hashes, and rows that load through it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from agentic_misalignment import SuiteError
from agentic_misalignment.analysis.export.croissant import FILE, write_croissant
from agentic_misalignment.analysis.export.frame import Publication
from agentic_misalignment.analysis.export.hub_dataset import COLUMNS, Table, write_rows
from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.validation.croissant import RESPONSIBLE, check
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.scenarios.checks import canary
from tests.evals import evaluated
from tests.export.publications import ABOUT, publication


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("silent")
    log = evaluated(folder, "scripted/silent", worlds="totara-seed", seeds=1, conduct="none", preflight=False)
    return publication([Path(log.location)])


@pytest.fixture(scope="module")
def folder(published: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    dataset = root / "hub" / "dataset"
    write_croissant(dataset, published, write_rows(dataset, published.canary))
    return root


@pytest.fixture(scope="module")
def content(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "hub" / "dataset" / FILE).read_text(encoding="utf-8")))


def test_it_follows_croissant_1_1(content: dict[str, Any]) -> None:
    assert content["conformsTo"] == "http://mlcommons.org/croissant/1.1"


def test_its_address_is_the_data_sets(content: dict[str, Any]) -> None:
    assert content["url"] == "https://huggingface.co/datasets/example/agentic-misalignment"


@pytest.mark.parametrize("key", RESPONSIBLE)
def test_the_responsible_ai_keys_are_those_of_the_vocabulary(content: dict[str, Any], key: str) -> None:
    assert content[f"rai:{key}"]


def test_no_key_of_the_vocabulary_is_misspelt(content: dict[str, Any]) -> None:
    assert not [key for key in content if key.startswith("rai:dataData")]


def test_its_hashes_are_those_of_the_files(content: dict[str, Any], folder: Path) -> None:
    for each in content["distribution"]:
        path = folder / "hub" / "dataset" / each["contentUrl"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == each["sha256"]


@pytest.mark.parametrize("name", scenario_names())
def test_every_row_loads_through_it(folder: Path, name: str) -> None:
    dataset = needed("mlcroissant").Dataset(jsonld=str(folder / "hub" / "dataset" / FILE))
    lines = (folder / "hub" / "dataset" / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()

    records = list(dataset.records(name))
    assert [record[f"{name}/id"].decode() for record in records] == [json.loads(line)["id"] for line in lines]
    assert set(records[0]) == {f"{name}/{column}" for column in COLUMNS}


def test_it_carries_the_canary(content: dict[str, Any]) -> None:
    assert canary() in content["description"]


def test_our_own_checks_pass(folder: Path) -> None:
    assert check(folder) == []


def test_the_same_data_make_the_same_bytes(published: Publication, folder: Path, tmp_path: Path) -> None:
    write_croissant(tmp_path, published, write_rows(tmp_path, published.canary))

    assert (tmp_path / FILE).read_bytes() == (folder / "hub" / "dataset" / FILE).read_bytes()


def test_no_address_is_refused(published: Publication, tmp_path: Path) -> None:
    about = ABOUT.model_copy(update={"dataset_repo": "", "repository_url": ""})
    nowhere = publication([run.log for run in published.runs], about=about)
    tables: list[Table] = []

    with pytest.raises(SuiteError, match="give dataset_repo or repository_url"):
        write_croissant(tmp_path, nowhere, tables)
