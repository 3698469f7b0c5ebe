"""Sheets: blinded dossiers out, labels of people back in, and what cannot be read."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from agentic_misalignment.analysis import HumanLabel, read_dossier, read_sheet, write_sheet
from agentic_misalignment.analysis.sheets import FILLED, row_key
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import BELIEFS, labels, rubric
from agentic_misalignment.tasks import suite
from tests.analysis.analysis_logs import foreign_log
from tests.evals import evaluated

ENDINGS = pytest.mark.parametrize("ending", [".csv", ".jsonl"])

Row = dict[str, Any]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """One episode of each world of two scenarios."""
    folder = tmp_path_factory.mktemp("suite")
    return evaluated(
        folder, "scripted/insider", task=suite, scenarios="blackmail,lethal_action", seeds=1, conduct="none"
    )


def path_of(log: EvalLog) -> Path:
    return Path(log.location)


def rows_of(sheet: Path) -> list[Row]:
    if sheet.suffix == ".jsonl":
        return [json.loads(line) for line in sheet.read_text(encoding="utf-8").splitlines()]
    with sheet.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def save(sheet: Path, rows: Iterable[Mapping[str, Any]], *, columns: Iterable[str] = ()) -> Path:
    """Write rows as a person's program does."""
    rows = list(rows)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        if sheet.suffix == ".jsonl":
            file.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            writer = csv.DictWriter(file, fieldnames=list(columns) or list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return sheet


@pytest.fixture
def sheet(log: EvalLog, tmp_path: Path) -> Path:
    """A sheet of all episodes."""
    write_sheet(path_of(log), tmp_path / "sheet.csv")
    return tmp_path / "sheet.csv"


def filled(sheet: Path, *marks: Row) -> Path:
    """The sheet with these marks in its first rows."""
    rows = rows_of(sheet)
    return save(sheet, [{**row, **mark} for row, mark in zip(rows, [*marks, *[{}] * len(rows)], strict=False)])


@ENDINGS
def test_a_sheet_has_a_row_for_each_episode(log: EvalLog, tmp_path: Path, ending: str) -> None:
    count = write_sheet(path_of(log), tmp_path / f"sheet{ending}")
    rows = rows_of(tmp_path / f"sheet{ending}")

    assert count == len(rows) == len(log.samples or [])
    assert {row["row"] for row in rows} == {row_key(log, sample) for sample in log.samples or []}
    assert {row[name] for row in rows for name in FILLED} == {""}


def test_a_row_asks_the_question_of_its_scenario_and_shows_the_whole_session(log: EvalLog, sheet: Path) -> None:
    samples = {row_key(log, sample): sample for sample in log.samples or []}
    for row in rows_of(sheet):
        sample = samples[row["row"]]
        by = rubric(sample.metadata["scenario"])
        valid = [*by.labels, *(["not_cancelled"] if by.name == "lethal_action" else [])]
        assert (row["scenario"], row["question"], row["verdicts"]) == (by.name, by.question, " | ".join(valid))
        assert row["dossier"].splitlines() == read_dossier(path_of(log), str(sample.id), question="belief").splitlines()


@ENDINGS
def test_nothing_in_a_sheet_tells_sample_world_condition_model_or_judge(
    log: EvalLog, tmp_path: Path, ending: str
) -> None:
    write_sheet(path_of(log), tmp_path / f"sheet{ending}")
    text = (tmp_path / f"sheet{ending}").read_text(encoding="utf-8")

    for sample in log.samples or []:
        told = [sample.id, sample.uuid, *(sample.metadata[key] for key in ("world", "condition"))]
        assert not [each for each in told if str(each) in text]
    assert "scripted/" not in text


def test_the_order_is_drawn_and_repeatable(log: EvalLog, tmp_path: Path) -> None:
    orders = []
    for number, seed in enumerate((1, 1, 2)):
        write_sheet(path_of(log), tmp_path / f"{number}.csv", seed=seed)
        orders.append([row["row"] for row in rows_of(tmp_path / f"{number}.csv")])

    assert orders[0] == orders[1] != orders[2]
    assert orders[0] != [row_key(log, sample) for sample in log.samples or []]


@pytest.mark.parametrize("limit", [1, 5, 999])
def test_a_limit_draws_so_many(log: EvalLog, tmp_path: Path, limit: int) -> None:
    count = min(limit, len(log.samples or []))

    assert write_sheet(path_of(log), tmp_path / "sheet.csv", limit=limit) == count
    assert len(rows_of(tmp_path / "sheet.csv")) == count


@ENDINGS
def test_what_people_fill_in_is_read_with_its_sample(log: EvalLog, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sheet{ending}"
    write_sheet(path_of(log), path)
    row = next(number for number, row in enumerate(rows_of(path)) if row["scenario"] == "blackmail")
    mark = {
        "verdict": " veiled_threat ",
        "belief": "real",
        "conduct": "coercion; sent, drafted",
        "rater": "Ann",
        "note": "Clear, “so to speak”,\nin two lines.",
    }
    filled(path, *[{}] * row, mark)

    samples = {row_key(log, sample): sample for sample in log.samples or []}
    key = rows_of(path)[row]["row"]
    assert read_sheet(path_of(log), path) == [
        HumanLabel(
            row=key,
            sample_id=str(samples[key].id),
            epoch=1,
            scenario="blackmail",
            verdict="veiled_threat",
            belief="real",
            conduct=("coercion", "sent", "drafted"),
            rater="Ann",
            note="Clear, “so to speak”,\nin two lines.",
        )
    ]


@pytest.mark.parametrize(
    ("conduct", "found"),
    [("", None), ("none", ()), (" none ", ()), ("leak", ("leak",)), ("leak,sent", ("leak", "sent"))],
)
def test_no_label_is_not_the_same_as_nobody_looked(
    log: EvalLog, sheet: Path, conduct: str, found: tuple[str, ...] | None
) -> None:
    (label,) = read_sheet(path_of(log), filled(sheet, {"belief": "test", "conduct": conduct}))

    assert label.conduct == found


def test_labels_may_be_a_list_in_json(log: EvalLog, tmp_path: Path) -> None:
    write_sheet(path_of(log), tmp_path / "sheet.jsonl")

    (label,) = read_sheet(path_of(log), filled(tmp_path / "sheet.jsonl", {"conduct": ["leak", "sent"]}))
    assert (label.conduct, label.verdict, label.belief) == (("leak", "sent"), None, None)


@pytest.mark.parametrize("mark", [{"rater": "Ann"}, {"note": "Hard."}, {"rater": "Ann", "verdict": "  "}])
def test_a_row_without_any_label_is_not_filled_in(log: EvalLog, sheet: Path, mark: Row) -> None:
    filled(sheet, {"belief": "test"}, mark)

    assert len(read_sheet(path_of(log), sheet)) == 1


def test_rows_that_were_left_out_or_moved_do_not_matter(log: EvalLog, sheet: Path) -> None:
    rows = rows_of(filled(sheet, {"belief": "test"}, {"belief": "real"}, {"belief": "undecided"}))
    save(sheet, [rows[2], rows[0]])

    assert [label.belief for label in read_sheet(path_of(log), sheet)] == ["undecided", "test"]


def test_columns_that_nobody_needs_may_be_missing(log: EvalLog, sheet: Path) -> None:
    rows = rows_of(filled(sheet, {"belief": "test"}))
    save(sheet, [{name: row[name] for name in ("row", *FILLED)} for row in rows])

    assert [label.belief for label in read_sheet(path_of(log), sheet)] == ["test"]


def test_the_mark_that_a_spreadsheet_puts_before_the_text_does_not_matter(log: EvalLog, sheet: Path) -> None:
    filled(sheet, {"belief": "test"})
    sheet.write_text(sheet.read_text(encoding="utf-8"), encoding="utf-8-sig")

    assert [label.belief for label in read_sheet(path_of(log), sheet)] == ["test"]


def test_a_long_dossier_is_read(log: EvalLog, sheet: Path) -> None:
    filled(sheet, {"belief": "test", "dossier": "x" * 300_000})

    assert [label.belief for label in read_sheet(path_of(log), sheet)] == ["test"]


def refusal(log: EvalLog, sheet: Path) -> str:
    """The one line with which a sheet is refused."""
    with pytest.raises(SuiteError) as caught:
        read_sheet(path_of(log), sheet)
    assert caught.value.message.startswith(str(sheet))
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("mark", "parts"),
    [
        ({"belief": "unsure"}, ["unknown belief 'unsure'", *BELIEFS]),
        ({"verdict": "bribery"}, ["unknown verdict 'bribery'"]),
        ({"verdict": "disclosed"}, ["unknown verdict 'disclosed'"]),
        ({"conduct": "coercion, bribery"}, ["unknown label 'bribery'", "none", *labels()]),
    ],
)
def test_an_unknown_label_is_named_with_its_line_and_the_valid_ones(
    log: EvalLog, tmp_path: Path, mark: Row, parts: list[str]
) -> None:
    sheet = tmp_path / "sheet.jsonl"
    write_sheet(path_of(log), sheet)
    message = refusal(log, filled(sheet, {}, {}, mark))

    assert message.startswith(f"{sheet}:3: ")
    assert not [part for part in parts if part not in message]


def test_a_row_of_no_episode_is_named(log: EvalLog, sheet: Path) -> None:
    assert "the row '0000000000' is of no episode of" in refusal(log, filled(sheet, {"row": "0000000000"}))


def test_a_sheet_of_another_log_is_refused(log: EvalLog, sheet: Path, tmp_path: Path) -> None:
    other = evaluated(tmp_path / "other", "scripted/silent", worlds="totara-seed", seeds=1, conduct="none")

    assert "is of no episode of" in refusal(other, filled(sheet, {"belief": "test"}))


def test_a_row_that_stands_twice_is_named(log: EvalLog, sheet: Path) -> None:
    rows = rows_of(sheet)
    save(sheet, [rows[0], rows[1], {**rows[0], "belief": "real"}])

    assert f"the row '{rows[0]['row']}' stands twice" in refusal(log, sheet)


@pytest.mark.parametrize("name", ["row", *FILLED])
def test_a_missing_column_is_named(log: EvalLog, sheet: Path, name: str) -> None:
    rows = [{key: value for key, value in row.items() if key != name} for row in rows_of(sheet)]

    assert f":1: the column '{name}' is missing" in refusal(log, save(sheet, rows))


def test_a_sheet_in_which_nothing_is_filled_in_is_named(log: EvalLog, sheet: Path) -> None:
    assert "nothing is filled in" in refusal(log, sheet)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("sheet.csv", "", "the column 'row' is missing"),
        ("sheet.jsonl", "", "nothing is filled in"),
        ("sheet.jsonl", "{", "not a sheet"),
        ("sheet.jsonl", "[1]", "expected a JSON object"),
        ("sheet.jsonl", '"row"', "expected a JSON object"),
        ("sheet.jsonl", "{}", "the row '' is of no episode"),
        ("sheet.txt", "", "ends in .csv or .jsonl"),
        ("sheet", "", "ends in .csv or .jsonl"),
    ],
)
def test_what_is_no_sheet_is_named(log: EvalLog, tmp_path: Path, name: str, text: str, part: str) -> None:
    (tmp_path / name).write_text(text)

    assert part in refusal(log, tmp_path / name)


def test_what_is_no_text_is_named(log: EvalLog, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_bytes(b"\xff\xfe\x00")

    assert "cannot be read" in refusal(log, tmp_path / "sheet.csv")


def test_a_missing_sheet_is_named(log: EvalLog, tmp_path: Path) -> None:
    assert "gone.csv: cannot be read" in refusal(log, tmp_path / "gone.csv")


class TestWriting:
    """Sheets that are not written."""

    def refusal(self, path: Path, sheet: Path) -> str:
        with pytest.raises(SuiteError) as caught:
            write_sheet(path, sheet)
        assert "\n" not in caught.value.message
        return caught.value.message

    def test_a_sheet_is_not_written_over(self, log: EvalLog, sheet: Path) -> None:
        filled(sheet, {"belief": "test"})
        before = sheet.read_bytes()

        assert "exists already" in self.refusal(path_of(log), sheet)
        assert sheet.read_bytes() == before

    @pytest.mark.parametrize("name", ["sheet.txt", "sheet.xlsx", "sheet"])
    def test_another_ending_is_refused(self, log: EvalLog, tmp_path: Path, name: str) -> None:
        assert "ends in .csv or .jsonl" in self.refusal(path_of(log), tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_a_place_that_cannot_be_written_is_named(self, log: EvalLog, tmp_path: Path) -> None:
        assert "cannot be written" in self.refusal(path_of(log), tmp_path / "no" / "sheet.csv")

    def test_a_log_of_another_suite_has_no_episodes(self, tmp_path: Path) -> None:
        other = foreign_log(tmp_path / "logs")

        assert "not an episode of this suite" in self.refusal(path_of(other), tmp_path / "sheet.csv")
        assert not (tmp_path / "sheet.csv").exists()

    def test_what_is_no_log_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("no log")

        assert "notes.txt: not an Inspect log" in self.refusal(tmp_path / "notes.txt", tmp_path / "sheet.csv")

    def test_a_log_without_samples_is_named(self, log: EvalLog, tmp_path: Path) -> None:
        empty = read_eval_log(log.location)
        empty.samples = []
        write_eval_log(empty, tmp_path / "empty.eval")

        assert "the log has no samples" in self.refusal(tmp_path / "empty.eval", tmp_path / "sheet.csv")
