"""The command `report`: what it writes, what it says, and bad input as one line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agentic_misalignment.analysis import write_result
from agentic_misalignment.commands.report import report
from tests.analysis.page_reading import read_page
from tests.analysis.report_logs import write_log
from tests.analysis.report_pages import episodes
from tests.analysis.study_results import label, result


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    write_log(folder, "a", episodes(1, 0))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(report, [str(each) for each in arguments])


def refused(*arguments: object) -> str:
    """The one line with which the command refuses its input."""
    result = run(*arguments)
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit), result.exception
    errors = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    return errors[0]


def test_it_writes_a_page_with_figures_viewer_and_study(logs: Path, tmp_path: Path) -> None:
    write_result(result(labels=(label(tp=9, fn=1, tn=8, fp=2),)), tmp_path / "judge.json")
    page = tmp_path / "out.html"

    done = run(
        logs, "-o", page, "--study", tmp_path / "judge.json", "--figures", tmp_path / "figures", "--bundle", "--seed", 5
    )
    assert done.exit_code == 0, done.output
    found = read_page(page.read_text(encoding="utf-8"))
    assert found.rows("table-rates")[0]["rate"] == "50.0 %"
    assert found.rows("table-rates")[0]["corrected"] == "42.9 %"  # (0.5 + 0.8 - 1) / (0.9 + 0.8 - 1)
    command = "agentic-misalignment report logs -o out.html --study judge.json --bundle --figures figures --seed 5"
    assert command in found.sections["making"]
    assert str(tmp_path) not in page.read_text(encoding="utf-8")
    charts = [str(attrs["id"]) for tag, attrs in found.tags if tag == "figure"]
    assert charts
    assert {file.name for file in (tmp_path / "figures").iterdir()} == {
        f"{chart}.{kind}" for chart in charts for kind in ("csv", "svg", "png")
    }
    assert (tmp_path / "out-viewer" / "index.html").exists()
    assert (tmp_path / "out-viewer" / "logs" / "a.eval").exists()


def test_logs_that_cannot_be_read_are_named_and_left_out(logs: Path, tmp_path: Path) -> None:
    (logs / "broken.eval").write_bytes(b"PK\x03\x04 cut off")
    foreign = write_log(logs, "foreign", episodes(1), about={"scenario": None})

    done = run(logs, "-o", tmp_path / "out.html")
    assert done.exit_code == 0, done.output
    for name in ("broken.eval", foreign.name):
        assert f"NOTE: left out: {logs / name}: " in done.stderr
    rows = read_page((tmp_path / "out.html").read_text(encoding="utf-8")).rows("table-left-out")
    assert {row["file"] for row in rows} == {"broken.eval", foreign.name}
    assert str(tmp_path) not in str(rows)


@pytest.mark.parametrize("more", [[], ["--bundle"]])
def test_what_is_there_is_kept(more: list[str], logs: Path, tmp_path: Path) -> None:
    there = tmp_path / ("out-viewer" if more else "out.html")
    there.write_text("mine")

    line = refused(logs, "-o", tmp_path / "out.html", *more)
    assert there.name in line
    assert "--overwrite" in line
    assert there.read_text() == "mine"


def test_figures_that_are_there_are_kept_and_nothing_is_drawn(logs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "headline-blackmail.svg").write_text("mine")

    line = refused(logs, "-o", tmp_path / "out.html", "--figures", folder)
    assert "figures: holds figures; give --overwrite" in line
    assert not (tmp_path / "out.html").exists()


def test_a_folder_of_figures_that_cannot_be_made_is_refused_before_reading(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    line = refused(tmp_path / "no-logs", "-o", tmp_path / "out.html", "--figures", tmp_path / "file" / "figures")
    assert "cannot be written" in line
    assert "no-logs" not in line


def test_a_folder_that_is_no_viewer_is_never_replaced(logs: Path, tmp_path: Path) -> None:
    notes = tmp_path / "out-viewer" / "notes.txt"
    notes.parent.mkdir()
    notes.write_text("mine")

    line = refused(logs, "-o", tmp_path / "out.html", "--bundle", "--overwrite")
    assert "it is no log viewer" in line
    assert notes.read_text() == "mine"


def test_a_file_in_the_place_of_the_viewer_is_refused_before_anything_is_made(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "out-viewer").write_text("mine")

    options = ("--bundle", "--overwrite", "--figures", tmp_path / "figures")
    line = refused(logs, "-o", tmp_path / "out.html", *options)
    assert "it is no log viewer" in line
    assert (tmp_path / "out-viewer").read_text() == "mine"
    assert not (tmp_path / "figures").exists()


def test_a_viewer_is_replaced_when_told_so(logs: Path, tmp_path: Path) -> None:
    command = (logs, "-o", tmp_path / "out.html", "--bundle", "--overwrite")

    assert run(*command).exit_code == 0
    assert run(*command).exit_code == 0
    assert (tmp_path / "out-viewer" / "index.html").exists()


def test_it_is_replaced_when_told_so(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "out.html").write_text("mine")

    assert run(logs, "-o", tmp_path / "out.html", "--overwrite").exit_code == 0
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_folder_that_is_not_there_is_refused_before_reading(tmp_path: Path) -> None:
    line = refused(tmp_path / "no-logs", "-o", tmp_path / "nowhere" / "out.html")

    assert "nowhere/out.html: cannot be written: No such file or directory" in line


@pytest.mark.parametrize(
    ("study", "part"),
    [(None, "judge.json: cannot be read"), ("{}", "judge.json: not the result of a judge study")],
)
def test_a_study_that_is_none(study: str | None, part: str, logs: Path, tmp_path: Path) -> None:
    if study is not None:
        (tmp_path / "judge.json").write_text(study)

    assert part in refused(logs, "-o", tmp_path / "out.html", "--study", tmp_path / "judge.json")
    assert not (tmp_path / "out.html").exists()


def test_a_folder_without_a_log_of_the_suite(tmp_path: Path) -> None:
    write_log(tmp_path / "logs", "foreign", episodes(1), about={"scenario": None})

    assert "no log of this suite to read" in refused(tmp_path / "logs", "-o", tmp_path / "out.html")


def test_nothing_half_written_is_left(logs: Path, tmp_path: Path) -> None:
    run(logs, "-o", tmp_path / "out.html")

    assert {path.name for path in tmp_path.iterdir()} == {"logs", "out.html"}


def test_two_logs_of_one_name_cannot_be_bundled(logs: Path, tmp_path: Path) -> None:
    write_log(tmp_path / "more", "a", episodes(1, 0))

    line = refused(logs, tmp_path / "more", "-o", tmp_path / "out.html", "--bundle")
    assert "two logs have the name a.eval" in line
