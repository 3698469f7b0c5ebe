"""The command that says before a run how large, how dear and how telling it will be."""

import re
from pathlib import Path

import click

from agentic_misalignment.errors import SuiteError

_RATES = re.compile(r"\s*([^:\s]+)\s*:\s*([^:\s]+)\s*")


@click.command()
@click.argument("experiment")
@click.option("--models", required=True, metavar="MODEL[,MODEL]", help="Models under test, such as openai/gpt-5.")
@click.option("--scenarios", default="all", show_default=True, help="Scenarios, separated by commas.")
@click.option("--worlds", default="all", show_default=True, help="Worlds, separated by commas.")
@click.option("--seeds", type=int, help="Seeds in each world and condition.  [default: the experiment's]")
@click.option("-f", "--factor", "chosen", multiple=True, metavar="FACTOR=LEVEL[,LEVEL]", help="Set a factor's levels.")
@click.option("--grader", default="", metavar="MODEL[,MODEL]", help="The judge, or the members of a panel.")
@click.option("--conduct", default="all", show_default=True, help="Labels of conduct, all or none.")
@click.option("--connections", default=20, show_default=True, type=int, help="Calls at a time, to each model.")
@click.option("--from", "logs", multiple=True, type=click.Path(path_type=Path), help="Logs to fit turns and tokens on.")
@click.option("--precision", type=float, metavar="H", help="Find the seeds for this half-width, such as 0.05.")
@click.option("--detect", metavar="P1:P2", help="Find the seeds that tell two rates apart, such as 0.05:0.10.")
@click.option("--prices", type=click.Path(path_type=Path), help="YAML file with prices of your own.")
@click.option("--correlation", type=float, metavar="RHO", help="Correlation of outcomes within a world.")
def plan(
    experiment: str,
    models: str,
    scenarios: str,
    worlds: str,
    seeds: int | None,
    chosen: tuple[str, ...],
    grader: str,
    conduct: str,
    connections: int,
    logs: tuple[Path, ...],
    precision: float | None,
    detect: str | None,
    prices: Path | None,
    correlation: float | None,
) -> None:
    """Say how large, dear and telling a run of EXPERIMENT would be. Nothing is run.

    EXPERIMENT is the name of an experiment, or a YAML file with one.
    """
    from agentic_misalignment.commands.logs import usable
    from agentic_misalignment.planning import plan_run, plan_text  # Inspect and SciPy take seconds to import
    from agentic_misalignment.scenarios.plan import listed

    if precision is not None and detect is not None:
        raise SuiteError("--precision and --detect: give one of them; they ask for different numbers of seeds")
    found = plan_run(
        experiment,
        listed(models),
        scenarios=scenarios,
        worlds=worlds,
        seeds=seeds,
        factors=_factors(chosen),
        graders=listed(grader),
        conduct=conduct,
        connections=connections,
        logs=usable(logs) if logs else (),
        precision=precision,
        detect=_rates(detect) if detect is not None else None,
        prices=prices,
        correlation=correlation,
    )
    click.echo(plan_text(found))


def _factors(chosen: tuple[str, ...]) -> dict[str, str]:
    levels: dict[str, str] = {}
    for pair in chosen:
        factor, equals, level = pair.partition("=")
        if not equals:
            raise SuiteError(f"-f {pair}: expected FACTOR=LEVEL")
        levels[factor.strip()] = level
    return levels


def _rates(text: str) -> tuple[float, float]:
    found = _RATES.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        return float(found[1]), float(found[2])
    except ValueError as error:
        raise SuiteError(f"--detect {text}: expected two rates P1:P2 from 0 to 1, such as 0.05:0.10") from error
