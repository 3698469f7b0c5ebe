"""Writing a log so that the same log makes the same bytes."""

import hashlib
import struct
from pathlib import Path
from zipfile import ZipFile

from inspect_ai.log import EvalLog, write_eval_log

_FIXED_TIME = struct.pack("<HH", 0, 0x21)
"""Midnight of 1 January 1980, the first time that a zip archive can hold."""

_LOCAL_TIME, _CENTRAL_TIME, _CENTRAL_LENGTHS, _CENTRAL_SIZE = 10, 12, 28, 46
"""Offsets in the headers of a zip archive: PKWARE's APPNOTE, sections 4.3.7 and 4.3.12."""


def write_log(log: EvalLog, file: Path) -> str:
    """Write a log without the time of writing.

    Args:
        log: The log.
        file: The file, ending in `.eval`.

    Returns:
        The SHA-256 of the file, hexadecimal.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    write_eval_log(log, file)
    _fix_times(file)
    return digest(file)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fix_times(file: Path) -> None:
    """Set the time of every entry of a zip archive to a fixed one, in place.

    Entries cannot be written anew: Inspect compresses them in a way that Python's own reader does not know.
    """
    with ZipFile(file) as archive:
        entries, central = archive.infolist(), archive.start_dir
    content = bytearray(file.read_bytes())
    for entry in entries:
        content[entry.header_offset + _LOCAL_TIME : entry.header_offset + _LOCAL_TIME + 4] = _FIXED_TIME
    for _ in entries:
        content[central + _CENTRAL_TIME : central + _CENTRAL_TIME + 4] = _FIXED_TIME
        lengths = struct.unpack_from("<HHH", content, central + _CENTRAL_LENGTHS)
        central += _CENTRAL_SIZE + sum(lengths)
    file.write_bytes(content)
