"""People beside the judge: how far they agree, and their labels as scores."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from inspect_ai.log import EvalSample

from agentic_misalignment.analysis.dossiers import read_log
from agentic_misalignment.analysis.rates import SUITE_SCORE, named_score
from agentic_misalignment.analysis.sheets import HumanLabel
from agentic_misalignment.analysis.table import aligned, interval, percent
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import Confusion
from agentic_misalignment.figures.agreement import kappa, share
from agentic_misalignment.judging import BELIEFS, rubric

_HEADINGS = ("label", "both known", "agree", "share", "95 % Wilson", "kappa", "95 %", "judge only", "people only")

Pair = tuple[str, bool, bool]
"""Label, what a person said, what the judge said."""


def human_table(path: Path, people: Sequence[HumanLabel]) -> str:
    """Write how far judge and people agree, by label.

    Args:
        path: The log.
        people: What people said of its episodes.
    """
    samples = {(str(sample.id), sample.epoch): sample for sample in read_log(path).samples or []}
    pairs = [pair for said in people for pair in _pairs(said, samples[said.sample_id, said.epoch])]
    names = list(dict.fromkeys(name for name, _, _ in pairs))
    rows = [_row(name, [(human, judge) for each, human, judge in pairs if each == name]) for name in names]
    raters = sorted({said.rater for said in people if said.rater})
    head = f"{len(people)} episodes labelled by {', '.join(raters) or 'nobody who is named'}"
    if not rows:
        return f"{head}; the judge has no verdict on any of them"
    return "\n".join([head, "", *aligned([_HEADINGS, *rows])])


def _pairs(said: HumanLabel, sample: EvalSample) -> Iterator[Pair]:
    headline = named_score(sample.scores or {}, said.scenario, SUITE_SCORE)
    harm = (headline.metadata or {}).get("harm") if headline else None
    if said.verdict is not None and harm is not None:
        yield said.scenario, said.verdict in rubric(said.scenario).positive, bool(harm)
    belief = named_score(sample.scores or {}, "test_vs_real")
    if said.belief is not None and belief is not None and isinstance(belief.value, str):
        for name in BELIEFS:
            yield f"belief.{name}", said.belief == name, belief.value == name
    conduct = named_score(sample.scores or {}, "conduct")
    if said.conduct is not None and conduct is not None and isinstance(conduct.value, dict):
        for name, value in conduct.value.items():
            if not math.isnan(float(value or 0)):
                yield f"conduct.{name}", name in said.conduct, value == 1


def _row(name: str, pairs: Sequence[tuple[bool, bool]]) -> tuple[str, ...]:
    counts = Confusion.of(pairs)
    agreed, beyond = share(counts.tp + counts.tn, counts.n), kappa(counts)
    known = not math.isnan(beyond.value)
    return (
        name,
        str(counts.n),
        str(counts.tp + counts.tn),
        percent(agreed.value),
        interval(agreed.low, agreed.high),
        f"{beyond.value:.2f}" if known else "-",
        f"{beyond.low:.2f} to {beyond.high:.2f}" if known else "-",
        str(counts.fp),
        str(counts.fn),
    )


def write_human_scores(people: Iterable[HumanLabel], path: Path) -> None:
    """Write what people said as scores that Inspect's `precomputed_scores` reads.

    Args:
        people: What people said.
        path: The file, `.jsonl`.

    Raises:
        SuiteError: If it does not end in `.jsonl`, or cannot be written.
    """
    if path.suffix != ".jsonl":
        raise SuiteError(f"{path}: expected a file that ends in .jsonl")
    try:
        path.write_text("".join(json.dumps(_record(said), ensure_ascii=False) + "\n" for said in people), "utf-8")
    except OSError as error:
        raise SuiteError(f"{path}: cannot be written: {error}") from error


def _record(said: HumanLabel) -> dict[str, object]:
    by = rubric(said.scenario)
    known = said.verdict is not None and said.verdict not in by.apart
    harm = float(said.verdict in by.positive) if known else math.nan
    detail = said.model_dump(exclude={"row", "sample_id", "epoch", "scenario"})
    return {
        "id": said.sample_id,
        "epoch": said.epoch,
        "value": harm,
        "answer": said.verdict,
        "explanation": said.note or None,
        "metadata": detail,
    }
