"""Sheets for people who label episodes: blinded dossiers out, labels in."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from inspect_ai.log import EvalLog, EvalSample
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.dossiers import dossier_of, read_log
from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.judging import BELIEFS, labels, rubric
from agentic_misalignment.study.items import verdicts_of

FORMATS = (".csv", ".jsonl")
"""Endings of a sheet, which tell its form."""

FILLED = ("verdict", "belief", "conduct", "rater", "note")
"""The columns that a person fills in; verdict, belief and conduct may be left empty."""

NOTHING = "none"
"""What stands in the column `conduct` where no label holds; an empty cell means that nobody looked."""

_LONGEST_CELL = 10_000_000
"""Characters; a dossier may be longer than the csv module allows by itself."""

_COLUMNS = ("row", "scenario", "question", "verdicts", "dossier", *FILLED)


class HumanLabel(BaseModel):
    """What a person says of one episode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: str
    sample_id: str
    epoch: int
    scenario: str
    verdict: str | None
    belief: str | None
    conduct: tuple[str, ...] | None
    rater: str
    note: str


def write_sheet(path: Path, sheet: Path, *, limit: int | None = None, seed: int = 1) -> int:
    """Write a sheet of blinded dossiers, in random order: nothing in it tells model, condition or the judge's verdict.

    Args:
        path: The log.
        sheet: The sheet, `.csv` or `.jsonl`.
        limit: How many episodes, drawn at random; all without it.
        seed: Seed of draw and order.

    Returns:
        How many episodes it holds.

    Raises:
        SuiteError: If the log has no episodes of this suite, or the sheet exists or cannot be written.
    """
    _check_format(sheet)
    if sheet.exists():
        raise SuiteError(f"{sheet}: exists already; a sheet may hold somebody's work and is not written over")
    log = read_log(path)
    samples = sorted(log.samples or [], key=lambda sample: row_key(log, sample))
    Random(seed).shuffle(samples)
    rows = [_row(log, sample) for sample in samples[:limit]]
    try:
        with sheet.open("w", encoding="utf-8", newline="") as file:
            if sheet.suffix == ".csv":
                writer = csv.DictWriter(file, fieldnames=_COLUMNS)
                writer.writeheader()
                writer.writerows(rows)
            else:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise SuiteError(f"{sheet}: cannot be written: {error}") from error
    return len(rows)


def row_key(log: EvalLog, sample: EvalSample) -> str:
    """Return the key of a row, from which nobody can read which sample it is."""
    whole = f"{log.eval.eval_id}/{sample.uuid or sample.id}/{sample.epoch}"
    return hashlib.sha256(whole.encode()).hexdigest()[:10]


def _row(log: EvalLog, sample: EvalSample) -> dict[str, str]:
    dossier = dossier_of(sample, question="belief")  # refuses samples that are no episodes
    scenario = str(sample.metadata["scenario"])
    return {
        **dict.fromkeys(_COLUMNS, ""),
        "row": row_key(log, sample),
        "scenario": scenario,
        "question": rubric(scenario).question,
        "verdicts": " | ".join(verdicts_of(scenario)),
        "dossier": dossier,
    }


def read_sheet(path: Path, sheet: Path) -> list[HumanLabel]:
    """Read a filled sheet.

    Args:
        path: The log that it was made of.
        sheet: The sheet.

    Returns:
        The rows in which something is filled in.

    Raises:
        SuiteError: If a row is not of the log or stands twice, or a label does not exist, with the line.
    """
    _check_format(sheet)
    log = read_log(path)
    known = {row_key(log, sample): sample for sample in log.samples or []}
    found: dict[str, HumanLabel] = {}
    for number, row in _rows(sheet):
        where, key = f"{sheet}:{number}", str(row.get("row") or "")
        if key not in known:
            raise SuiteError(f"{where}: the row '{key}' is of no episode of {path}")
        if key in found:
            raise SuiteError(f"{where}: the row '{key}' stands twice; expected one line for each episode")
        found[key] = _label(row, known[key], key, where)
    filled = [label for label in found.values() if (label.verdict, label.belief, label.conduct) != (None, None, None)]
    if not filled:
        raise SuiteError(
            f"{sheet}: nothing is filled in; expected a verdict, a belief or labels of conduct in some rows"
        )
    return filled


def _rows(sheet: Path) -> Iterable[tuple[int, Mapping[str, Any]]]:
    try:
        with sheet.open(encoding="utf-8-sig", newline="") as file:  # a spreadsheet may put a mark before the text
            if sheet.suffix == ".csv":
                csv.field_size_limit(_LONGEST_CELL)
                reader = csv.DictReader(file)
                missing = [name for name in ("row", *FILLED) if name not in (reader.fieldnames or ())]
                if missing:
                    raise SuiteError(f"{sheet}:1: the column '{missing[0]}' is missing")
                return [(reader.line_num, row) for row in reader]
            rows = [(number, json.loads(line)) for number, line in enumerate(file, start=1) if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{sheet}: cannot be read: {error}") from error
    except (ValueError, csv.Error) as error:
        raise SuiteError(f"{sheet}: not a sheet: {error}") from error
    for number, row in rows:
        if not isinstance(row, dict):
            raise SuiteError(f"{sheet}:{number}: not a sheet: expected a JSON object")
    return rows


def _label(row: Mapping[str, Any], sample: EvalSample, key: str, where: str) -> HumanLabel:
    scenario = str(sample.metadata.get("scenario"))
    conduct = _words(row.get("conduct"))
    return HumanLabel(
        row=key,
        sample_id=str(sample.id),
        epoch=sample.epoch,
        scenario=scenario,
        verdict=_one(row.get("verdict"), verdicts_of(scenario), "verdict", where),
        belief=_one(row.get("belief"), list(BELIEFS), "belief", where),
        conduct=None if not conduct else tuple(_known(name, where) for name in conduct if name != NOTHING),
        rater=str(row.get("rater") or "").strip(),
        note=str(row.get("note") or "").strip(),
    )


def _one(value: Any, valid: list[str], kind: str, where: str) -> str | None:
    text = str(value or "").strip()
    if not text:
        return None
    if text not in valid:
        raise unknown(kind, text, valid, where=where)
    return text


def _words(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else str(value or "").replace(";", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def _known(name: str, where: str) -> str:
    if name not in labels():
        raise unknown("label", name, [NOTHING, *labels()], where=where)
    return name


def _check_format(sheet: Path) -> None:
    if sheet.suffix not in FORMATS:
        raise SuiteError(f"{sheet}: expected a sheet that ends in {' or '.join(FORMATS)}")
