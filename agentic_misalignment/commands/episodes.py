"""The command that writes the episodes table."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click


def _print_columns(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from agentic_misalignment.analysis.episodes.dictionary import dictionary_rows  # Inspect takes seconds to import
    from agentic_misalignment.analysis.table import aligned

    click.echo("\n".join(aligned(dictionary_rows())))
    context.exit()


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The file to write, .parquet or .csv."
)
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@click.option(
    "--columns",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_columns,
    help="Print what the columns are.",
)
def episodes(logs: tuple[Path, ...], output: Path, overwrite: bool) -> None:
    """Write one row for each episode of LOGS, .eval files or folders: design, status, evidence, verdicts, cost."""
    from agentic_misalignment.analysis.episodes import COLUMNS, write_episodes  # Inspect takes seconds to import
    from agentic_misalignment.analysis.logs import LeftOut, log_files

    left_out: list[LeftOut] = []
    size = sum(Path(file).stat().st_size for file in log_files(logs))
    with _bar(size) as update:
        count = write_episodes(logs, output, overwrite=overwrite, progress=update, left_out=left_out.append)
    for each in reversed(left_out):
        click.echo(f"NOTE: left out: {each}", err=True)
    click.echo(f"{output}: {count} episodes, {len(COLUMNS)} columns; episodes --columns says what they are")


@contextmanager
def _bar(size: int) -> Iterator[Callable[[int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=size, label="Reading logs", file=sys.stderr) as bar:
        yield bar.update
