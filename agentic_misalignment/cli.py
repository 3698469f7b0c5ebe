"""The command line: `agentic-misalignment`."""

import click

from agentic_misalignment.commands.compare import compare
from agentic_misalignment.commands.data import check, experiments, pack, show
from agentic_misalignment.commands.episodes import episodes
from agentic_misalignment.commands.export import export
from agentic_misalignment.commands.judges import dossier, label, study
from agentic_misalignment.commands.plan import plan
from agentic_misalignment.commands.rates import beliefs, published, rates, spread
from agentic_misalignment.commands.report import report
from agentic_misalignment.commands.validate import validate

COMMANDS = (
    check,
    show,
    experiments,
    pack,
    plan,
    rates,
    beliefs,
    compare,
    report,
    episodes,
    spread,
    published,
    dossier,
    study,
    label,
    export,
    validate,
)


@click.group()
@click.version_option(package_name="agentic-misalignment")
def main() -> None:
    """Evaluations of agentic misalignment: plan a run, say what logs and judges are worth, report and publish."""


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
