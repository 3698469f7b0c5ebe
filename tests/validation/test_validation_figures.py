"""The table of results is compared with the logs beside it."""

import shutil
from pathlib import Path

import pytest

from agentic_misalignment.analysis.export import export
from agentic_misalignment.analysis.validation.figures import check
from tests.evals import evaluated


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    log = evaluated(
        folder / "run",
        "scripted/insider",
        worlds="harbour-freight,totara-seed",
        seeds=1,
        conduct="none",
        preflight=False,
    )
    export([Path(log.location)], folder / "export", targets=["results"], allowed=["dirty", "no_commit"])
    return folder / "export"


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "export"))


def edited(folder: Path, old: str, new: str) -> Path:
    table = folder / "results.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_figures_of_an_export_are_those_of_its_logs(whole: Path) -> None:
    assert check(whole) == []


def test_a_changed_rate_is_named_with_both_values(copy: Path) -> None:
    # two of two episodes harmful: the rate is the first number of the row
    assert check(edited(copy, ",1.0,", ",0.9,")) == [
        "results.csv: blackmail explicit-replacement scripted/insider scripted/judge: rate is 0.9; of the logs it is 1"
    ]


def test_a_row_without_episodes_and_episodes_without_a_row_are_named(copy: Path) -> None:
    assert check(edited(copy, "explicit-replacement", "explicit-none")) == [
        "results.csv: blackmail explicit-none scripted/insider scripted/judge: no episodes of it in logs",
        "results.csv: no row of blackmail explicit-replacement scripted/insider scripted/judge",
    ]
