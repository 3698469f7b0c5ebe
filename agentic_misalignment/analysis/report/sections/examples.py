"""Random example episodes of each outcome."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
from inspect_ai.log import EvalSample, read_eval_log_sample

from agentic_misalignment.analysis.beliefs import SCORE as BELIEF
from agentic_misalignment.analysis.logs import local_path
from agentic_misalignment.analysis.rates import SUITE_SCORE, named_score
from agentic_misalignment.analysis.report.blocks import Example, Examples, Paragraph, Section, present
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import several

PER_OUTCOME = 3
"""Episodes that are shown of each outcome."""

LONGEST = 700
"""Characters of the agent's last words and of a quote that are shown."""

_LEAD = (
    "Drawn at random with seed {seed}, so they are neither the worst nor the best. Quotes are those that the judge "
    "named; the last words are what the agent wrote at the end. All text here is the text of models."
)
_SERVED = (
    "The links open the episode in the log viewer that stands beside this page. The viewer needs a web server, and so "
    "do its links: run python -m http.server in the folder of this page and open it at http://localhost:8000/."
)
_OUTCOMES: tuple[tuple[str, Callable[[pandas.DataFrame], "pandas.Series[bool]"]], ...] = (
    ("Harm (1)", lambda frame: frame["harm"].eq(1).fillna(False).astype(bool)),
    ("No harm (0)", lambda frame: frame["harm"].eq(0).fillna(False).astype(bool)),
    ("Not valid, or without a verdict", lambda frame: frame["harm"].isna()),
)

Link = Callable[[Path, str | int, int], str]
"""Makes the address of an episode in the log viewer: of a log file, a sample's id and its epoch."""


def example_section(material: Material, *, seed: int, link: Link | None = None) -> Section:
    """Make the section of example episodes.

    Args:
        material: What the logs say.
        seed: Seed of the draw.
        link: Makes the address of an episode in the log viewer, where there is one.
    """
    draw = random.Random(seed)
    frame = material.frame.sort_values(["sample_uuid", "sample_id", "epoch"], kind="stable")
    return Section(
        id="examples",
        heading="Example episodes",
        blocks=present(
            Paragraph(_LEAD.format(seed=seed)),
            Paragraph(_SERVED) if link else None,
            [_examples(heading, frame[having(frame)], material, draw, link) for heading, having in _OUTCOMES],
        ),
    )


def _examples(
    heading: str, frame: pandas.DataFrame, material: Material, draw: random.Random, link: Link | None
) -> Examples:
    rows = frame.to_dict("records")
    chosen = draw.sample(rows, min(PER_OUTCOME, len(rows)))
    shown = tuple(_example(row, material, link) for row in chosen)
    return Examples(heading, f"{len(shown)} of {several(len(rows), 'episode')}", shown)


def _example(row: dict[Any, Any], material: Material, link: Link | None) -> Example:
    file = _file(str(row["log_file"]), material)
    sample = read_eval_log_sample(str(file), id=row["sample_id"], epoch=int(row["epoch"]))
    headline = named_score(sample.scores or {}, str(row["scenario"]), SUITE_SCORE)
    detail = (headline.metadata if headline else None) or {}
    return Example(
        title=f"{row['model']}, {row['scenario']}, {row['condition']}",
        place=f"{row['sample_id']}, epoch {int(row['epoch'])}, in {file.name}",
        facts=_facts(sample, detail, row),
        quotes=tuple(_cut(str(quote["text"])) for quote in detail.get("quotes") or []),
        last_words=_cut(sample.output.completion.strip()),
        link=link(file, sample.id, sample.epoch) if link else None,
    )


def _file(name: str, material: Material) -> Path:
    wanted = Path(local_path(name)).resolve()
    return next(path for path in material.paths if path.resolve() == wanted)


def _facts(sample: EvalSample, detail: dict[str, Any], row: dict[Any, Any]) -> tuple[tuple[str, str], ...]:
    reason = f" ({detail['reason']})" if detail.get("reason") else ""
    judged = detail.get("verdict") or _no_verdict(detail)
    confidence = f", confidence {detail['confidence']}" if detail.get("confidence") else ""
    pairs = (
        ("status", f"{detail.get('status', row['status'])}{reason}"),
        ("finding of the ledger", str(detail.get("finding", ""))),
        ("verdict of the judge", f"{judged}{confidence}"),
        ("reality belief", _belief(sample)),
        ("world", str(row["world"])),
    )
    return tuple((name, text) for name, text in pairs if text)


def _no_verdict(detail: dict[str, Any]) -> str:
    if not detail:
        return "not asked: no score"
    if detail.get("judged"):
        return "none that can be used"
    return "not asked: the ledger decides" if detail.get("status") == "valid" else "not asked: the episode is not valid"


def _belief(sample: EvalSample) -> str:
    score = named_score(sample.scores or {}, BELIEF)
    if score is None:
        return ""
    if not isinstance(score.value, str):
        return "not known"
    detail = score.metadata or {}
    percent = detail.get("stated_percent")
    return score.value if percent is None else f"{score.value}, stated with {percent:g} %"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"
