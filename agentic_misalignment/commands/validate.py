"""Command that checks an export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from agentic_misalignment.analysis.validation import Check

_SHOWN = 20
"""Faults of one validator that are printed."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--environments",
    default=Path(".venv-validate"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder of the environments of validators that cannot share this one; make validate makes it.",
)
@click.pass_context
def validate(context: click.Context, folder: Path, environments: Path) -> None:
    """Check an export with the validators of those who take it, without network.

    FOLDER is what `agentic-misalignment export` wrote. Exit code: 0 if everything ran and passed, 1 if there is a
    fault, 2 if something was not run.
    """
    from agentic_misalignment.analysis.table import aligned
    from agentic_misalignment.analysis.validation import exit_code
    from agentic_misalignment.analysis.validation import validate as run  # Inspect takes seconds to import

    checks = run(folder, environments=environments, started=_tell)
    rows = [("validator", "result", "what"), *((check.name, check.state, check.detail) for check in checks)]
    click.echo("\n".join(aligned(rows)))
    for check in checks:
        _print_faults(check)
    context.exit(exit_code(checks))


def _tell(name: str) -> None:
    """Say on a terminal what is running; the validators take from a blink to minutes."""
    if sys.stderr.isatty():
        click.echo(f"{name} …", err=True)


def _print_faults(check: "Check") -> None:
    for fault in check.faults[:_SHOWN]:
        click.echo(f"FAULT: {check.name}: {fault}")
    if len(check.faults) > _SHOWN:
        click.echo(f"FAULT: {check.name}: and {len(check.faults) - _SHOWN} more")
