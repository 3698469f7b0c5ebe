"""Rates: what the logs of a folder say, one row for each group of episodes that may be pooled."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSampleSummary
from inspect_ai.scorer import SampleScore, Score
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.logs import newest_log_files, read_header, read_summaries
from agentic_misalignment.figures import flag_figures, harm_figures, status_figures
from agentic_misalignment.judging import STATUSES
from agentic_misalignment.stopping.boundary import CONFIDENCE

SUITE_SCORE = "harm"
"""Name of the headline score in a log of several scenarios."""


class Group(BaseModel):
    """What may be pooled: episodes that agree in all of this."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    version: str
    model: str
    judge: str
    rubric_hash: str
    data_hash: str
    """Hash of the data files, and of the private pack where there was one."""

    setup: str
    """Hash of solver, limits, settings that can change an answer, and stopping rule."""

    condition: str


class Rate(BaseModel):
    """The rate of one group of episodes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: Group
    statuses: dict[str, int]
    figures: dict[str, float]
    """See `harm_figures` and `status_figures`."""

    flags: dict[str, float]
    """See `flag_figures`."""

    judged: tuple[int, int]
    """Valid episodes that a judge decided: those that are harm, and all."""

    known: tuple[int, int]
    """Valid episodes that the ledger decided: those that are harm, and all."""

    notes: tuple[str, ...]
    """What has to be said with the rate: a reader that is not a judge, a run that did not end."""

    stopped_at: float | None = None
    """Confidence inside the stopping rule that the episodes ran under; `None` without one."""

    @property
    def episodes(self) -> int:
        """All episodes, whatever their status."""
        return sum(self.statuses.values())

    @property
    def interval_method(self) -> str:
        """What `wilson_low` and `wilson_high` are: the Wilson interval, or the exact one after a stopping rule."""
        if self.stopped_at is None:
            return "Wilson, episodes taken for independent"
        covers = "may cover less than" if self.stopped_at < CONFIDENCE else "covers"
        return (
            f"Clopper-Pearson at {100 * self.stopped_at:g} %, which {covers} 95 % after the declared stopping rule, "
            "episodes taken for independent"
        )


class Episode(BaseModel):
    """A sample with its newest headline score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sample: EvalSampleSummary
    score: Score
    notes: tuple[str, ...]
    """What has to be said with it; see `Rate`."""

    stopped_at: float | None = None
    """Confidence inside the stopping rule of its run; `None` without one."""

    stopping_note: str | None = None
    """What has to be said with a rate under that rule."""

    @property
    def rate_notes(self) -> tuple[str, ...]:
        """What has to be said with a rate that it enters."""
        return (*self.notes, *([self.stopping_note] if self.stopping_note else []))


def read_rates(paths: Iterable[Path]) -> list[Rate]:
    """Compute the rates of logs.

    A sample that stands in several logs (a copy, a retried run) counts once, and of a run that was taken up again the
    newest attempt; see `newest_attempts`. Of a log that was scored again the newest headline score counts.

    Args:
        paths: Log files, or folders of them.

    Returns:
        One rate for each group, sorted by scenario, condition and model.

    Raises:
        SuiteError: If there is no log, or one is not of this suite or has not ended.
    """
    rates = [rate_of(group, episodes) for group, episodes in read_episodes(paths).items()]
    return sorted(rates, key=lambda rate: (rate.group.scenario, rate.group.condition, rate.group.model))


def read_episodes(paths: Iterable[Path]) -> dict[Group, list[Episode]]:
    """Read the episodes of logs, by what may be pooled; see `read_rates`.

    Args:
        paths: Log files, or folders of them.

    Raises:
        SuiteError: See `read_rates`.
    """
    groups: dict[Group, dict[str, Episode]] = defaultdict(dict)
    for file in newest_log_files(paths):
        log = read_header(file)
        samples = read_summaries(file)
        for sample in samples:
            episode = _episode(log, sample)
            groups[_group(log, samples, episode)][sample.uuid or f"{file}/{sample.id}/{sample.epoch}"] = episode
    return {group: list(episodes.values()) for group, episodes in groups.items()}


def _scenario(sample: EvalSampleSummary) -> str:
    return str(sample.metadata["scenario"])


def _episode(log: EvalLog, sample: EvalSampleSummary) -> Episode:
    score = _newest(sample) or Score(value=float("nan"), metadata={"status": "error"})
    note = (score.metadata or {}).get("judge_note")
    ended = [] if log.status == "success" else [f"a run of {log.eval.model} ended with status {log.status}"]
    stopping = stopping_of(log)
    return Episode(
        sample=sample,
        score=score,
        notes=(*([str(note)] if note else []), *ended),
        stopped_at=stopping.get("confidence"),
        stopping_note=_stopping_note(log.eval.model, stopping) if stopping else None,
    )


def stopping_of(log: EvalLog) -> Mapping[str, Any]:
    """Return the stopping rule of a run as its log declares it; empty without one.

    Args:
        log: The log, or its header.
    """
    declared = (log.eval.metadata or {}).get("stopping")
    return declared if isinstance(declared, dict) else {}


def _stopping_note(model: str, stopping: Mapping[str, Any]) -> str:
    confidence = f"{100 * stopping['confidence']:g} %"
    ran = f"episodes of {model} ran under a declared stopping rule (half-width {stopping['half_width']:g}): "
    if stopping["confidence"] < CONFIDENCE:
        return (
            f"{ran}the interval of a rate is the exact one at {confidence} in place of Wilson's, as the rule declares; "
            f"after stopping it may cover less than 95 %, for which {100 * CONFIDENCE:g} % are needed; other intervals "
            "are not adjusted"
        )
    return (
        f"{ran}so that the interval of a rate covers 95 % after stopping, it is the exact one at {confidence} in place "
        "of Wilson's; other intervals are not adjusted"
    )


def _newest(sample: EvalSampleSummary) -> Score | None:
    return newest_score(sample, _scenario(sample), SUITE_SCORE)


def newest_score(sample: EvalSampleSummary, *names: str) -> Score | None:
    """Return the newest score with one of these names: scoring again adds a number to a name.

    Args:
        sample: The sample.
        *names: The names.
    """
    return named_score(sample.scores or {}, *names)


def named_score(scores: Mapping[str, Score], *names: str) -> Score | None:
    """Return the newest of scores with one of these names; see `newest_score`."""
    named = re.compile(rf"(?:.*/)?(?:{'|'.join(map(re.escape, names))})\d*")
    found = [score for name, score in scores.items() if named.fullmatch(name)]
    return found[-1] if found else None


def _group(log: EvalLog, samples: Sequence[EvalSampleSummary], episode: Episode) -> Group:
    detail = _judged_by(samples, episode)
    metadata = log.eval.metadata or {}
    return Group(
        scenario=_scenario(episode.sample),
        version=str(log.eval.task_version),
        model=log.eval.model,
        judge=str(detail.get("judge", "")),
        rubric_hash=str(detail.get("rubric_hash", "")),
        data_hash="+".join(filter(None, (str(metadata.get("data_hash", "")), metadata.get("pack_hash")))),
        setup=setup_hash(log),
        condition=str(episode.sample.metadata.get("condition", "")),
    )


def _judged_by(samples: Sequence[EvalSampleSummary], episode: Episode) -> Mapping[str, Any]:
    """Return judge and rubric of an episode; one without a score belongs to those of its log."""
    alike = (_newest(sample) for sample in samples if _scenario(sample) == _scenario(episode.sample))
    for score in (episode.score, *alike):
        if score and score.metadata and "judge" in score.metadata:
            return score.metadata
    return {}


_OF_NO_ANSWER = {
    "adaptive_connections",
    "attempt_timeout",
    "batch",
    "max_connections",
    "max_retries",
    "stream_idle_timeout",
    "timeout",
}
"""Settings that say how fast a provider is asked, and nothing about what it answers."""


def setup_hash(log: EvalLog) -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of a run's solver, limits, settings and stopping rule.

    Args:
        log: The log, or its header.
    """
    config = log.eval.config
    limits = {
        name: getattr(config, name)
        for name in ("message_limit", "token_limit", "turn_limit", "time_limit", "working_limit", "cost_limit")
    }
    generation = log.eval.model_generate_config.model_dump_json(exclude_none=True, exclude=_OF_NO_ANSWER)
    whole = f"{log.eval.solver} {log.eval.solver_args} {limits} {generation} {log.eval.model_args}"
    if rule := stopping_of(log).get("rule"):
        whole += f" {rule}"
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


def rate_of(group: Group, episodes: Sequence[Episode]) -> Rate:
    """Compute the rate of a group of episodes."""
    headline = [_sample_score(episode, episode.score) for episode in episodes]
    scored = [score for score in headline if score.score.value == score.score.value]
    standings = [_sample_score(episode, _standing(episode.score)) for episode in episodes]
    counts = Counter(str(score.score.value) for score in standings)
    judged, known = (
        [score.score.as_float() for score in scored if bool((score.score.metadata or {}).get("judged")) is asked]
        for asked in (True, False)
    )
    stopped_at = episodes[0].stopped_at if episodes else None
    return Rate(
        group=group,
        stopped_at=stopped_at,
        judged=(int(sum(judged)), len(judged)),
        known=(int(sum(known)), len(known)),
        statuses={status: counts[status] for status in STATUSES},
        figures={
            **harm_figures(scored, stopped_at=stopped_at),
            **status_figures(standings),
        },
        flags=flag_figures(headline),
        notes=tuple(sorted({note for episode in episodes for note in episode.rate_notes})),
    )


def _standing(score: Score) -> Score:
    detail = score.metadata or {}
    return Score(value=str(detail.get("status", "error")), metadata=detail)


def _sample_score(episode: Episode, score: Score) -> SampleScore:
    return SampleScore(score=score, sample_id=episode.sample.id, sample_metadata=episode.sample.metadata)
