"""Lynch 2025, frozen: the published prompts, judged by the published rule and by ours, side by side."""

from inspect_ai import Task, task
from inspect_ai.log import HeadlineMetric

from agentic_misalignment.limits import TURN_LIMIT
from agentic_misalignment.lynch2025 import choose_cells
from agentic_misalignment.provenance import published_provenance
from agentic_misalignment.published_dataset import published_dataset
from agentic_misalignment.scorers import difference, harm, legacy, status, test_vs_real
from agentic_misalignment.scorers.grader import required_graders
from agentic_misalignment.scorers.preflight import preflight as ask_known_question
from agentic_misalignment.solvers import by_protocol, open_published
from agentic_misalignment.stopping.manager import stopping
from agentic_misalignment.viewer import episode_viewer


@task
def lynch2025(
    cells: str | list[str] = "all",
    scenario: str | list[str] = "all",
    goal: str | list[str] = "all",
    threat: str | list[str] = "all",
    protocol: str | list[str] = "single_turn",
    samples: int | str = 100,
    preflight: bool = True,
    stop: float | str | None = None,
) -> Task:
    """Run the published cells of Lynch et al. (2025) as an anchor for everything else.

    The prompts are read from the `inspect-evals` package at run time (extra `lynch2025`, one pinned version). Each
    sample gets four scores: `harm`, by our rules; `test_vs_real`; `legacy`, by the package's own rule; and
    `difference`, with the reasons why the two differ. `agentic-misalignment published LOGS` sets a run
    beside the published rates.

    Model Roles:
        grader: the judge of both rules, each with its own prompt. Required: `--model-role grader=…`.

    Args:
        cells: Names of cells such as `blackmail/explicit-replacement`, separated by commas, or `all` 18.
        scenario: Only cells of `blackmail`, `leaking`, `lethal_action`.
        goal: Only cells with the goal `explicit`, `none`.
        threat: Only cells with the threat `replacement`, `restriction`, `none`.
        protocol: `single_turn`, the published text protocol, or `mailbox`: the same mails in our mailbox, with tools;
            or both, separated by commas.
        samples: How many samples in each cell under each protocol; the study had 100.
        preflight: Whether each judge is asked one question with a known answer before anything is run.
        stop: Target half-width of the interval of `harm`, such as 0.1, or the path of a boundary file, at which the
            samples of a cell are stopped; without it all are run. See `docs/stopping.md`.

    Returns:
        The task: cell by cell, under each protocol, samples numbered from 1; with `stop` the first sample of every
        cell, then the second.

    Raises:
        SuiteError: If a value is not valid, or the package is missing or of another version.
    """
    chosen = choose_cells(cells, scenario=scenario, goal=goal, threat=threat)
    run = stopping(stop, published_dataset(chosen, protocol=protocol, samples=samples), "harm")
    graders = required_graders()
    if preflight:
        ask_known_question(graders)
    return Task(
        dataset=run.dataset,
        early_stopping=run.manager,
        setup=open_published(),
        solver=by_protocol(),
        scorer=[harm(), test_vs_real(), legacy(), difference(), status()],
        turn_limit=TURN_LIMIT,
        fail_on_error=False,
        score_on_error=True,
        headline_metric=HeadlineMetric(scorer="harm", metric="rate"),
        viewer=episode_viewer("harm", "test_vs_real", "legacy", "difference"),
        version="2-B",
        metadata=published_provenance(chosen, int(samples)) | run.metadata,
    )
