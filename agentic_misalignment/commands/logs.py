"""The logs that a command reads."""

from collections.abc import Iterable
from pathlib import Path

import click


def usable(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the logs that can be read, and say on stderr which are left out and why.

    Args:
        paths: Log files, or folders of them.

    Raises:
        SuiteError: If a path does not exist, or no log is left.
    """
    from agentic_misalignment.analysis.logs import usable_logs  # Inspect takes seconds to import

    found = usable_logs(paths)
    for each in found.left_out:
        click.echo(f"NOTE: left out: {each}", err=True)
    return found.files
