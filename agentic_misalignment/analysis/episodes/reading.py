"""The episodes of one log, in portions that fit into memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from inspect_ai.log import (
    EvalLog,
    EvalSample,
    EvalSampleSummary,
    read_eval_log,
    read_eval_log_samples_by_id,
)

from agentic_misalignment.analysis.episodes.episode import (
    BELIEF,
    CONDUCT,
    PANEL,
    Detail,
    detail,
    headline_of,
    scenario_of,
)
from agentic_misalignment.analysis.episodes.outcome_columns import FLAGS
from agentic_misalignment.analysis.logs import UNREADABLE, read_header, read_summaries
from agentic_misalignment.analysis.rates import newest_score
from agentic_misalignment.errors import SuiteError, unknown

PORTION = 500
"""Episodes that are made into rows at once."""

BY_ID = 250
"""Samples that are read at once: Inspect reads the list of all samples of the log each time, so not too few."""

AT_ONCE = 5_000
"""Episodes of a log up to which its summaries are read at once, which is quick. Inspect reads the summaries of a log
all or none, so a larger log is read sample by sample: that takes longer, but no more memory for a larger log."""

_HEAVY = {"events", "events_data", "store", "attachments", "timelines"}
"""What no column needs of a sample."""

_LISTS = ("quotes", "message_ids", "flags")

T = TypeVar("T")


class Portion(NamedTuple):
    """Some episodes of a log."""

    log: EvalLog
    """The header."""

    samples: list[EvalSampleSummary]
    """Summaries, but with whole scores."""

    judges: dict[str, Detail]
    """By scenario: judge and rubric of the first episode of the log that has a headline score."""


def portions(file: str, *, at_once: int = AT_ONCE) -> Iterator[Portion]:
    """Yield the episodes of a log.

    Args:
        file: The log.
        at_once: Episodes of a log up to which its summaries are read at once.

    Raises:
        SuiteError: If it is not a log of this suite, of a run that has not ended, or damaged.
    """
    log = read_header(file)
    log.location = file
    samples = _Samples(log, at_once)
    judges: dict[str, Detail] = {}
    for part in _portioned(samples, PORTION):
        for sample in part:
            _check(file, sample)
        if any(_judged_by(sample) is None and scenario_of(sample) not in judges for sample in part):
            judges = _judges(samples) | judges
        judges = _judges(part) | judges
        yield Portion(log, _whole(file, part), judges)


def _check(file: str, sample: EvalSampleSummary) -> None:
    if "scenario" not in sample.metadata:
        raise SuiteError(f"{file}: sample {sample.id} is not an episode of this suite: its metadata names no scenario")
    flags = detail(headline_of(sample)).get("flags")
    unknown_flag = next((flag for flag in (flags if isinstance(flags, dict) else ()) if flag not in FLAGS), None)
    if unknown_flag is not None:
        raise unknown("flag", unknown_flag, list(FLAGS), where=f"{file}: sample {sample.id}")


class _Samples:
    """The summaries of a log, again and again."""

    def __init__(self, log: EvalLog, at_once: int) -> None:
        self._log = log
        self._by_sample = size(log) > at_once and log.location.endswith(".eval")
        self._read: Sequence[EvalSampleSummary] | None = None

    def __iter__(self) -> Iterator[EvalSampleSummary]:
        if self._by_sample:
            return self._one_by_one()
        if self._read is None:
            self._read = _at_once(self._log.location)
        return iter(self._read)

    def _one_by_one(self) -> Iterator[EvalSampleSummary]:
        """Yield the samples that the header names, as they come; where one is not there, the rest by the summaries."""
        seen: set[tuple[str, int]] = set()
        for keys in _portioned(_keys(self._log), BY_ID):
            try:
                found = _samples(self._log.location, keys)
            except IndexError:  # stopped early, or a run that was broken off
                rest = read_summaries(self._log.location)
                yield from (each for each in rest if (str(each.id), each.epoch) not in seen)
                return
            seen.update((str(key), epoch) for key, epoch in keys)
            yield from map(_summary, found)


def size(log: EvalLog) -> int:
    """Return how many episodes a run was to have."""
    return len(log.eval.dataset.sample_ids or ()) * (log.eval.config.epochs or 1)


def _keys(log: EvalLog) -> Iterator[tuple[str | int, int]]:
    for epoch in range(1, (log.eval.config.epochs or 1) + 1):
        for key in log.eval.dataset.sample_ids or ():
            yield key, epoch


def _at_once(file: str) -> list[EvalSampleSummary]:
    if file.endswith(".eval"):
        return read_summaries(file)
    try:
        return [_summary(sample) for sample in read_eval_log(file).samples or ()]
    except UNREADABLE as error:
        raise SuiteError(f"{file}: a damaged log: {error}") from error


def _summary(sample: EvalSample) -> EvalSampleSummary:
    """Return the summary of a sample with its scores whole, from which a summary of Inspect's cuts what is long."""
    return sample.summary().model_copy(update={"scores": sample.scores})


def _whole(file: str, part: Sequence[EvalSampleSummary]) -> list[EvalSampleSummary]:
    """Return summaries with whole scores: of those that were cut the samples are read."""
    cut = [(sample.id, sample.epoch) for sample in part if _is_cut(sample)]
    scores = {
        (str(sample.id), sample.epoch): sample.scores
        for keys in _portioned(cut, BY_ID)
        for sample in _samples(file, keys, "messages")
    }
    keyed = [((str(sample.id), sample.epoch), sample) for sample in part]
    return [sample.model_copy(update={"scores": scores[key]}) if key in scores else sample for key, sample in keyed]


def _is_cut(sample: EvalSampleSummary) -> bool:
    """Tell whether a score lacks what a column needs: Inspect puts a remark in the place of lists above 1 kB."""
    outcome = detail(headline_of(sample))
    scores = (outcome, detail(newest_score(sample, BELIEF)), detail(newest_score(sample, CONDUCT)))
    votes = [each.get("votes") for each in scores if PANEL in str(each.get("judge", ""))]
    return any(isinstance(value, str) for value in (*map(outcome.get, _LISTS), *votes))


def _samples(file: str, keys: Iterable[tuple[str | int, int]], *without: str) -> list[EvalSample]:
    try:
        return read_eval_log_samples_by_id(file, keys, exclude_fields=_HEAVY | set(without))
    except IndexError:
        raise
    except UNREADABLE as error:
        raise SuiteError(f"{file}: a damaged log: {error}") from error


def _judges(samples: Iterable[EvalSampleSummary]) -> dict[str, Detail]:
    found: dict[str, Detail] = {}
    for sample in samples:
        by = _judged_by(sample)
        if by is not None:
            found.setdefault(scenario_of(sample), by)
    return found


def _judged_by(sample: EvalSampleSummary) -> Detail | None:
    found = detail(headline_of(sample))
    return found if "judge" in found else None


def _portioned(items: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(items)
    while part := list(islice(waiting, size)):
        yield part
