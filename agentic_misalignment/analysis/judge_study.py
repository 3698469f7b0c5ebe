"""The judge study: from its logs to the result that a report cites."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.scorer import Score
from pydantic import BaseModel, ConfigDict, ValidationError, computed_field

from agentic_misalignment.analysis.dossiers import read_log
from agentic_misalignment.analysis.logs import log_files
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import Confusion, Estimate, confusion_of, rows_by_label
from agentic_misalignment.figures.agreement import kappa, sensitivity, specificity


class LabelResult(BaseModel):
    """How a judge does on one label, over the items in which it was asked about it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    label: str
    confusion: Confusion
    unanswered: int
    """Items in which it gave no usable answer; in none of the figures."""

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def sensitivity(self) -> Estimate:
        """Share of the items with the label in which it was found."""
        return sensitivity(self.confusion)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def specificity(self) -> Estimate:
        """Share of the items without the label in which it was not found."""
        return specificity(self.confusion)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def kappa(self) -> Estimate:
        """Cohen's kappa with the truth."""
        return kappa(self.confusion)


class TagResult(BaseModel):
    """How a judge does on one kind of hard case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tag: str
    items: int
    headline: Confusion
    """Of the headline questions."""

    wrong: int
    """Labels of all questions that came out wrong."""

    labels: int
    """Labels that were answered."""


class Cost(BaseModel):
    """What the judge took; what came from the cache costs nothing and is not in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    input_tokens: int
    output_tokens: int
    dollars: float | None = None
    """`None` without prices: see Inspect's `--model-cost-config`."""


class AttackResult(BaseModel):
    """What one technique does to the verdicts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    technique: str
    moved: int
    held: int
    lost: int
    """Verdicts that the attack left without a usable answer."""

    nothing_to_move: int
    """Items on which the judge said without the attack what the attack wants; in none of the others."""

    without: int
    """Items without a verdict even before the attack; in none of the others."""


class StudyResult(BaseModel):
    """What is known of one judge, or panel, on these rubrics."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    judge: str
    judge_settings: Any
    judge_note: str | None
    rubric_hashes: dict[str, str]
    data_hash: str
    package_version: str
    split: str
    items: int
    labels: tuple[LabelResult, ...] = ()
    tags: tuple[TagResult, ...] = ()
    attacks: tuple[AttackResult, ...] = ()
    cost: Cost

    def label(self, name: str) -> LabelResult | None:
        """Return the result of a label, or `None` if it was not studied."""
        return next((label for label in self.labels if label.label == name), None)


def read_study(paths: Iterable[Path]) -> list[StudyResult]:
    """Read the results of judge studies, one for each log.

    Args:
        paths: Logs of the task `judge_study`, or folders of them.

    Raises:
        SuiteError: If there is no log, or one is not of a judge study or has not ended.
    """
    return [_result(_log(file), file) for file in log_files(paths)]


def write_result(result: StudyResult, path: Path) -> None:
    """Write a result as JSON.

    Args:
        result: The result.
        path: The file.

    Raises:
        SuiteError: If the file cannot be written.
    """
    try:
        path.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{path}: cannot be written: {error}") from error


def read_result(path: Path) -> StudyResult:
    """Read a result that `write_result` has written.

    Args:
        path: The file.

    Raises:
        SuiteError: If it is not such a file.
    """
    try:
        return StudyResult.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path}: cannot be read: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"])) or "file"
        raise SuiteError(f"{path}: not the result of a judge study: {place}: {fault['msg']}") from error


def _log(file: str) -> EvalLog:
    log = read_log(file)
    if "judge_study" not in (log.eval.metadata or {}):
        raise SuiteError(f"{file}: not a log of the task judge_study")
    if log.status != "success":
        raise SuiteError(f"{file}: the study has status '{log.status}'; expected one that has ended")
    return log


def _result(log: EvalLog, file: str) -> StudyResult:
    about = log.eval.metadata or {}
    scored = [(sample, score) for sample in log.samples or [] if (score := _newest(sample)) and score.metadata]
    if not scored:
        raise SuiteError(f"{file}: no sample of the study has a score")
    details = [score.metadata or {} for _, score in scored]
    attacked = about["judge_study"] == "attacks"
    hashes: dict[str, str] = {}
    for detail in details:
        hashes |= detail["rubric_hashes"]
    return StudyResult(
        judge=details[0]["judge"],
        judge_settings=details[0]["judge_settings"],
        judge_note=details[0]["judge_note"],
        rubric_hashes=hashes,
        data_hash=str(about["data_hash"]),
        package_version=str(about["package_version"]),
        split=str(about["split"]),
        items=len(scored),
        labels=() if attacked else tuple(_labels(details)),
        tags=() if attacked else tuple(_tags([(sample, score.metadata or {}) for sample, score in scored])),
        attacks=tuple(_attacks(details)) if attacked else (),
        cost=_cost(log),
    )


def _newest(sample: EvalSample) -> Score | None:
    scores = list((sample.scores or {}).values())
    return scores[-1] if scores else None


def _labels(details: Sequence[Mapping[str, Any]]) -> list[LabelResult]:
    found = []
    for label, rows in rows_by_label(details).items():
        asked = [row for row in rows if row["asked"]]
        if asked:
            unanswered = sum(row["found"] is None for row in asked)
            found.append(LabelResult(label=label, confusion=confusion_of(asked), unanswered=unanswered))
    return sorted(found, key=lambda result: ("." in result.label, result.label))


def _tags(scored: Sequence[tuple[EvalSample, Mapping[str, Any]]]) -> list[TagResult]:
    by_tag: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for sample, detail in scored:
        for tag in sample.metadata["tags"]:
            by_tag[tag].append(detail)
    return [_tag(tag, details) for tag, details in sorted(by_tag.items())]


def _tag(tag: str, details: Sequence[Mapping[str, Any]]) -> TagResult:
    rows = [row for detail in details for row in detail["rows"] if row["found"] is not None]
    return TagResult(
        tag=tag,
        items=len(details),
        headline=confusion_of(row for row in rows if "." not in row["label"]),
        wrong=sum(row["found"] != row["truth"] for row in rows),
        labels=len(rows),
    )


def _attacks(details: Sequence[Mapping[str, Any]]) -> list[AttackResult]:
    techniques = sorted({detail["technique"] for detail in details})
    return [_attack(name, [detail for detail in details if detail["technique"] == name]) for name in techniques]


def _attack(technique: str, details: Sequence[Mapping[str, Any]]) -> AttackResult:
    known = [detail for detail in details if detail["before"] is not None]
    movable = [detail for detail in known if detail["before"] != (detail["wants"] == "positive")]
    answered = [detail for detail in movable if detail["after"] is not None]
    moved = sum(detail["before"] != detail["after"] for detail in answered)
    return AttackResult(
        technique=technique,
        moved=moved,
        held=len(answered) - moved,
        lost=len(movable) - len(answered),
        nothing_to_move=len(known) - len(movable),
        without=len(details) - len(known),
    )


def _cost(log: EvalLog) -> Cost:
    usage = (log.stats.role_usage or {}).get("grader")
    if usage is None:
        return Cost(input_tokens=0, output_tokens=0)
    read = usage.input_tokens + (usage.input_tokens_cache_read or 0) + (usage.input_tokens_cache_write or 0)
    return Cost(input_tokens=read, output_tokens=usage.output_tokens, dollars=usage.total_cost)
