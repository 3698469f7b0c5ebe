"""The command that writes results in the forms in which others publish them."""

import sys
from pathlib import Path

import click

from agentic_misalignment.commands.logs import usable

_TARGET = "What is written, separated by commas: register, results, eee, hub, configs, bundle.  [default: all]"
_ABOUT = "YAML file with what logs cannot say: repository_url, arxiv, contributors, organization …"
_FULL = "Keep the texts of episodes whose outcome is harmful or not known."
_ALLOW = "Export in spite of a fault, and say so: dirty, invalid, no_commit, no_judge, no_value, not_ended. Repeatable."


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The new folder.")
@click.option("--target", "targets", default=None, metavar="NAMES", help=_TARGET)
@click.option("--about", "about_file", default=None, metavar="FILE", type=click.Path(path_type=Path), help=_ABOUT)
@click.option("--full", is_flag=True, help=_FULL)
@click.option("--allow", "allowed", multiple=True, metavar="FAULT", help=_ALLOW)
@click.option("--overwrite", is_flag=True, help="Replace an earlier export.")
def export(
    logs: tuple[Path, ...],
    output: Path,
    targets: str | None,
    about_file: Path | None,
    full: bool,
    allowed: tuple[str, ...],
    overwrite: bool,
) -> None:
    """Write results for others, redacted: register entries, tables, records, configurations, a log viewer.

    LOGS are .eval files or folders.
    """
    from agentic_misalignment.analysis.export import ALL, read_about  # Inspect takes seconds to import
    from agentic_misalignment.analysis.export import export as write

    chosen = ALL if targets is None else tuple(name.strip() for name in targets.split(","))
    about, files = read_about(about_file), usable(logs)
    with click.progressbar(length=len(files) + len(chosen), label="Exporting", file=sys.stderr) as bar:
        remarks = write(
            files,
            output,
            targets=chosen,
            about=about,
            full=full,
            allowed=allowed,
            overwrite=overwrite,
            done=lambda: bar.update(1),
        )
    for remark in remarks:
        click.echo(f"WARNING: {remark}.", err=True)
    click.echo(f"{output}: written. To check it: agentic-misalignment validate {output}")
