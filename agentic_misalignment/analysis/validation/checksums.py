"""`SHA256SUMS`: every file is listed and unchanged."""

import re
from pathlib import Path

from agentic_misalignment.analysis.export.checksums import SUMS
from agentic_misalignment.analysis.export.logfile import digest

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def check(folder: Path) -> list[str]:
    """Compare all files with the checksums.

    Args:
        folder: The root of the export.

    Returns:
        One line for each file that was changed, is missing or is not listed, and each line that is no checksum.
    """
    listed: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate((folder / SUMS).read_text(encoding="utf-8").splitlines(), start=1):
        if match := _LINE.fullmatch(line):
            listed[match[2]] = match[1]
        else:
            faults.append(f"{SUMS}:{number}: not a checksum")
    present = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} - {SUMS}
    faults += [f"{name}: missing; {SUMS} lists it" for name in sorted(listed.keys() - present)]
    faults += [f"{name}: not listed in {SUMS}" for name in sorted(present - listed.keys())]
    changed = [name for name in sorted(present & listed.keys()) if digest(folder / name) != listed[name]]
    return [*faults, *(f"{name}: changed since the export" for name in changed)]
