"""The logs behind paths: which of them can be read as runs of this suite, and why the others cannot."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from zipfile import BadZipFile

from inspect_ai.log import EvalLog, EvalSampleSummary, list_eval_logs, read_eval_log, read_eval_log_sample_summaries
from pydantic import BaseModel, ConfigDict
from zstandard import ZstdError

from agentic_misalignment.errors import SuiteError

UNREADABLE = (ValueError, OSError, KeyError, EOFError, BadZipFile, zlib.error, ZstdError)
"""What Inspect's readers raise on a file that is no log, or a damaged one."""


class LeftOut(BaseModel):
    """A log that is not read, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class UsableLogs(BaseModel):
    """The logs of some paths, sorted into those that can be read and those that are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]


def usable_logs(paths: Iterable[Path]) -> UsableLogs:
    """Find the logs of this suite among paths.

    Args:
        paths: Log files, or folders of them.

    Returns:
        The files that can be read to their end, sorted, and those that cannot, with the reason.

    Raises:
        SuiteError: If a path does not exist, or no log is left.
    """
    newest, left_out = newest_attempts(log_files(paths))
    files: list[Path] = []
    for file in newest:
        try:
            read_header(file)
            read_summaries(file)
        except SuiteError as error:
            left_out.append(LeftOut(file=file, reason=error.message.removeprefix(f"{file}: ")))
        else:
            files.append(Path(file))
    if not files:
        raise SuiteError(f"no log of this suite to read: {'; '.join(map(str, left_out))}")
    return UsableLogs(files=tuple(files), left_out=tuple(sorted(left_out, key=lambda each: each.file)))


def newest_attempts(files: Sequence[str]) -> tuple[list[str], list[LeftOut]]:
    """Leave out logs whose every episode was taken over or run anew by a later attempt at the same run.

    `inspect eval-retry` and `inspect eval-set` take over what was finished and run again what ended with an error.
    Where both logs are kept, the errors would count beside the episodes that replaced them. A log that was scored
    again is no other attempt, and what cannot be read stays.

    Args:
        files: Log files.

    Returns:
        The files without these, and these with the later attempt.
    """
    runs: dict[str, list[tuple[str, EvalLog]]] = defaultdict(list)
    for file in files if len(files) > 1 else ():
        try:
            header = read_header(file)
        except SuiteError:
            continue
        runs[header.eval.task_id].append((file, header))
    replaced = {
        each.file: each
        for attempts in runs.values()
        if len({header.eval.eval_id for _, header in attempts}) > 1
        for each in _replaced(attempts)
    }
    return [file for file in files if file not in replaced], list(replaced.values())


def newest_log_files(paths: Iterable[Path]) -> list[str]:
    """Return the log files behind paths, sorted, without earlier attempts; see `log_files` and `newest_attempts`.

    Args:
        paths: Log files, or folders of them.

    Raises:
        SuiteError: If a path does not exist or there is no log.
    """
    return newest_attempts(log_files(paths))[0]


def _replaced(attempts: Sequence[tuple[str, EvalLog]]) -> Iterable[LeftOut]:
    samples = {file: _samples(file) for file, _ in attempts}
    newest_first = sorted(attempts, key=lambda attempt: attempt[1].eval.created, reverse=True)
    for file, header in attempts:
        for other, later in newest_first:
            again = later.eval.eval_id != header.eval.eval_id and later.eval.created > header.eval.created
            if again and samples[file] and samples[file].keys() <= samples[other].keys():
                errors = sum(samples[file].values())
                ended = f"; {errors} of them ended with an error here" if errors else ""
                yield LeftOut(file=file, reason=f"an earlier attempt, its episodes stand in {other}{ended}")
                break


def _samples(file: str) -> dict[tuple[str, int], bool]:
    """Return which samples a log has, and whether each ended with an error."""
    try:
        return {(str(sample.id), sample.epoch): sample.error is not None for sample in read_summaries(file)}
    except SuiteError:
        return {}


def log_files(paths: Iterable[Path]) -> list[str]:
    """Return the log files behind paths, sorted.

    Args:
        paths: Log files, or folders of them.

    Raises:
        SuiteError: If a path does not exist or there is no log.
    """
    found: list[str] = []
    for path in paths:
        if not path.exists():
            raise SuiteError(f"{path}: no such file or folder; expected an Inspect log (.eval) or a folder of logs")
        found += [local_path(info.name) for info in list_eval_logs(str(path))] if path.is_dir() else [str(path)]
    if not found:
        raise SuiteError(f"no logs in {', '.join(map(str, paths))}")
    return sorted(set(found))


def local_path(name: str) -> str:
    """Return the path of a file that Inspect names by a URL."""
    return url2pathname(urlsplit(name).path) if name.startswith("file:") else name


def read_header(file: str) -> EvalLog:
    """Read the header of a log of this suite.

    Args:
        file: The log.

    Raises:
        SuiteError: If it is no log, one of another suite, or of a run that has not ended.
    """
    try:
        log = read_eval_log(file, header_only=True)
    except UNREADABLE as error:
        raise SuiteError(f"{file}: not an Inspect log: {error}") from error
    if not isinstance((log.eval.metadata or {}).get("scenario"), str):
        raise SuiteError(f"{file}: not a log of this suite: its task metadata names no scenario")
    if log.status == "started":
        raise SuiteError(f"{file}: the run has not ended; wait for it, or take it up again with inspect eval-retry")
    return log


def read_summaries(file: str) -> list[EvalSampleSummary]:
    """Read the summaries of a log's samples, with their scores.

    Args:
        file: The log.

    Raises:
        SuiteError: If the log is damaged.
    """
    try:
        return read_eval_log_sample_summaries(file)
    except UNREADABLE as error:
        raise SuiteError(f"{file}: a damaged log: {error}") from error
