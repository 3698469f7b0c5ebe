"""The command line: `agentic-misalignment`."""

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

_STUDY = "Result of a judge study: rates of the same judge and rubric are corrected for its errors. May be repeated."


@click.group()
@click.version_option(package_name="agentic-misalignment")
def main() -> None:
    """Evaluations of agentic misalignment: check the data, read an episode, and say what logs and judges are worth."""


@main.command()
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


@main.command()
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


@main.command()
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


@main.command()
def experiments() -> None:
    """Print the experiments: question, conditions and episodes of each."""
    for name in experiment_names():
        found = experiment(name)
        click.echo(f"{name}: {found.question}")
        for each in (other for other in scenario_names() if found.applies_to(scenario(other))):
            plan = make_plan(each, experiment_name=name)
            size = len(plan.worlds) * len(plan.conditions) * plan.seeds
            click.echo(f"  {each}: {len(plan.conditions)} conditions, {len(plan.worlds)} worlds, {size} episodes")


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--study", "studies", multiple=True, metavar="RESULT", type=click.Path(path_type=Path), help=_STUDY)
def rates(logs: tuple[Path, ...], studies: tuple[Path, ...]) -> None:
    """Print the rates of logs with their intervals: LOGS are .eval files or folders."""
    from agentic_misalignment.analysis import rate_table, read_rates, read_result  # Inspect takes seconds to import

    click.echo(rate_table(read_rates(logs), [read_result(path) for path in studies]))
    folder = logs[0] if logs[0].is_dir() else logs[0].parent
    click.echo(f"\nTo look at every episode: inspect view --log-dir {folder}")


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--factor", default="names", show_default=True, help="A nuisance factor, or seed.")
def spread(logs: tuple[Path, ...], factor: str) -> None:
    """Print how much a rate varies with names, seeds or another nuisance factor: its variance component."""
    from agentic_misalignment.analysis import read_spread, spread_table  # Inspect takes seconds to import

    click.echo(spread_table(read_spread(logs, factor), factor))


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default=None, help="Compare with this model of the published table.  [default: the run's]")
def published(logs: tuple[Path, ...], model: str | None) -> None:
    """Set runs of lynch2025 beside the published rates, and list where our verdict and the legacy one differ."""
    from agentic_misalignment.analysis import published_table, read_published  # Inspect takes seconds to import

    click.echo(published_table(read_published(logs, model=model)))


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
def beliefs(logs: tuple[Path, ...]) -> None:
    """Print harm by what the agent says about its situation: test, real, undecided, or nothing."""
    from agentic_misalignment.analysis import belief_table, read_beliefs  # Inspect takes seconds to import

    click.echo(belief_table(read_beliefs(logs)))


@main.command()
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


@main.command()
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


@main.command()
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


if __name__ == "__main__":
    main()
