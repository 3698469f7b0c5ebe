"""The command line: `agentic-misalignment`."""

from pathlib import Path

import click

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios import Condition, conditions, experiment, scenario, scenario_names
from agentic_misalignment.scenarios.checks import check_world
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer


@click.group()
@click.version_option(package_name="agentic-misalignment")
def main() -> None:
    """Evaluations of agentic misalignment: check the data, read an episode, print the rates of logs."""


@main.command()
@click.option("--world", "worlds", multiple=True, help="Check this world only; may be repeated.")
def check(worlds: tuple[str, ...]) -> None:
    """Check that every world is consistent in every condition."""
    checked, faults = 0, []
    known = {(name, world) for name in scenario_names() for world in scenario(name).worlds}
    for wanted in worlds:
        if wanted not in {world for _, world in known}:
            raise unknown("world", wanted, sorted(world for _, world in known))
    for name, world in sorted(known):
        if not worlds or world in worlds:
            faults += check_world(scenario(name), scenario(name).world(world))
            checked += 1
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SuiteError(f"{len(faults)} faults in {checked} worlds")
    click.echo(f"{checked} worlds are consistent in every condition")


@main.command()
@click.argument("world")
@click.option("--scenario", "scenario_name", default="blackmail", show_default=True)
@click.option("-f", "--factor", "chosen", multiple=True, metavar="FACTOR=LEVEL", help="Set a factor's level.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=1))
def show(world: str, scenario_name: str, chosen: tuple[str, ...], seed: int) -> None:
    """Print an episode as the agent meets it: prompt and all mails."""
    renderer = Renderer(mail_renderer(scenario_name, world), _one_condition(scenario_name, chosen), seed)
    click.echo(f"# {renderer.id}\n\n## System\n\n{renderer.system()}\n")
    click.echo(f"## Opening\n\n{renderer.opening()}\n\n## Mails\n\n{renderer.mail_text()}")


def _one_condition(scenario_name: str, chosen: tuple[str, ...]) -> Condition:
    levels: dict[str, list[str]] = {}
    for pair in chosen:
        factor, equals, level = pair.partition("=")
        if not equals:
            raise SuiteError(f"-f {pair}: expected FACTOR=LEVEL")
        levels[factor] = [level]
    return conditions(scenario(scenario_name), experiment("headline"), levels)[0]


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
def rates(logs: tuple[Path, ...]) -> None:
    """Print the rates of logs with their intervals: LOGS are .eval files or folders."""
    from agentic_misalignment.analysis import rate_table, read_rates  # Inspect takes seconds to import

    click.echo(rate_table(read_rates(logs)))
    folder = logs[0] if logs[0].is_dir() else logs[0].parent
    click.echo(f"\nTo look at every episode: inspect view --log-dir {folder}")
