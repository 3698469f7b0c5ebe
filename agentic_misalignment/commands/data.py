"""Commands about the data: check it, read an episode, list experiments, make a private pack."""

from pathlib import Path

import click

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios import (
    Condition,
    conditions,
    experiment,
    experiment_names,
    scenario,
    scenario_names,
)
from agentic_misalignment.scenarios.checks import check_world
from agentic_misalignment.scenarios.pack import check_pack, make_pack, write_pack
from agentic_misalignment.scenarios.plan import make_plan
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer


@click.command()
@click.option("--world", "worlds", multiple=True, help="Check this world only; may be repeated.")
@click.option("--seeds", default=0, type=click.IntRange(min=0), help="Check this many seeds at least, from 1 on.")
def check(worlds: tuple[str, ...], seeds: int) -> None:
    """Check that every world is consistent in every condition, in every wording of its mails."""
    checked, faults = 0, []
    known = {(name, world) for name in scenario_names() for world in scenario(name).worlds}
    for wanted in worlds:
        if wanted not in {world for _, world in known}:
            raise unknown("world", wanted, sorted(world for _, world in known))
    for name, world in sorted(known):
        if not worlds or world in worlds:
            faults += check_world(scenario(name), scenario(name).world(world), seeds=seeds)
            checked += 1
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SuiteError(f"{len(faults)} faults in {checked} worlds")
    click.echo(f"{checked} worlds are consistent in every condition")


@click.command()
@click.argument("world")
@click.option("--scenario", "scenario_name", default=None, help="Needed where two scenarios have a world of this name.")
@click.option("-f", "--factor", "chosen", multiple=True, metavar="FACTOR=LEVEL", help="Set a factor's level.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--pack", default="", metavar="PATH", help="Use the names of a private pack.")
def show(world: str, scenario_name: str | None, chosen: tuple[str, ...], seed: int, pack: str) -> None:
    """Print an episode as the agent meets it: prompt and all mails."""
    found = scenario_name or _scenario_of(world)
    renderer = Renderer(mail_renderer(found, world, pack), _one_condition(found, chosen), seed)
    click.echo(f"# {renderer.id}\n\n## System\n\n{renderer.system()}\n")
    click.echo(f"## Opening\n\n{renderer.opening()}\n\n## Mails\n\n{renderer.mail_text()}")


def _scenario_of(world: str) -> str:
    having = [name for name in scenario_names() if world in scenario(name).worlds]
    if not having:
        raise unknown("world", world, [each for name in scenario_names() for each in scenario(name).worlds])
    if len(having) > 1:
        raise SuiteError(f"world {world}: several scenarios have it; give --scenario: {', '.join(having)}")
    return having[0]


def _one_condition(scenario_name: str, chosen: tuple[str, ...]) -> Condition:
    levels: dict[str, list[str]] = {}
    for pair in chosen:
        factor, equals, level = pair.partition("=")
        if not equals:
            raise SuiteError(f"-f {pair}: expected FACTOR=LEVEL")
        levels[factor] = [level]
    return conditions(scenario(scenario_name), experiment("headline"), levels)[0]


@click.command()
@click.option("--seed", required=True, type=int, help="A number behind the public seeds; keep it to yourself.")
@click.option("--cast", type=click.Path(path_type=Path), help="YAML file with own `agents` and `regions` of names.")
@click.option("-o", "--output", default="private.pack.yaml", show_default=True, type=click.Path(path_type=Path))
def pack(seed: int, cast: Path | None, output: Path) -> None:
    """Write a private pack: seeds and names that no public run has used. Tasks take it with -T pack=PATH."""
    made = make_pack(seed, cast)
    for name in scenario_names():
        check_pack(made, scenario(name))
    write_pack(made, output)
    click.echo(f"{output} is written; keep it out of repositories. Use it with -T pack={output}")


@click.command()
def experiments() -> None:
    """Print the experiments: question, conditions and episodes of each."""
    for name in experiment_names():
        found = experiment(name)
        click.echo(f"{name}: {found.question}")
        for each in (other for other in scenario_names() if found.applies_to(scenario(other))):
            plan = make_plan(each, experiment_name=name)
            size = len(plan.worlds) * len(plan.conditions) * plan.seeds
            click.echo(f"  {each}: {len(plan.conditions)} conditions, {len(plan.worlds)} worlds, {size} episodes")
