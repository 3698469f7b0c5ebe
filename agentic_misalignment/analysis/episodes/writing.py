"""The episodes table as a file, in memory that does not grow with it."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from pyarrow import csv, ipc, parquet

from agentic_misalignment.analysis.episodes.dictionary import SCHEMA
from agentic_misalignment.analysis.episodes.once import Once
from agentic_misalignment.analysis.episodes.rows import read_rows
from agentic_misalignment.analysis.logs import LeftOut, log_files, newest_attempts
from agentic_misalignment.errors import SuiteError

ROW_GROUP = 10_000
"""Rows of a row group of a Parquet file at least, but for the last one."""

_WRITERS: dict[str, Callable[[Path], Any]] = {
    ".parquet": lambda path: parquet.ParquetWriter(path, SCHEMA, compression="zstd"),
    ".csv": lambda path: csv.CSVWriter(path, SCHEMA),
}


def write_episodes(
    files: Iterable[Path],
    output: Path,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
    left_out: Callable[[LeftOut], None] | None = None,
) -> int:
    """Write the episodes table; see `COLUMNS` for what is in it and `read_frame` for which episodes are.

    The rows of each log are laid down in a folder beside the output, and the output is made of them at the end, so that
    a log that cannot be read to its end leaves no rows and a failure leaves no file.

    Args:
        files: Log files, or folders of them.
        output: A file that ends in `.parquet` or `.csv`.
        overwrite: Whether an output that exists is replaced.
        progress: Called with the bytes of logs that were read since the last call.
        left_out: Called with each log that is left out: an earlier attempt at a run (see `newest_attempts`), or one
            that cannot be read. Without it the latter is an error.

    Returns:
        How many episodes were written.

    Raises:
        SuiteError: If the output exists or cannot be written, there is no log, or none that can be read.
    """
    _check(output, overwrite=overwrite)
    found, earlier = newest_attempts(log_files(files))
    if left_out:
        for each in earlier:
            left_out(each)
    with _beside(output) as folder:
        parts = _lay_down(found, folder, progress or (lambda size: None), left_out or _refuse)
        count = _join(parts, folder / output.name)
        os.replace(folder / output.name, output)
    return count


def _check(output: Path, *, overwrite: bool) -> None:
    if output.suffix not in _WRITERS:
        raise SuiteError(f"{output}: unknown ending '{output.suffix}'; valid: {', '.join(_WRITERS)}")
    if output.is_dir():
        raise SuiteError(f"{output}: a folder; expected the name of a file")
    if output.exists() and not overwrite:
        raise SuiteError(f"{output}: exists already; give another name, or --overwrite")


@contextmanager
def _beside(output: Path) -> Iterator[Path]:
    """Make a folder for work beside the output, so that the finished file can be renamed into its place."""
    try:
        with TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise SuiteError(f"{output}: cannot be written: {error.strerror or error}") from error


def _refuse(log: LeftOut) -> None:
    raise SuiteError(str(log))


def _lay_down(
    files: Sequence[str], folder: Path, progress: Callable[[int], None], left_out: Callable[[LeftOut], None]
) -> list[Path]:
    """Write the rows of each log into a file of its own; the last log first, since of copies the last counts."""
    once, parts, reasons = Once(), [], []
    for number, file in reversed(list(enumerate(files))):
        part = folder / f"{number}.arrow"
        try:
            _write_part(file, part, once, progress)
        except SuiteError as error:
            once.forget()
            reasons.append(LeftOut(file=file, reason=error.message.removeprefix(f"{file}: ")))
            left_out(reasons[-1])
        else:
            once.keep()
            parts.append(part)
    if not parts:
        raise SuiteError(f"no log of this suite to read: {'; '.join(map(str, reversed(reasons)))}")
    return parts[::-1]


def _write_part(file: str, part: Path, once: Once, progress: Callable[[int], None]) -> None:
    size, told = _size(file), 0
    with ipc.new_stream(str(part), SCHEMA, options=ipc.IpcWriteOptions(compression="zstd")) as stream:
        for rows, share in read_rows(file):
            stream.write_table(once.new(rows))
            progress(int(share * size) - told)
            told = int(share * size)
    progress(size - told)


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size
    except OSError as error:
        raise SuiteError(f"{file}: cannot be read: {error.strerror or error}") from error


def _join(parts: Sequence[Path], whole: Path) -> int:
    count = 0
    with _WRITERS[whole.suffix](whole) as writer:
        for table in _row_groups(parts):
            writer.write_table(table)
            count += table.num_rows
    return count


def _row_groups(parts: Sequence[Path]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for part in parts:
        with ipc.open_stream(str(part)) as stream:
            for batch in stream:
                waiting.append(batch)
                if sum(each.num_rows for each in waiting) >= ROW_GROUP:
                    yield pa.Table.from_batches(waiting, SCHEMA)
                    waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting, SCHEMA)
