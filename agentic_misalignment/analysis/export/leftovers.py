"""The last look at what was written: nothing that may not leave is in any file."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, read_eval_log

from agentic_misalignment.analysis.export.bundling import ASSETS
from agentic_misalignment.analysis.export.logfile import digest
from agentic_misalignment.analysis.export.redaction import has_pack
from agentic_misalignment.analysis.export.scrubbing import Scrubber, rules
from agentic_misalignment.analysis.export.withholding import is_harmful


def leftovers(folder: Path, scrubber: Scrubber, *, full: bool) -> list[str]:
    """Look for what may not leave in all files of an export.

    The viewer's own files are not looked at: they are Inspect's and hold nothing of the user's.

    Args:
        folder: The export.
        scrubber: Knows what may not leave.
        full: Whether texts of harmful episodes may be there.

    Returns:
        One line for each fault, with the file and the kind of what is left, never the thing itself.
    """
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and folder / ASSETS not in file.parents)
    single = {digest(file): file for file in files}  # the logs stand in the bundle too
    return [
        f"{file.relative_to(folder)}: {fault}"
        for file in single.values()
        for fault in _faults(file, scrubber, full=full)
    ]


def _faults(file: Path, scrubber: Scrubber, *, full: bool) -> Iterator[str]:
    if found := scrubber.leftovers(file.name):
        yield f"its name holds {', '.join(found)}"
    if file.suffix == ".eval":
        log = read_eval_log(str(file))
        text = "\n".join(_texts(log.model_dump(mode="json")))
        yield from _of_log(log, full=full)
    else:
        text = _readable(file)
        if file.suffix == ".jsonl" and rules().canary not in text:
            yield "no canary line"
    yield from scrubber.leftovers(text)


def _of_log(log: EvalLog, *, full: bool) -> Iterator[str]:
    if (log.eval.metadata or {}).get("canary") != rules().canary:
        yield "no canary line"
    for sample in log.samples or []:
        has_text = bool(sample.events or sample.store or sample.attachments)
        if has_text and (has_pack(log) or (not full and is_harmful(sample))):
            yield f"{sample.id}: the text of an episode that should be left out"


def _readable(file: Path) -> str:
    """Return the texts of a file, those in JSON without escapes, so that words can be told from letters before them."""
    text = file.read_text(encoding="utf-8")
    documents = {".json": [text], ".jsonl": text.splitlines()}.get(file.suffix, [])
    return "\n".join([text, *(each for document in documents for each in _texts(json.loads(document)))])


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
