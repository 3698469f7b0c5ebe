"""Runs of `inspect eval-set` that are killed half-way and started again."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log
from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 900
"""Seconds after which a run that finishes nothing is given up."""

Key = tuple[str, str, int]
"""Model, sample and epoch."""


class Resumed(BaseModel):
    """What a run held when it was killed, and when its second start had ended."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    killed: dict[Key, str]
    """The finished episodes of the killed run, with their uuid."""

    finished: list[tuple[Key, str]]
    """The episodes of the logs that ended well, with their uuid."""

    statuses: list[str]
    """Of all logs, sorted."""


def killed_and_resumed(
    options: Sequence[str], *, log_dir: str, folder: Path, work: Path, after: int, environment: dict[str, str]
) -> Resumed:
    """Start an eval set, kill its process group when some episodes have finished, and start it again.

    Args:
        options: Options of `inspect eval-set`.
        log_dir: Where Inspect writes the logs.
        folder: Where the same logs can be read.
        work: A folder for the data and cache of Inspect.
        after: How many finished episodes the logs shall have when it is killed.
        environment: Further environment variables.
    """
    command = [str(BIN / "inspect"), "eval-set", *options, "--log-dir", log_dir]
    surroundings = {
        **os.environ,
        "XDG_DATA_HOME": str(work / "data"),
        "XDG_CACHE_HOME": str(work / "cache"),
        "INSPECT_DISPLAY": "none",
        **environment,
    }
    with (work / "first.txt").open("w") as output:
        first = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait(first, folder, after)
        finally:
            if first.poll() is None:
                os.killpg(first.pid, signal.SIGKILL)
                first.wait()
    killed = {key: uuid for log in logs(folder) for key, uuid in episodes(log)}
    second = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stdout + second.stderr
    found = logs(folder)
    return Resumed(
        folder=folder,
        killed=killed,
        finished=[pair for log in found if log.status == "success" for pair in episodes(log)],
        statuses=sorted(log.status for log in found),
    )


def logs(folder: Path) -> list[EvalLog]:
    """The logs of a folder."""
    return [read_eval_log(info) for info in list_eval_logs(str(folder))]


def episodes(log: EvalLog) -> list[tuple[Key, str]]:
    """The episodes of a log, with their uuid."""
    return [((log.eval.model, str(each.id), each.epoch), each.uuid or "") for each in log.samples or []]


def _wait(process: "subprocess.Popen[bytes]", folder: Path, after: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _written(folder) < after:
        assert process.poll() is None, f"the run ended before it was killed: see {folder}"
        assert time.monotonic() < deadline, "no episode finished"
        time.sleep(0.02)


def _written(folder: Path) -> int:
    return sum(_samples(file) for file in folder.glob("*.eval"))


def _samples(file: Path) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(name.startswith("samples/") for name in archive.namelist())
    except zipfile.BadZipFile:  # it is being written
        return 0
