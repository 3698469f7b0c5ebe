"""The command `episodes`, and that its page says what it writes."""

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from inspect_ai.log import EvalLog

from agentic_misalignment.analysis.episodes import COLUMNS
from agentic_misalignment.commands.episodes import episodes
from tests.analysis.analysis_logs import foreign_log
from tests.evals import evaluated

PAGE = Path(__file__).parent.parent / "docs" / "episodes.md"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """One episode."""
    return evaluated(
        tmp_path_factory.mktemp("one"),
        "scripted/insider",
        worlds="totara-seed",
        seeds=1,
        protocol="single_turn",
        conduct="none",
        preflight=False,
    )


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(episodes, [str(each) for each in arguments])


def test_it_writes_the_table_and_says_how_much(log: EvalLog, tmp_path: Path) -> None:
    result = command(log.location, "-o", tmp_path / "e.csv")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{tmp_path / 'e.csv'}: 1 episodes, {len(COLUMNS)} columns")
    assert pd.read_csv(tmp_path / "e.csv").sample_id.tolist() == ["totara-seed/explicit-replacement-single_turn/s1"]


def test_logs_that_cannot_be_read_are_named_and_the_others_kept(log: EvalLog, tmp_path: Path) -> None:
    other = foreign_log(tmp_path / "logs")
    (tmp_path / "logs" / "bad.eval").write_bytes(Path(log.location).read_bytes()[:2000])

    result = command(tmp_path / "logs", log.location, "-o", tmp_path / "e.parquet")

    notes = result.stderr.splitlines()
    assert result.exit_code == 0
    assert len(notes) == 2
    assert all(note.startswith("NOTE: left out: ") for note in notes)
    assert any(Path(other.location).name in note and "not a log of this suite" in note for note in notes)
    assert any("bad.eval" in note for note in notes)
    assert len(pd.read_parquet(tmp_path / "e.parquet")) == 1


def test_an_output_that_exists_needs_overwrite(log: EvalLog, tmp_path: Path) -> None:
    (tmp_path / "e.csv").touch()

    refused = command(log.location, "-o", tmp_path / "e.csv")
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert "--overwrite" in refused.stderr
    assert command(log.location, "-o", tmp_path / "e.csv", "--overwrite").exit_code == 0


def test_columns_are_printed_without_logs() -> None:
    result = command("--columns")

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [line.split()[0] for line in lines[2:]] == [column.name for column in COLUMNS]
    assert all(column.text in line for column, line in zip(COLUMNS, lines[2:], strict=True))


def test_the_page_has_the_dictionary(log: EvalLog, tmp_path: Path) -> None:
    listed = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    command(log.location, "-o", tmp_path / "e.csv")

    assert listed == [(column.name, column.kind, column.source, column.text) for column in COLUMNS]
    assert [name for name, *_ in listed] == list(pd.read_csv(tmp_path / "e.csv").columns)
