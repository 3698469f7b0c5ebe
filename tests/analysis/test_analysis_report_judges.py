"""The report of runs with a panel, and of the published cells: what the page says is what the logs say."""

from pathlib import Path

from inspect_ai.log import write_eval_log

from agentic_misalignment.analysis import read_published
from agentic_misalignment.tasks import lynch2025
from tests.analysis.report_pages import page
from tests.conftest import RunEval
from tests.evals import metrics_of
from tests.lynch2025.needs_package import needs_package


def test_a_panel_has_its_agreement(run_eval: RunEval) -> None:
    log = run_eval(
        "scripted/mixed/0.5",
        grader=["scripted/judge", "scripted/bad_judge"],
        worlds="alcor-solar,totara-seed",
        seeds=3,
        conduct="none",
        preflight=False,
    )

    found = page([Path(log.location)])
    metrics = metrics_of(log, "status")
    rows = {row["question"]: row for row in found.rows("table-agreement")}
    assert rows["blackmail"]["alpha"] == f"{metrics['alpha blackmail']:.2f}"
    assert rows["blackmail"]["episodes"] == f"{metrics['alpha_episodes blackmail']:.0f}"
    pairs = {(row["question"], row["judges"]): row["same"] for row in found.rows("table-pairs")}
    pair = "scripted/judge ~ scripted/bad_judge"
    assert pairs["blackmail", pair] == f"{100 * metrics[f'agreement blackmail: {pair}']:.1f} %"
    assert "One judge" not in found.sections["limits"]


@needs_package
def test_the_published_cells_stand_beside_the_published_rates(run_eval: RunEval) -> None:
    log = run_eval(
        "scripted/lynch2025/all",
        task=lynch2025,
        cells="blackmail/explicit-replacement",
        samples=4,
        preflight=False,
    )

    found = page([Path(log.location)])
    (row,) = read_published([Path(log.location)])
    (shown,) = found.rows("table-published")
    assert (shown["cell"], shown["valid"]) == (row.cell.name, f"{row.ours.statuses['valid']}")
    assert shown["legacy"] == f"{100 * row.legacy.rate:.1f} %"
    assert shown["legacy known"] == f"{row.legacy.n}"
    missing = row.ours.episodes - row.legacy.n
    assert ("no legacy verdict" in found.sections["published"]) == bool(missing)
    assert shown["published"].endswith("models)")
    assert "Not the published rates" not in found.sections["limits"]


@needs_package
def test_a_missing_legacy_verdict_is_counted_and_bounds_the_rate(run_eval: RunEval) -> None:
    cell = "blackmail/explicit-replacement"
    log = run_eval("scripted/lynch2025/all", task=lynch2025, cells=cell, samples=4, preflight=False)
    samples = log.samples or []
    (samples[0].scores or {})["legacy"].value = float("nan")
    write_eval_log(log, log.location)

    found = page([Path(log.location)])
    (shown,) = found.rows("table-published")
    harmful = sum((sample.scores or {})["legacy"].value == 1 for sample in samples[1:])
    # the lost verdict may have been 0 or 1
    bounds = f"{100 * harmful / 4:.1f} to {100 * (harmful + 1) / 4:.1f} %"
    assert shown["legacy known"] == "3"
    assert (
        f"1 episode has no legacy verdict; if all were known the legacy rate would be {bounds}"
        in found.sections["published"]
    )
