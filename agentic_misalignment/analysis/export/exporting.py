"""Exporting results: from logs to a folder that may be published."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from agentic_misalignment.analysis.export.about import About
from agentic_misalignment.analysis.export.admission import admit, faults_of_rates, faults_of_run, marks_of
from agentic_misalignment.analysis.export.bundling import bundle
from agentic_misalignment.analysis.export.checksums import SUMS, write_checksums
from agentic_misalignment.analysis.export.configs import configs
from agentic_misalignment.analysis.export.every_eval_ever import every_eval_ever
from agentic_misalignment.analysis.export.frame import Publication, Target
from agentic_misalignment.analysis.export.hub import hub
from agentic_misalignment.analysis.export.leftovers import leftovers
from agentic_misalignment.analysis.export.register import register
from agentic_misalignment.analysis.export.results import results
from agentic_misalignment.analysis.export.runs import redact_runs
from agentic_misalignment.analysis.export.scrubbing import rules
from agentic_misalignment.analysis.rates import read_rates
from agentic_misalignment.errors import SuiteError, unknown

TARGETS: dict[str, Target] = {
    "register": register,
    "results": results,
    "eee": every_eval_ever,
    "hub": hub,
    "configs": configs,
    "bundle": bundle,
}
"""Forms of results by name, in the order in which they are written."""

ALL = tuple(TARGETS)


def export(
    files: Sequence[Path],
    output: Path,
    *,
    targets: Iterable[str] = ALL,
    about: About | None = None,
    full: bool = False,
    allowed: Iterable[str] = (),
    overwrite: bool = False,
    done: Callable[[], None] = lambda: None,
) -> tuple[str, ...]:
    """Write results in the forms in which others publish them.

    Everything is made of redacted copies of the logs, which stand in `logs/`. The whole is written beside `output`,
    searched for what may not leave, and only then put in its place.

    Args:
        files: Logs of this suite.
        output: The folder; it must not be there yet.
        targets: Names of `TARGETS`.
        about: What the publisher says.
        full: Whether the texts of episodes stay whose outcome is harmful, or not known to be harmless. Texts of
            episodes with a private pack never stay.
        allowed: Faults of `REFUSALS` with which results are exported all the same.
        overwrite: Whether an earlier export at `output` is replaced.
        done: Called after each log and each target.

    Returns:
        What has to be said with the results, one sentence each.

    Raises:
        SuiteError: If the output exists or cannot be written, a target does not exist or lacks a fact, results may not
            be published, or something that may not leave is left.
    """
    chosen = _chosen(targets)
    _check_output(output, overwrite=overwrite)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as work:
            folder = Path(work) / "export"
            remarks = _write(files, folder, chosen, about or About(), full=full, allowed=allowed, done=done)
            if output.exists():
                output.rename(Path(work) / "earlier")
            folder.rename(output)
    except OSError as error:
        raise SuiteError(f"{output}: cannot be written: {error.strerror or error}") from error
    return remarks


def _write(
    files: Sequence[Path],
    folder: Path,
    targets: Sequence[str],
    about: About,
    *,
    full: bool,
    allowed: Iterable[str],
    done: Callable[[], None],
) -> tuple[str, ...]:
    found = redact_runs(files, folder, full=full, done=done)
    rates = tuple(read_rates([run.log for run in found.runs]))
    faults = [fault for run in found.runs for fault in faults_of_run(run.log.name, run.header)]
    remarks = admit([*faults, *faults_of_rates(rates)], allowed)
    marks = marks_of([rate.group.model for rate in rates], [rate.group.judge for rate in rates])
    publication = Publication(
        runs=found.runs, rates=rates, about=about, remarks=remarks, full=full, canary=rules().canary
    )
    for name in targets:
        TARGETS[name](publication, folder)
        done()
    left = leftovers(folder, found.scrubber, full=full)
    if left:
        lines = "\n".join(f"  {fault}" for fault in left)
        raise SuiteError(f"nothing is exported: something is left that may not leave:\n{lines}")
    write_checksums(folder)
    return (*marks, *remarks)


def _chosen(targets: Iterable[str]) -> list[str]:
    names = list(dict.fromkeys(targets))
    for name in names:
        if name not in TARGETS:
            raise unknown("target", name, tuple(TARGETS))
    return [name for name in TARGETS if name in names]


def _check_output(output: Path, *, overwrite: bool) -> None:
    if not output.exists():
        return
    if not overwrite:
        raise SuiteError(f"{output}: exists already; choose another folder, or replace it with --overwrite")
    if not (output / SUMS).is_file():
        raise SuiteError(f"{output}: is no earlier export, since it has no {SUMS}; it is not replaced")
