"""The command that makes the report."""

import os
import shlex
import sys
from pathlib import Path

import click

from agentic_misalignment.errors import SuiteError

_STUDY = "Result of a judge study: rates of the same judge and rubric are corrected for its errors. May be repeated."


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The page to write."
)
@click.option("--study", "studies", multiple=True, metavar="RESULT", type=click.Path(path_type=Path), help=_STUDY)
@click.option("--bundle", is_flag=True, help="Write the log viewer beside the page, and link the examples to it.")
@click.option(
    "--figures", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Write each figure here as well."
)
@click.option("--seed", default=1, show_default=True, type=int, help="Seed of the draw of example episodes.")
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def report(
    logs: tuple[Path, ...],
    output: Path,
    studies: tuple[Path, ...],
    bundle: bool,
    figures: Path | None,
    seed: int,
    overwrite: bool,
) -> None:
    """Write a report of logs as one self-contained page: LOGS are .eval files or folders."""
    viewer = output.with_name(f"{output.stem}-viewer")
    _check(output, [output, *([viewer] if bundle else [])], overwrite=overwrite)
    if figures:
        _check_figures(figures, overwrite=overwrite)
    from agentic_misalignment.analysis import read_result  # Inspect takes seconds to import
    from agentic_misalignment.analysis.logs import usable_logs
    from agentic_misalignment.analysis.report.drawing import write_figures
    from agentic_misalignment.analysis.report.page import make_report
    from agentic_misalignment.analysis.report.viewer import check_folder, check_names, write_viewer

    results = [read_result(path) for path in studies]
    found = usable_logs(logs)
    for each in found.left_out:
        click.echo(f"NOTE: left out: {each}", err=True)
    if bundle:
        check_names(found.files)
        check_folder(viewer, overwrite=overwrite)
    with click.progressbar(length=100, label="Report", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        made = make_report(
            found.files,
            studies=results,
            left_out=found.left_out,
            seed=seed,
            bundle=viewer.name if bundle else None,
            command=_command(logs, output, studies, bundle, figures, seed),
            progress=lambda share: bar.update(round(100 * share) - bar.pos),
        )
    if figures:
        written = write_figures(made.drawn, figures, overwrite=overwrite)
        click.echo(f"{figures}: {len(written)} files of {len(made.drawn)} figures")
    if bundle:
        write_viewer(found.files, viewer, overwrite=overwrite)
        click.echo(f"{viewer}: the log viewer; serve the folder with: python -m http.server -d {output.parent}")
    _write(output, made.page)
    click.echo(f"{output} is written; open it in a browser")


def _check(output: Path, made: list[Path], *, overwrite: bool) -> None:
    """Refuse before anything is read what could not be written afterwards."""
    for path in made:
        if path.exists() and not overwrite:
            raise SuiteError(f"{path}: exists; give --overwrite, or another name with -o")
    scratch = _scratch(output)
    try:
        scratch.touch()
        scratch.unlink()
    except OSError as error:
        raise SuiteError(f"{output}: cannot be written: {error.strerror}") from error


def _check_figures(folder: Path, *, overwrite: bool) -> None:
    if any(folder.glob("*.svg")) and not overwrite:
        raise SuiteError(f"{folder}: holds figures; give --overwrite, or another folder with --figures")
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise SuiteError(f"{folder}: cannot be written: {there} is no folder that can be written to")


def _write(output: Path, page: str) -> None:
    """Write the page under another name first: what stands under its own is whole."""
    scratch = _scratch(output)
    try:
        scratch.write_text(page, encoding="utf-8")
        scratch.replace(output)
    except OSError as error:
        raise SuiteError(f"{output}: cannot be written: {error.strerror}") from error


def _scratch(output: Path) -> Path:
    return output.with_name(f".{output.name}.part")


def _command(
    logs: tuple[Path, ...], output: Path, studies: tuple[Path, ...], bundle: bool, figures: Path | None, seed: int
) -> str:
    """Write the command with names alone: folders say whose machine it was."""
    parts = ["agentic-misalignment", "report", *(_name(path) for path in logs), "-o", _name(output)]
    for study in studies:
        parts += ["--study", _name(study)]
    parts += ["--bundle"] if bundle else []
    parts += ["--figures", _name(figures)] if figures else []
    return shlex.join([*parts, "--seed", str(seed)])


def _name(path: Path) -> str:
    return path.name or path.resolve().name
