"""Checksums of everything in an export."""

from pathlib import Path

from agentic_misalignment.analysis.export.logfile import digest

SUMS = "SHA256SUMS"


def write_checksums(folder: Path) -> Path:
    """Write `SHA256SUMS` over all files of a folder, for `sha256sum -c`.

    Args:
        folder: The root of the export.

    Returns:
        The file that was written.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file != folder / SUMS)
    lines = [f"{digest(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    return folder / SUMS
