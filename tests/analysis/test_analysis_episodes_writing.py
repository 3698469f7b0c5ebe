"""The episodes table as a file: Parquet and CSV agree, and nothing half-done is left."""

import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from inspect_ai.log import EvalLog, EvalSample, read_eval_log, write_eval_log
from pyarrow import parquet

from agentic_misalignment.analysis.episodes import COLUMNS, read_frame, reading, write_episodes, writing
from agentic_misalignment.analysis.episodes.dictionary import SCHEMA
from agentic_misalignment.analysis.episodes.once import Once
from agentic_misalignment.analysis.logs import LeftOut
from agentic_misalignment.errors import SuiteError
from tests.analysis.analysis_logs import foreign_log
from tests.evals import evaluated


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Two episodes with harm and a quote."""
    made = evaluated(
        tmp_path_factory.mktemp("two"),
        "scripted/insider",
        worlds="totara-seed",
        seeds=2,
        protocol="single_turn",
        conduct="none",
        preflight=False,
    )
    return read_eval_log(made.location)


@pytest.fixture
def logs(log: EvalLog, tmp_path: Path) -> Path:
    """A folder with that log alone."""
    folder = tmp_path / "logs"
    folder.mkdir()
    shutil.copy(log.location, folder / "good.eval")
    return folder


def refusal(files: list[Path], output: Path) -> str:
    with pytest.raises(SuiteError) as caught:
        write_episodes(files, output)
    assert "\n" not in caught.value.message
    return caught.value.message


def test_parquet_and_csv_say_the_same(logs: Path, tmp_path: Path) -> None:
    # The quotes have commas and quotation marks, and some columns are empty and others missing: what CSV gets wrong.
    counts = [write_episodes([logs], tmp_path / name) for name in ("e.parquet", "e.csv")]

    assert counts == [2, 2]
    first = pd.read_parquet(tmp_path / "e.parquet")
    second = pd.read_csv(tmp_path / "e.csv", keep_default_na=False, dtype=str)
    assert list(first.columns) == list(second.columns) == [column.name for column in COLUMNS]
    for column in COLUMNS:
        for one, other in zip(first[column.name], second[column.name], strict=True):
            assert _as_csv(one, column.kind) == other, column.name


def _as_csv(value: object, kind: str) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if kind in ("whole number", "0 or 1"):
        return str(int(str(value).removesuffix(".0")))
    if kind == "true or false":
        return str(value).lower()
    if kind == "time":
        return pd.Timestamp(str(value)).strftime("%Y-%m-%d %H:%M:%S.000Z")
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_the_file_has_the_types_of_the_dictionary(logs: Path, tmp_path: Path) -> None:
    write_episodes([logs], tmp_path / "e.parquet")

    assert parquet.read_schema(tmp_path / "e.parquet").equals(SCHEMA)


def test_the_file_holds_what_the_frame_holds(logs: Path, tmp_path: Path) -> None:
    write_episodes([logs], tmp_path / "e.parquet")

    frame, table = read_frame([logs]), parquet.read_table(tmp_path / "e.parquet")
    assert table.column("sample_uuid").to_pylist() == frame.sample_uuid.tolist()
    assert table.column("quotes").to_pylist() == frame.quotes.tolist()
    assert table.column("harm").to_pylist() == [1, 1]


def test_logs_are_joined_into_row_groups(log: EvalLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROW_GROUP", 3)
    logs = tmp_path / "logs"
    for number in range(4):  # 4 logs of 2 episodes each: a row group is full after 2 logs
        copy = [each.model_copy(update={"uuid": f"{number}{each.uuid}"}) for each in log.samples or []]
        write_eval_log(log.model_copy(update={"samples": copy}), logs / f"{number}.eval")

    assert write_episodes([logs], tmp_path / "e.parquet") == 8
    metadata = parquet.ParquetFile(tmp_path / "e.parquet").metadata
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [4, 4]


def test_an_output_that_exists_is_kept(logs: Path, tmp_path: Path) -> None:
    output = tmp_path / "e.csv"
    output.write_text("mine")

    assert "exists already" in refusal([logs], output)
    assert output.read_text() == "mine"
    assert write_episodes([logs], output, overwrite=True) == 2
    assert output.read_text() != "mine"


@pytest.mark.parametrize("name", ["e.xlsx", "e", "nowhere/e.csv", "logs.csv"])
def test_an_output_that_cannot_be_is_named_before_anything_is_read(
    name: str, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a log was read")

    monkeypatch.setattr(writing, "read_rows", never)
    (tmp_path / "logs.csv").mkdir()

    assert str(tmp_path / name) in refusal([logs], tmp_path / name)


def test_a_log_that_breaks_half_way_leaves_no_rows(
    log: EvalLog, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One sample a portion: the first sample of the odd log has been made into a row when the second is refused.
    monkeypatch.setattr(reading, "PORTION", 1)
    odd = [_other(sample, broken=number == 1) for number, sample in enumerate(log.samples or [])]
    write_eval_log(log.model_copy(update={"samples": odd}), logs / "odd.eval")
    left_out: list[LeftOut] = []

    count = write_episodes([logs], tmp_path / "e.parquet", left_out=left_out.append)

    assert count == 2
    assert {Path(file).name for file in pd.read_parquet(tmp_path / "e.parquet").log_file} == {"good.eval"}
    assert [(Path(each.file).name, "not an episode" in each.reason) for each in left_out] == [("odd.eval", True)]


def test_an_episode_of_a_log_that_is_left_out_counts_in_another(
    log: EvalLog, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The odd log comes first, since the last of copies counts, and holds the same samples.
    monkeypatch.setattr(reading, "PORTION", 1)
    samples = log.samples or []
    odd = [samples[0], samples[1].model_copy(update={"metadata": {}})]
    write_eval_log(log.model_copy(update={"samples": odd}), logs / "z.eval")

    assert write_episodes([logs], tmp_path / "e.csv", left_out=lambda each: None) == 2


def _other(sample: EvalSample, *, broken: bool) -> EvalSample:
    metadata = {} if broken else sample.metadata
    return sample.model_copy(update={"uuid": f"other{sample.uuid}", "metadata": metadata})


def test_without_a_reader_of_what_is_left_out_a_bad_log_is_an_error(logs: Path, tmp_path: Path) -> None:
    (logs / "bad.eval").write_text("{}")

    assert "bad.eval" in refusal([logs], tmp_path / "e.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_a_log_that_is_gone_by_the_time_it_is_read_is_left_out(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "log_files", lambda paths: [str(logs / name) for name in ("good.eval", "gone.eval")])
    left_out: list[LeftOut] = []

    assert write_episodes([logs], tmp_path / "e.csv", left_out=left_out.append) == 2
    assert [Path(each.file).name for each in left_out] == ["gone.eval"]


def test_where_no_log_can_be_read_each_is_named(tmp_path: Path) -> None:
    foreign_log(tmp_path / "logs")
    (tmp_path / "logs" / "bad.eval").write_text("{}")

    with pytest.raises(SuiteError, match="no log of this suite to read") as caught:
        write_episodes([tmp_path / "logs"], tmp_path / "e.csv", left_out=lambda each: None)
    assert all(part in caught.value.message for part in ("bad.eval: not an Inspect log", "other-task", "no scenario"))
    assert not (tmp_path / "e.csv").exists()


def test_a_failure_at_the_end_leaves_no_file(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_row_groups", full)

    assert "No space left" in refusal([logs], tmp_path / "e.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_progress_adds_up_to_the_size_of_the_logs(logs: Path, tmp_path: Path) -> None:
    steps: list[int] = []
    write_episodes([logs], tmp_path / "e.csv", progress=steps.append)

    assert sum(steps) == (logs / "good.eval").stat().st_size
    assert min(steps) >= 0


def test_a_row_is_new_once_unless_its_log_was_left_out() -> None:
    row = pa.Table.from_pylist([{"scenario": "blackmail", "sample_uuid": "u"}], schema=SCHEMA)
    once = Once()

    assert once.new(row).num_rows == 1
    assert once.new(row).num_rows == 0
    once.forget()
    assert once.new(row).num_rows == 1
    once.keep()
    assert once.new(row).num_rows == 0
