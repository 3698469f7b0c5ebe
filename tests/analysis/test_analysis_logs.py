"""Logs that cannot be read are left out by name and reason; the others are read."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import read_eval_log, write_eval_log

from agentic_misalignment import SuiteError
from agentic_misalignment.analysis.logs import usable_logs
from agentic_misalignment.cli import main
from tests.analysis.analysis_logs import foreign_log
from tests.evals import evaluated


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    log = evaluated(folder, "scripted/insider", worlds="totara-seed", seeds=1, conduct="none", preflight=False)
    return Path(log.location)


def _truncated(good: Path, folder: Path) -> Path:
    file = folder / "truncated.eval"
    file.write_bytes(good.read_bytes()[:2000])
    return file


def _damaged(good: Path, folder: Path) -> Path:
    """The middle of the file is overwritten; the directory at its end is whole."""
    file = folder / "damaged.eval"
    content = bytearray(good.read_bytes())
    place = content.index(b"summaries.json")
    content[place + 20 : place + 420] = b"\xff" * 400
    file.write_bytes(bytes(content))
    return file


def _no_log(good: Path, folder: Path) -> Path:
    file = folder / "text.eval"
    file.write_text("no log")
    return file


def _empty(good: Path, folder: Path) -> Path:
    file = folder / "empty.eval"
    file.touch()
    return file


def _in_progress(good: Path, folder: Path) -> Path:
    log = read_eval_log(str(good))
    log.status = "started"
    file = folder / "started.eval"
    write_eval_log(log, str(file))
    return file


def _foreign(good: Path, folder: Path) -> Path:
    return Path(foreign_log(folder).location)


BAD = {
    "truncated": (_truncated, "not an Inspect log"),
    "damaged": (_damaged, "a damaged log"),
    "no log": (_no_log, "not an Inspect log"),
    "empty": (_empty, "not an Inspect log"),
    "in progress": (_in_progress, "the run has not ended"),
    "foreign": (_foreign, "not a log of this suite"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_log_is_left_out_with_the_reason(kind: str, good: Path, tmp_path: Path) -> None:
    make, reason = BAD[kind]
    bad = make(good, tmp_path)
    copy = Path(shutil.copy(good, tmp_path / "good.eval"))

    found = usable_logs([tmp_path])

    assert found.files == (copy,)
    assert [each.file for each in found.left_out] == [str(bad)]
    assert found.left_out[0].reason.startswith(reason)


@pytest.mark.parametrize("kind", BAD)
def test_without_a_good_log_the_reason_is_the_error(kind: str, good: Path, tmp_path: Path) -> None:
    make, reason = BAD[kind]
    bad = make(good, tmp_path)

    with pytest.raises(SuiteError) as raised:
        usable_logs([bad])

    assert f"{bad}: {reason}" in raised.value.message
    assert "\n" not in raised.value.message


def test_a_command_names_what_it_leaves_out_and_prints_the_rest(good: Path, tmp_path: Path) -> None:
    bad = _no_log(good, tmp_path)

    result = CliRunner().invoke(main, ["rates", str(good), str(bad)])

    assert result.exit_code == 0
    assert f"NOTE: left out: {bad}: not an Inspect log" in result.stderr
    assert "explicit-replacement  scripted/insider" in result.stdout
