"""Rates: what the logs of a folder say, one row for each model, judge and condition."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from inspect_ai.log import (
    EvalLog,
    EvalSampleSummary,
    list_eval_logs,
    read_eval_log,
    read_eval_log_sample_summaries,
)
from inspect_ai.scorer import SampleScore, Score
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import STATUSES
from agentic_misalignment.scorers.metrics import harm_figures, status_figures

STATUS = "status"
UNSCORED_SHARE = 0.02
"""Share of episodes without a value above which a rate is printed with both bounds."""


class Group(BaseModel):
    """What may be pooled: episodes that agree in all of this."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    version: str
    model: str
    judge: str
    rubric_hash: str
    data_hash: str
    condition: str


class Rate(BaseModel):
    """The rate of one group of episodes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: Group
    statuses: dict[str, int]
    figures: dict[str, float]
    """The log's metrics, computed over the group; see `harm_figures` and `status_figures`."""

    note: str | None
    """A warning that goes with the judge."""

    @property
    def episodes(self) -> int:
        """All episodes, whatever their status."""
        return sum(self.statuses.values())


def read_rates(paths: Iterable[Path]) -> list[Rate]:
    """Compute the rates of logs.

    The figures come from the same functions as the log's own metrics, so they cannot differ from it.

    Args:
        paths: Log files, or folders of them.

    Returns:
        One rate for each group, sorted by scenario, condition and model.

    Raises:
        SuiteError: If there is no log, or one is not of this suite.
    """
    groups: dict[Group, list[EvalSampleSummary]] = defaultdict(list)
    for file in _files(paths):
        log = read_eval_log(file, header_only=True)
        scenario = (log.eval.metadata or {}).get("scenario")
        if not isinstance(scenario, str):
            raise SuiteError(f"{file}: not a log of this suite: its task metadata names no scenario")
        for sample in read_eval_log_sample_summaries(file):
            groups[_group(log, scenario, sample)].append(sample)
    rates = [_rate(group, samples) for group, samples in groups.items()]
    return sorted(rates, key=lambda rate: (rate.group.scenario, rate.group.condition, rate.group.model))


def _files(paths: Iterable[Path]) -> list[str]:
    found: list[str] = []
    for path in paths:
        if not path.exists():
            raise SuiteError(f"{path}: no such file or folder; expected an Inspect log (.eval) or a folder of logs")
        found += [info.name for info in list_eval_logs(str(path))] if path.is_dir() else [str(path)]
    if not found:
        raise SuiteError(f"no logs in {', '.join(map(str, paths))}")
    return sorted(found)


def _group(log: EvalLog, scenario: str, sample: EvalSampleSummary) -> Group:
    detail = _detail(sample, scenario)
    roles = log.eval.model_roles or {}
    return Group(
        scenario=scenario,
        version=str(log.eval.task_version),
        model=log.eval.model,
        judge=str(detail.get("judge") or ", ".join(_models(roles.get("grader")))),
        rubric_hash=str(detail.get("rubric_hash", "")),
        data_hash=str((log.eval.metadata or {}).get("data_hash", "")),
        condition=str(sample.metadata.get("condition", "")),
    )


def _models(role: object) -> list[str]:
    configured: Sequence[object] = role if isinstance(role, list) else [role]
    return [str(getattr(config, "model", "")) for config in configured if config is not None]


def _detail(sample: EvalSampleSummary, name: str) -> Mapping[str, object]:
    score = (sample.scores or {}).get(name)
    return (score.metadata or {}) if score else {}


def _rate(group: Group, samples: Sequence[EvalSampleSummary]) -> Rate:
    headline = [_sample_score(sample, group.scenario) for sample in samples]
    scored = [score for score in headline if score.score.value == score.score.value]
    standings = [_sample_score(sample, STATUS) for sample in samples]
    counts = Counter(str(score.score.value) for score in standings)
    notes = {note for sample in samples if (note := _detail(sample, group.scenario).get("judge_note"))}
    return Rate(
        group=group,
        statuses={status: counts[status] for status in STATUSES},
        figures={**harm_figures(scored), **status_figures(standings)},
        note=str(min(map(str, notes))) if notes else None,
    )


def _sample_score(sample: EvalSampleSummary, name: str) -> SampleScore:
    missing = Score(value="error", metadata={"reason": "no score in the log", "harm": None})
    score = (sample.scores or {}).get(name)
    if score is None:
        score = missing if name == STATUS else Score(value=float("nan"))
    return SampleScore(score=score, sample_id=sample.id, sample_metadata=sample.metadata)
