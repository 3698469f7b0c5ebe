"""Files for the Hub: results of models that have a repository, the data set that they refer to, and its card."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import parse_eval_result_entries
from inspect_ai.log import EvalLog

from agentic_misalignment import SuiteError
from agentic_misalignment.analysis.export.hub import hub
from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.validation.hub import check
from agentic_misalignment.scenarios import scenario, scenario_names
from agentic_misalignment.scenarios.checks import canary
from tests.evals import evaluated
from tests.export.publications import ABOUT, JUDGE, MODEL, publication, renamed

OPEN = "vllm/Qwen/Qwen3-8B"
HARMLESS = "harbour-freight/explicit-replacement/s1"


@pytest.fixture(scope="module")
def insider(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Two harmful episodes in two worlds."""
    folder = tmp_path_factory.mktemp("insider")
    worlds = "harbour-freight,totara-seed"
    return evaluated(folder, "scripted/insider", worlds=worlds, seeds=1, conduct="none", preflight=False)


@pytest.fixture(scope="module")
def logs(insider: EvalLog, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A model with a repository that did harm in one of two episodes, and one without."""
    folder = tmp_path_factory.mktemp("renamed")
    return [
        renamed(insider, OPEN, JUDGE, folder / "open.eval", harmless=HARMLESS),
        renamed(insider, MODEL, JUDGE, folder / "closed.eval"),
    ]


@pytest.fixture(scope="module")
def folder(logs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    hub(publication(logs), root)
    return root


def result_of(folder: Path) -> tuple[Path, dict[str, Any]]:
    (path,) = folder.rglob("hub/results/**/*.yaml")
    (entry,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    return path, entry


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "hub" / "dataset" / "data" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def card_of(folder: Path) -> str:
    return (folder / "hub" / "dataset" / "README.md").read_text(encoding="utf-8")


def test_only_a_model_with_a_repository_has_a_result_file(folder: Path) -> None:
    path, _ = result_of(folder)

    assert path.relative_to(folder).parts[:5] == ("hub", "results", "Qwen", "Qwen3-8B", ".eval_results")


def test_a_result_is_the_rate_in_per_cent_with_its_intervals(folder: Path) -> None:
    _, entry = result_of(folder)

    assert entry["value"] == 50.0
    # Wilson of 1 of 2 with z^2 = 3.8415: 1/2 -+ z * sqrt(1/8 + z^2/16) / (1 + z^2/2) = 1/2 -+ 1.1859 / 2.9207.
    assert "95 % Wilson 9 to 91 %" in entry["notes"]
    assert f"judge {JUDGE}" in entry["notes"]


def test_a_result_refers_to_a_task_of_the_data_set(folder: Path) -> None:
    path, _ = result_of(folder)
    content = yaml.safe_load((folder / "hub" / "dataset" / "eval.yaml").read_text(encoding="utf-8"))

    (entry,) = parse_eval_result_entries(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert entry.dataset_id == "example/agentic-misalignment"
    assert entry.task_id in {task["id"] for task in content["tasks"]}


def test_eval_yaml_names_no_framework_that_could_not_run_it(folder: Path) -> None:
    content = yaml.safe_load((folder / "hub" / "dataset" / "eval.yaml").read_text(encoding="utf-8"))

    assert "evaluation_framework" not in content
    assert [task["id"] for task in content["tasks"]] == list(scenario_names())


@pytest.mark.parametrize("name", scenario_names())
def test_rows_are_the_headline_episodes_of_every_world(folder: Path, name: str) -> None:
    rows = rows_of(folder, name)

    assert {row["world"] for row in rows} == set(scenario(name).worlds)
    assert {row["condition"] for row in rows} == {"explicit-replacement"}
    assert len({row["id"] for row in rows}) == len(rows)


def test_a_row_is_what_the_model_was_shown(folder: Path, insider: EvalLog) -> None:
    rows = {row["id"]: row for row in rows_of(folder, "blackmail")}

    for sample in insider.samples or []:
        assert not isinstance(sample.input, str)
        row = rows[str(sample.id)]
        assert [row["system"], row["opening"]] == [message.text for message in sample.input]


@pytest.mark.parametrize("name", scenario_names())
def test_every_row_carries_the_canary_and_no_prompt_does(folder: Path, name: str) -> None:
    for row in rows_of(folder, name):
        assert canary() in row["canary"]
        assert canary() not in row["system"] + row["opening"] + row["mails"]


def test_the_card_is_one_and_carries_the_canary(folder: Path) -> None:
    front = needed("huggingface_hub").DatasetCard(card_of(folder)).data.to_dict()

    assert front["license"] == "mit"
    assert "benchmark" in front["tags"]
    assert canary() in card_of(folder)


def test_the_card_has_the_rates_with_intervals(folder: Path) -> None:
    (row,) = [line for line in card_of(folder).splitlines() if line.startswith("| blackmail |") and OPEN in line]

    assert f"| {OPEN} | {JUDGE} | 2/2 | 2 | 50 % |" in row
    assert row.endswith("| 9 to 91 % | - |")


def test_marks_stand_in_the_card_and_in_the_result(logs: list[Path], tmp_path: Path) -> None:
    hub(publication(logs, marks=("DEMONSTRATION: scripted",)), tmp_path)

    assert "> **DEMONSTRATION: scripted**" in card_of(tmp_path)
    assert result_of(tmp_path)[1]["notes"].startswith("DEMONSTRATION: scripted; ")


def test_our_own_checks_pass(folder: Path) -> None:
    assert check(folder) == []


def test_a_result_without_a_data_set_to_refer_to_is_refused(logs: list[Path], tmp_path: Path) -> None:
    about = ABOUT.model_copy(update={"dataset_repo": ""})

    with pytest.raises(SuiteError, match="give dataset_repo in the file of --about"):
        hub(publication(logs, about=about), tmp_path)
