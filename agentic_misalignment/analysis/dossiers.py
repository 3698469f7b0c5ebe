"""What a judge reads of an episode of a log."""

from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSample, read_eval_log, read_eval_log_sample, read_eval_log_sample_summaries

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.finished import Finished
from agentic_misalignment.judging import belief_rubric, build_dossier, conduct_question, labels, rule, verdict_question
from agentic_misalignment.judging.exhibit import one_line
from agentic_misalignment.judging.question import Question

SHOWN = 20
"""Sample ids that an error names."""


def read_dossier(log: Path, sample: str, *, epoch: int = 1, question: str = "headline", request: bool = False) -> str:
    """Write out the dossier of an episode.

    Args:
        log: The log.
        sample: Id of the sample.
        epoch: Its epoch.
        question: `headline`, `belief` or `conduct`.
        request: Whether the whole request is written, with rubric and instructions.

    Raises:
        SuiteError: If there is no such log or sample, or it is not an episode of this suite.
    """
    return dossier_of(_sample(log, sample, epoch), question=question, request=request)


def dossier_of(sample: EvalSample, *, question: str = "headline", request: bool = False) -> str:
    """Write out the dossier of a sample; see `read_dossier`."""
    record = Finished.of_sample(sample).record
    by = rule(record.facts.scenario)
    dossier = build_dossier(record, by.collect(record), whole=question != "headline")
    asked = _question(question, record.facts.scenario)
    return asked.prompt(dossier) if request else dossier.exhibit(asked.mails)


def read_log(path: Path | str) -> EvalLog:
    """Read a log with its samples.

    Args:
        path: The log.

    Raises:
        SuiteError: If it is no Inspect log, or has no samples.
    """
    try:
        log = read_eval_log(str(path))
    except (ValueError, OSError, KeyError) as error:
        raise _no_log(path, error) from error
    if not log.samples:
        raise SuiteError(f"{path}: the log has no samples")
    return log


def _no_log(path: Path | str, error: Exception) -> SuiteError:
    return SuiteError(f"{path}: not an Inspect log: {one_line(str(error))[:300]}")


def _question(name: str, scenario: str) -> Question[Any]:
    if name == "conduct":
        return conduct_question([label for label in labels().values() if label.asked])
    return verdict_question(belief_rubric() if name == "belief" else rule(scenario).rubric)


def _sample(log: Path, sample: str, epoch: int) -> EvalSample:
    try:
        known = [(str(each.id), each.epoch) for each in read_eval_log_sample_summaries(str(log))]
        if (sample, epoch) not in known:
            ids = list(dict.fromkeys(name for name, _ in known))
            more = [f"… {len(ids) - SHOWN} more"] if len(ids) > SHOWN else []
            raise unknown("sample", f"{sample}, epoch {epoch}", [*ids[:SHOWN], *more], where=str(log))
        return read_eval_log_sample(str(log), sample, epoch, resolve_attachments=True)
    except (ValueError, OSError, KeyError) as error:
        raise _no_log(log, error) from error
