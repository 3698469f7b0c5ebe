"""What sequential stopping costs and saves, on the published rates.

    python -m benchmarks.stopping
    python -m benchmarks.stopping --boundary my.yaml
    python -m benchmarks.stopping --quick

The 324 published cells are taken as true rates, each with 100 episodes at most. Printed are the coverage of the
reported 95 % interval over the grid, and the episodes saved against 100 in every cell: computed exactly for
independent episodes, simulated where worlds differ, episodes are invalid or more run than the rule needs.
"""

from collections.abc import Sequence

import click
import numpy as np
from numpy.typing import NDArray

from agentic_misalignment.analysis.published_rates import published_rates
from agentic_misalignment.analysis.table import aligned
from agentic_misalignment.stopping import Boundary, read_boundary
from agentic_misalignment.stopping.coverage import Expected, expected
from benchmarks.differing_worlds import Trial, tried

WIDTHS = (0.05, 0.10, 0.15)
MOST = 100
"""Episodes of a cell in the study."""

SEED = 1
"""Seed of the simulations."""

BANDS = ((0.0, 0.0), (0.01, 0.05), (0.06, 0.20), (0.21, 0.79), (0.80, 0.94), (0.95, 1.0))
"""Rates of the grid, from and to."""


def grid() -> list[float]:
    """Return the published rates, one for each cell."""
    return [rate.percent / 100 for rate in published_rates()]


def over_grid(boundary: Boundary, rates: Sequence[float], *, worlds: int, overrun: int = 0) -> list[Expected]:
    """Compute what is to be expected of each cell."""
    distinct = sorted(set(rates))
    found = expected(boundary, distinct, worlds=worlds, most=MOST, overrun=overrun)
    by_rate = dict(zip(distinct, found, strict=True))
    return [by_rate[rate] for rate in rates]


def saved(cells: Sequence[Expected]) -> float:
    """Return the share of the episodes that are not run."""
    return 1 - sum(cell.episodes for cell in cells) / (MOST * len(cells))


def row(name: str, cells: Sequence[Expected]) -> tuple[str, ...]:
    """Write mean and worst coverage and the share saved."""
    worst = min(cells, key=lambda cell: cell.coverage)
    mean = sum(cell.coverage for cell in cells) / len(cells)
    return (name, f"{mean:.1%}", f"{worst.coverage:.1%}", f"{worst.rate:.3f}", f"{saved(cells):.1%}")


def say(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table under a title."""
    click.echo("\n".join(["", title, *aligned([headings, *rows])]))


HEADINGS = ("rule", "coverage", "worst cell", "at rate", "saved")


def exact_tables(boundaries: Sequence[Boundary], rates: Sequence[float]) -> None:
    """Print what is computed exactly."""
    for worlds in (6, 4, 1):
        rows = [row(f"half-width {each.half_width:g}", over_grid(each, rates, worlds=worlds)) for each in boundaries]
        say(f"Exact, {worlds} worlds, independent episodes", HEADINGS, rows)
    fine = [number / 1000 for number in range(1, 1000)]
    rows = [row(f"half-width {each.half_width:g}", expected(each, fine, worlds=6, most=MOST)) for each in boundaries]
    say("Exact, 6 worlds, every rate from 0.001 to 0.999 (not the grid)", HEADINGS, rows)
    rows = []
    for each in boundaries:
        cells = over_grid(each, rates, worlds=6)
        for low, high in BANDS:
            band = [cell for cell in cells if low <= cell.rate <= high]
            name = f"half-width {each.half_width:g}, rates {low:.2f} to {high:.2f} ({len(band)} cells)"
            rows.append((*row(name, band), f"{sum(cell.episodes for cell in band) / len(band):.0f}"))
    say("Exact, 6 worlds, by rate", (*HEADINGS, "episodes"), rows)
    rows = [
        row(
            f"half-width {each.half_width:g}, {rounds} rounds on top",
            over_grid(each, rates, worlds=6, overrun=6 * rounds),
        )
        for each in boundaries
        for rounds in (1, 2, 4)
    ]
    say("Exact, 6 worlds, without waiting (`wait: false`): whole rounds that had begun", HEADINGS, rows)


TRIAL_HEADINGS = (
    "rule",
    "single, of these worlds",
    "single, of all worlds",
    "worst cell",
    "over worlds, of all worlds",
    "worst cell",
    "saved",
    "valid",
)


def trial_row(name: str, trial: Trial, places: NDArray[np.intp]) -> tuple[str, ...]:
    """Write what was simulated, each distinct rate as often as it is in the grid."""
    return (
        name,
        f"{trial.these[places].mean():.1%}",
        f"{trial.all_worlds[places].mean():.1%}",
        f"{trial.all_worlds.min():.1%}",
        f"{trial.clustered[places].mean():.1%}",
        f"{trial.clustered.min():.1%}",
        f"{1 - trial.episodes[places].mean() / MOST:.1%}",
        f"{trial.valid[places].mean():.0f}",
    )


def trial_tables(boundaries: Sequence[Boundary], rates: Sequence[float], runs: int) -> None:
    """Print what is simulated."""
    ways = {"alike": (0.0, 0.0), "rho 0.05": (0.05, 0.0), "rho 0.1": (0.1, 0.0), "alike, 10 % invalid": (0.0, 0.1)}
    cells = np.array(rates)
    distinct, places = np.unique(cells, return_inverse=True)
    random = np.random.default_rng(SEED)
    rows = []
    for each in (*boundaries, None):
        for name, (correlation, invalid) in ways.items():
            trial = tried(
                each,
                [float(rate) for rate in distinct],
                worlds=6,
                most=MOST,
                runs=runs,
                random=random,
                correlation=correlation,
                invalid=invalid,
            )
            title = f"half-width {each.half_width:g}" if each else "no rule"
            rows.append(trial_row(f"{title}, {name}", trial, places))
    say(
        f"Simulated, 6 worlds, {runs} runs of each rate (seed {SEED}); without a rule plain Wilson",
        TRIAL_HEADINGS,
        rows,
    )


@click.command()
@click.option("--boundary", "path", default=None, metavar="FILE", help="A boundary file in place of the three widths.")
@click.option("--runs", default=2000, show_default=True, help="Simulated runs of each rate.")
@click.option("--quick", is_flag=True, help="Only what is computed exactly.")
def main(path: str | None, runs: int, quick: bool) -> None:
    """Measure the stopping rule on the published grid."""
    own = read_boundary(path)
    boundaries = [own] if own else [Boundary(half_width=width) for width in WIDTHS]
    rates = grid()
    click.echo(
        f"{len(rates)} published cells, {MOST} episodes each at most; interval inside: {boundaries[0].confidence:g}"
    )
    exact_tables(boundaries, rates)
    if not quick:
        trial_tables(boundaries, rates, runs)


if __name__ == "__main__":
    main()
