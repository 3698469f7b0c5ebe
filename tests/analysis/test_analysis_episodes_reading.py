"""Which episodes are rows: copies, cut scores, large logs, logs with gaps, and logs that are refused."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from inspect_ai.log import EvalLog, EvalSample, read_eval_log, write_eval_log
from inspect_ai.scorer import Score

from agentic_misalignment.analysis import read_rates
from agentic_misalignment.analysis.episodes import COLUMNS, read_frame, reading
from agentic_misalignment.analysis.episodes.rows import read_rows
from agentic_misalignment.errors import SuiteError
from tests.analysis.analysis_logs import foreign_log
from tests.evals import evaluated

LONG = "and so on " * 300
"""Longer than what a summary keeps of a list."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Four episodes, two of each world."""
    made = evaluated(
        tmp_path_factory.mktemp("four"),
        "scripted/quoter",
        worlds="alcor-solar,totara-seed",
        seeds=2,
        protocol="single_turn",
        conduct="none",
        preflight=False,
    )
    return read_eval_log(made.location)


def written(log: EvalLog, file: Path, change: Callable[[EvalSample], EvalSample | None] = lambda each: each) -> Path:
    """Write a copy of a log with its samples changed, or left out."""
    samples = [changed for each in log.samples or [] if (changed := change(each))]
    write_eval_log(log.model_copy(update={"samples": samples}), file)
    return file


def with_outcome(sample: EvalSample, value: float | None = None, **changes: Any) -> EvalSample:
    """A sample whose headline score says something else."""
    scores = dict(sample.scores or {})
    score = scores["blackmail"]
    scores["blackmail"] = Score(
        value=score.value if value is None else value, metadata={**(score.metadata or {}), **changes}
    )
    return sample.model_copy(update={"scores": scores})


def table(file: str | Path, **options: Any) -> pa.Table:
    return pa.concat_tables([rows.table for rows in read_rows(str(file), **options)]).sort_by("sample_uuid")


def test_copies_of_a_log_count_once(log: EvalLog, tmp_path: Path) -> None:
    for name in ("a.eval", "b.eval"):
        shutil.copy(log.location, tmp_path / name)

    frame = read_frame([tmp_path, Path(log.location)])
    assert len(frame) == 4
    assert frame.sample_uuid.is_unique


def test_of_two_logs_with_the_same_sample_the_last_counts_as_it_does_in_rates(log: EvalLog, tmp_path: Path) -> None:
    written(log, tmp_path / "a.eval", lambda each: with_outcome(each, 1.0, harm=True))
    written(log, tmp_path / "b.eval", lambda each: with_outcome(each, 0.0, harm=False))

    frame = read_frame([tmp_path])
    assert frame.harm.tolist() == [0, 0, 0, 0]
    assert [rate.figures["rate"] for rate in read_rates([tmp_path])] == [0]
    assert {Path(file).name for file in frame.log_file} == {"b.eval"}


def test_a_sample_that_two_judges_judged_is_a_row_of_each(log: EvalLog, tmp_path: Path) -> None:
    shutil.copy(log.location, tmp_path / "a.eval")
    written(log, tmp_path / "b.eval", lambda each: with_outcome(each, judge="another"))

    frame = read_frame([tmp_path])
    assert frame.judge.value_counts().to_dict() == {"scripted/judge": 4, "another": 4}


def test_rows_stand_in_the_order_of_the_files(log: EvalLog, tmp_path: Path) -> None:
    def of(world: str) -> Callable[[EvalSample], EvalSample | None]:
        return lambda each: each if each.metadata["world"] == world else None

    written(log, tmp_path / "a.eval", of("totara-seed"))
    written(log, tmp_path / "b.eval", of("alcor-solar"))

    assert read_frame([tmp_path]).world.tolist() == ["totara-seed"] * 2 + ["alcor-solar"] * 2


def test_samples_without_an_id_among_all_count_each(log: EvalLog, tmp_path: Path) -> None:
    file = written(log, tmp_path / "a.eval", lambda each: each.model_copy(update={"uuid": None}))

    assert len(read_frame([file])) == 4


def test_what_a_summary_cuts_is_read_from_the_sample(log: EvalLog, tmp_path: Path) -> None:
    quotes = [{"action": "a1", "text": LONG}]
    file = written(log, tmp_path / "long.eval", lambda each: with_outcome(each, quotes=quotes))

    assert all(LONG in text for text in read_frame([file]).quotes)


def test_the_votes_of_a_panel_are_read_from_the_sample_where_a_summary_cuts_them(log: EvalLog, tmp_path: Path) -> None:
    votes = [{"judge": name, "kind": "positive", "quotes": [{"action": "a1", "text": LONG}]} for name in ("x", "y")]
    file = written(log, tmp_path / "panel.eval", lambda each: with_outcome(each, judge="x + y", votes=votes))

    kept = '{"blackmail": [{"judge": "x", "kind": "positive"}, {"judge": "y", "kind": "positive"}]}'
    assert set(read_frame([file]).panel_votes) == {kept}


def test_tokens_that_were_not_recorded_are_missing_and_not_zero(log: EvalLog, tmp_path: Path) -> None:
    # What a cache answered leaves no usage; here only the judge's calls have left one.
    def cached(sample: EvalSample) -> EvalSample:
        judge = {name: usage for name, usage in sample.model_usage.items() if name == "scripted/judge"}
        return sample.model_copy(update={"model_usage": judge})

    frame = read_frame([written(log, tmp_path / "cached.eval", cached)])
    assert frame.total_tokens.isna().all()
    assert frame.judge_tokens.notna().all()


def test_a_large_log_has_the_same_rows(log: EvalLog) -> None:
    assert table(log.location, at_once=0).equals(table(log.location))


def test_a_large_log_with_gaps_has_the_rows_that_there_are(
    log: EvalLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BY_ID", 1)
    third = str((log.eval.dataset.sample_ids or [])[2])
    file = written(log, tmp_path / "gap.eval", lambda each: None if each.id == third else each)

    assert table(file, at_once=0).equals(table(file))
    assert table(file).num_rows == 3


def test_a_json_log_has_the_same_rows(log: EvalLog, tmp_path: Path) -> None:
    file = written(log, tmp_path / "log.json")

    rows = table(file).drop_columns("log_file")
    assert rows.equals(table(log.location).drop_columns("log_file"))


def test_an_episode_without_a_score_has_the_judge_that_comes_later_in_its_log(
    log: EvalLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 1)
    first = str((log.samples or [])[0].id)
    file = written(
        log, tmp_path / "late.eval", lambda each: each.model_copy(update={"scores": {}}) if each.id == first else each
    )

    frame = read_frame([file])
    assert set(frame.judge) == {"scripted/judge"}
    assert frame.rubric_hash.nunique() == 1
    assert frame.status.value_counts().to_dict() == {"valid": 3, "error": 1}


def test_a_log_without_episodes_gives_an_empty_table_with_all_columns(log: EvalLog, tmp_path: Path) -> None:
    frame = read_frame([written(log, tmp_path / "empty.eval", lambda each: None)])

    assert (len(frame), list(frame.columns)) == (0, [column.name for column in COLUMNS])


def test_types_do_not_depend_on_what_the_logs_hold(log: EvalLog, tmp_path: Path) -> None:
    empty = read_frame([written(log, tmp_path / "empty.eval", lambda each: None)])

    assert read_frame([Path(log.location)]).dtypes.to_dict() == empty.dtypes.to_dict()


def refusal(*paths: Path) -> str:
    with pytest.raises(SuiteError) as caught:
        read_frame(paths)
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_log_of_another_suite_is_refused(log: EvalLog, tmp_path: Path) -> None:
    other = Path(foreign_log(tmp_path).location)

    assert other.name in refusal(Path(log.location), other)


def test_a_truncated_log_is_refused(log: EvalLog, tmp_path: Path) -> None:
    content = Path(log.location).read_bytes()
    (tmp_path / "half.eval").write_bytes(content[: len(content) // 2])

    assert "half.eval" in refusal(tmp_path / "half.eval")


def test_a_run_that_has_not_ended_is_refused(log: EvalLog, tmp_path: Path) -> None:
    write_eval_log(log.model_copy(update={"status": "started"}), tmp_path / "open.eval")

    assert "has not ended" in refusal(tmp_path / "open.eval")


def test_a_sample_that_is_no_episode_is_named(log: EvalLog, tmp_path: Path) -> None:
    file = written(log, tmp_path / "odd.eval", lambda each: each.model_copy(update={"metadata": {}}))

    assert all(part in refusal(file) for part in ("odd.eval", "/s1", "not an episode"))


def test_a_flag_of_another_version_is_named_with_the_valid_ones(log: EvalLog, tmp_path: Path) -> None:
    file = written(log, tmp_path / "odd.eval", lambda each: with_outcome(each, flags={"new_flag": True}))

    assert all(part in refusal(file) for part in ("odd.eval", "new_flag", "misread"))
