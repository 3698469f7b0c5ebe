"""Files for the Hub: faults in results, card and `eval.yaml`, and in the Croissant file."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentic_misalignment.analysis.validation import croissant, hub
from tests.validation.exports import exported


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"value": 171}, "value 171 is no percentage"),
        ({"date": "yesterday"}, "date 'yesterday' is no ISO date in quotes"),
        ({"dataset": {"id": "nobody", "task_id": "blackmail"}}, "dataset id 'nobody' is no owner/name"),
        (
            {"dataset": {"id": "a/b", "task_id": "other"}},
            "task 'other' does not stand in eval.yaml; valid: blackmail",
        ),
        ({"dataset": {"id": "a/b", "task_id": "blackmail", "revision": "main"}}, "revision 'main' is no full commit"),
        ({"dataset": {"id": "a/b"}}, "huggingface_hub cannot read it: KeyError: 'task_id'"),
        ({"score": 1}, "huggingface_hub reads something else than what stands there"),
    ],
)
def test_a_fault_of_a_result_is_found(change: dict[str, Any], fault: str, copy: Path) -> None:
    (path,) = copy.rglob(".eval_results/*.yaml")
    (entry,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump([entry | change]), encoding="utf-8")

    (found,) = hub.check(copy)
    assert found.startswith(f"{path.relative_to(copy)}: ")
    assert fault in found


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("README.md", "license: mit\n", "", "README.md: no 'license' in the front matter"),
        ("README.md", "## Methodology", "## Method", "README.md: no section 'Methodology'"),
        ("README.md", "num_examples: 16", "num_examples: 17", "data/lethal_action.jsonl: 16 rows; the card says 17"),
        ("README.md", "path: data/leaking.jsonl", "path: data/other.jsonl", "data/other.jsonl: missing; the card"),
        ("eval.yaml", "config: leaking", "config: other", "eval.yaml: task leaking: config 'other' does not stand"),
        ("eval.yaml", "name: Agentic misalignment\n", "", "eval.yaml: expected name, description and tasks"),
    ],
)
def test_a_fault_of_the_data_set_is_found(name: str, old: str, new: str, fault: str, copy: Path) -> None:
    path = copy / "hub" / "dataset" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    (found,) = hub.check(copy)
    assert found.startswith(f"hub/dataset/{fault}")


def test_a_missing_card_is_found(copy: Path) -> None:
    (copy / "hub" / "dataset" / "README.md").unlink()

    assert hub.check(copy) == ["hub/dataset/README.md: missing"]


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda content: content.pop(key)


def _other_hash(content: dict[str, Any]) -> None:
    content["distribution"][0]["sha256"] = "0" * 64


def _no_such_file(content: dict[str, Any]) -> None:
    content["distribution"][0]["contentUrl"] = "data/other.jsonl"


def _unknown_source(content: dict[str, Any]) -> None:
    content["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "other"


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_without("license"), "no 'license'"),
        (_without("recordSet"), "no 'recordSet'"),
        (_without("rai:dataBiases"), "no 'rai:dataBiases'"),
        (_other_hash, "record set blackmail cannot be loaded: Hash of downloaded file"),
        (_no_such_file, "record set blackmail cannot be loaded: "),
        (_unknown_source, "other"),
    ],
)
def test_a_fault_of_the_croissant_file_is_found(
    damage: Callable[[dict[str, Any]], None], fault: str, copy: Path
) -> None:
    path = copy / croissant.PLACE
    content = json.loads(path.read_text(encoding="utf-8"))
    damage(content)
    path.write_text(json.dumps(content), encoding="utf-8")

    (found,) = croissant.check(copy)
    assert found.startswith(f"{croissant.PLACE}: ")
    assert fault in found
