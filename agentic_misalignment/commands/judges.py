"""Commands about judges: what one reads, what one is worth, and labels by people."""

from pathlib import Path

import click

from agentic_misalignment.errors import SuiteError


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
@click.argument("sample")
@click.option("--epoch", default=1, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--question",
    default="headline",
    show_default=True,
    type=click.Choice(["headline", "belief", "conduct"]),
    help="For which question.",
)
@click.option("--request", is_flag=True, help="Print the whole request to the judge, not only the dossier.")
def dossier(log: Path, sample: str, epoch: int, question: str, request: bool) -> None:
    """Print what a judge reads of one episode: SAMPLE is the sample's id in LOG."""
    from agentic_misalignment.analysis import read_dossier  # Inspect takes seconds to import

    click.echo(read_dossier(log, sample, epoch=epoch, question=question, request=request))


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the result as JSON; for one log.")
def study(logs: tuple[Path, ...], output: Path | None) -> None:
    """Print what a judge is worth: LOGS are those of the task judge_study."""
    from agentic_misalignment.analysis import read_study, study_table, write_result  # Inspect takes seconds to import

    results = read_study(logs)
    click.echo("\n\n".join(study_table(result) for result in results))
    if output is None:
        return
    if len(results) != 1:
        raise SuiteError(f"-o {output}: {len(results)} logs were given; a result file is of one")
    write_result(results[0], output)
    click.echo(f"\n{output} is written; agentic-misalignment rates LOGS --study {output} takes it")


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The sheet to write, .csv or .jsonl; or the scores."
)
@click.option("--filled", type=click.Path(path_type=Path), help="The sheet, filled in.")
@click.option("--limit", type=click.IntRange(min=1), help="Only so many episodes, drawn by --seed.")
@click.option("--seed", default=1, show_default=True, type=int, help="Seed of the draw and of the order.")
def label(log: Path, output: Path | None, filled: Path | None, limit: int | None, seed: int) -> None:
    """Have people label episodes: write a sheet of blinded dossiers of LOG, or read the filled sheet.

    Without --filled the sheet is written. With it the agreement of judge and people is printed, and with -o their
    labels are written as scores that inspect score adds to the log.
    """
    from agentic_misalignment.analysis import (  # Inspect takes seconds to import
        human_table,
        read_sheet,
        write_human_scores,
        write_sheet,
    )

    if filled is None:
        if output is None:
            raise SuiteError("label: give the sheet to write with -o, or the filled one with --filled")
        count = write_sheet(log, output, limit=limit, seed=seed)
        click.echo(
            f"{output}: {count} episodes; fill in verdict, belief, conduct and rater, then give it with --filled"
        )
        return
    rows = read_sheet(log, filled)
    click.echo(human_table(log, rows))
    if output is not None:
        write_human_scores(rows, output)
        command = f"inspect score {log} --scorer agentic_misalignment/human -S scores={output} --action append"
        click.echo(f"\n{output} is written; to add it to the log: {command}")
