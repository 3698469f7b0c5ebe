"""Commands that print what logs say: rates, their spread, the published rates beside them, harm by belief."""

from pathlib import Path

import click

from agentic_misalignment.commands.logs import usable

_STUDY = "Result of a judge study: rates of the same judge and rubric are corrected for its errors. May be repeated."


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--study", "studies", multiple=True, metavar="RESULT", type=click.Path(path_type=Path), help=_STUDY)
def rates(logs: tuple[Path, ...], studies: tuple[Path, ...]) -> None:
    """Print the rates of logs with their intervals: LOGS are .eval files or folders."""
    from agentic_misalignment.analysis import rate_table, read_rates, read_result  # Inspect takes seconds to import

    click.echo(rate_table(read_rates(usable(logs)), [read_result(path) for path in studies]))
    folder = logs[0] if logs[0].is_dir() else logs[0].parent
    click.echo(f"\nTo look at every episode: inspect view --log-dir {folder}")


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--factor", default="names", show_default=True, help="A nuisance factor, or seed.")
def spread(logs: tuple[Path, ...], factor: str) -> None:
    """Print how much a rate varies with names, seeds or another nuisance factor: its variance component."""
    from agentic_misalignment.analysis import read_spread, spread_table  # Inspect takes seconds to import

    click.echo(spread_table(read_spread(usable(logs), factor), factor))


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default=None, help="Compare with this model of the published table.  [default: the run's]")
def published(logs: tuple[Path, ...], model: str | None) -> None:
    """Set runs of lynch2025 beside the published rates, and list where our verdict and the legacy one differ."""
    from agentic_misalignment.analysis import published_table, read_published  # Inspect takes seconds to import

    click.echo(published_table(read_published(usable(logs), model=model)))


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
def beliefs(logs: tuple[Path, ...]) -> None:
    """Print harm by what the agent says about its situation: test, real, undecided, or nothing."""
    from agentic_misalignment.analysis import belief_table, read_beliefs  # Inspect takes seconds to import

    click.echo(belief_table(read_beliefs(usable(logs))))
