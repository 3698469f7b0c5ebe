"""From logs to redacted runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from inspect_ai.log import EvalLog, read_eval_log

from agentic_misalignment.analysis.export.admission import marks_of
from agentic_misalignment.analysis.export.frame import Run
from agentic_misalignment.analysis.export.logfile import write_log
from agentic_misalignment.analysis.export.redaction import has_pack, redacted, scrubber_for
from agentic_misalignment.analysis.export.scrubbing import Scrubber, of_this_machine
from agentic_misalignment.analysis.logs import read_header
from agentic_misalignment.analysis.rates import read_rates

LOGS = "logs"
"""Folder of the redacted logs in an export."""


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """Redacted runs, and what was taken out of them."""

    runs: tuple[Run, ...]
    scrubber: Scrubber
    """Knows what may not be left in anything that is made of the runs."""


def redact_runs(
    files: Iterable[Path], folder: Path, *, full: bool, done: Callable[[], None] = lambda: None
) -> Redacted:
    """Write redacted copies of logs and read them back.

    Args:
        files: Logs of this suite.
        folder: The root of the export.
        full: See `redacted`.
        done: Called after each log.

    Raises:
        SuiteError: If a log cannot be read.
    """
    scrubber, runs = of_this_machine(), list[Run]()
    for file in sorted(files, key=lambda file: (read_header(str(file)).eval.created, str(file))):
        read_header(str(file))
        log = read_eval_log(str(file))
        known = scrubber_for(log)
        scrubber = scrubber.joined(known)
        run = _written(redacted(log, known, full=full), folder / LOGS, pack=has_pack(log))
        if run.sha256 in {other.sha256 for other in runs}:
            run.log.unlink()  # a copy of a log that is there already
        else:
            runs.append(run)
        done()
    return Redacted(runs=tuple(runs), scrubber=scrubber)


def _written(log: EvalLog, folder: Path, *, pack: bool) -> Run:
    file = _free(folder, _name(log))
    sha256 = write_log(log, file)
    rates = tuple(read_rates([file]))
    return Run(
        log=file,
        header=read_eval_log(str(file), header_only=True),
        rates=rates,
        sha256=sha256,
        marks=marks_of([log.eval.model], [rate.group.judge for rate in rates]),
        pack=pack,
    )


def _name(log: EvalLog) -> str:
    """Return the name that Inspect gave the log: the user may have called the file otherwise."""
    created = log.eval.created.replace(":", "-").replace("+", "-")
    return f"{created}_{log.eval.task.rpartition('/')[2].replace('_', '-')}_{log.eval.task_id}"


def _free(folder: Path, name: str) -> Path:
    """Return a path that is free: a log that was scored again has the name of the first one."""
    number, file = 1, folder / f"{name}.eval"
    while file.exists():
        number += 1
        file = folder / f"{name}-{number}.eval"
    return file
