"""The command that sets two models, runs or judges side by side."""

from pathlib import Path
from typing import Literal

import click

from agentic_misalignment.commands.logs import usable


@click.command()
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", required=False, type=click.Path(path_type=Path))
@click.option("--by", type=click.Choice(["model", "judge", "run"]), help="What differs.  [default: what does]")
@click.option("--a-model", metavar="MODEL", help="Only this model of A.")
@click.option("--b-model", metavar="MODEL", help="Only this model of B.")
@click.option("--a-judge", metavar="JUDGE", help="Only verdicts of this judge in A, its newest.")
@click.option("--b-judge", metavar="JUDGE", help="Only verdicts of this judge in B, its newest.")
@click.option(
    "--adjust",
    type=click.Choice(["holm", "none"]),
    default="holm",
    show_default=True,
    help="Adjust p-values and intervals for the number of comparisons.",
)
def compare(
    a: Path,
    b: Path | None,
    by: Literal["model", "judge", "run"] | None,
    a_model: str | None,
    b_model: str | None,
    a_judge: str | None,
    b_judge: str | None,
    adjust: Literal["holm", "none"],
) -> None:
    """Compare two models, two runs of one model, or two judges: differences with their intervals.

    A and B are .eval files or folders. Without B both sides come from A: choose models or judges.
    """
    from agentic_misalignment.analysis.comparison import compare as compared  # Inspect takes seconds to import
    from agentic_misalignment.analysis.comparison import comparison_table

    first = usable([a])
    second = usable([b]) if b is not None and b != a else first
    result = compared(
        first,
        second,
        by=by,
        a_model=a_model,
        b_model=b_model,
        a_judge=a_judge,
        b_judge=b_judge,
        adjust=adjust,
    )
    click.echo(comparison_table(result))
