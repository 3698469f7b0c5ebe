"""Results as records of Every Eval Ever: one aggregate file with one file of instances for each model and setup."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentic_misalignment.analysis.export.every_eval_ever_aggregate import aggregate
from agentic_misalignment.analysis.export.every_eval_ever_instances import instances
from agentic_misalignment.analysis.export.every_eval_ever_record import COLLECTION, Record
from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.rates import Group, Rate, read_episodes
from agentic_misalignment.errors import SuiteError


def every_eval_ever(publication: Publication, folder: Path) -> Sequence[Path]:
    """Write records of Every Eval Ever 0.3 into `eee/data/agentic-misalignment/<developer>/<model>/`.

    A record holds what agrees in scenario, version, model, judge, rubric, data and setup, with one result for each
    condition: what may not be pooled is never in one record. Instances are the valid episodes, with the text that the
    redacted logs have. The converter of the package is not used, since it loses the judge, the intervals and the
    limits.

    Args:
        publication: What is published.
        folder: The root of the export.

    Returns:
        The files that were written.

    Raises:
        SuiteError: If nobody is named as the one who ran the evaluation, a model's name does not tell who made it, or
            no condition has a rate.
    """
    if not publication.about.organization:
        raise SuiteError("Every Eval Ever asks who ran the evaluation: give organization in the file of --about")
    written = [path for record in records(publication) for path in _write(record, publication, folder / "eee")]
    if not written:
        raise SuiteError("Every Eval Ever: no condition of these logs has a rate: there is no valid episode")
    return written


def records(publication: Publication) -> Iterator[Record]:
    """Sort rates into records.

    Args:
        publication: What is published.

    Yields:
        Records with at least one rate, in the order of the rates.
    """
    sorted_rates: dict[Group, list[Rate]] = defaultdict(list)
    for rate in publication.rates:
        sorted_rates[_whole(rate.group)].append(rate)
    for group, rates in sorted_rates.items():
        runs = tuple(run for run in publication.runs if any(_whole(each.group) == group for each in run.rates))
        rated = tuple(rate for rate in rates if rate.figures["rate"] == rate.figures["rate"])
        if rated:
            without = tuple(rate.group.condition for rate in rates if rate not in rated)
            yield Record.of(group, rated, without, runs, _newest_scores(group, runs), publication.about.hub_models)


def _whole(group: Group) -> Group:
    return group.model_copy(update={"condition": ""})


def _newest_scores(group: Group, runs: Sequence[Run]) -> Mapping[str, Any]:
    """Return the headline scores of the group's episodes, by the sample's uuid."""
    found = read_episodes([run.log for run in runs])
    return {
        str(episode.sample.uuid): episode.score
        for each, episodes in found.items()
        if _whole(each) == group
        for episode in episodes
    }


def _write(record: Record, publication: Publication, root: Path) -> list[Path]:
    folder = root / "data" / COLLECTION / "/".join(record.model.folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = folder / f"{record.uuid}_samples.jsonl"
    digest, count = hashlib.sha256(), 0
    tools: dict[str, Any] = {}
    with rows.open("w", encoding="utf-8", newline="\n") as file:
        for row, offered in instances(record, publication.canary):
            line = json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
            file.write(line)
            digest.update(line.encode())
            count += 1
            tools |= offered
    detail = {
        "format": "jsonl",
        "file_path": rows.relative_to(root).as_posix(),
        "hash_algorithm": "sha256",
        "checksum": digest.hexdigest(),
        "total_rows": count,
    }
    whole = aggregate(record, publication, tools) | {"detailed_evaluation_results": detail}
    path = folder / f"{record.uuid}.json"
    text = json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return [path, rows]
