"""The command line: `agentic-misalignment`."""

import click

from agentic_misalignment.commands.data import check, experiments, pack, show
from agentic_misalignment.commands.judges import dossier, label, study
from agentic_misalignment.commands.rates import beliefs, published, rates, spread


@click.group()
@click.version_option(package_name="agentic-misalignment")
def main() -> None:
    """Evaluations of agentic misalignment: check the data, read an episode, and say what logs and judges are worth."""


for command in (check, show, pack, experiments, rates, spread, published, beliefs, dossier, study, label):
    main.add_command(command)


if __name__ == "__main__":
    main()
