"""Which of an export's remarks belong to some of its runs."""

from collections.abc import Iterable

from agentic_misalignment.analysis.export.frame import Publication, Run

MANY = " more: "
"""Stands in a remark on more runs than it names."""


def remarks_on(publication: Publication, runs: Iterable[Run], model: str) -> tuple[str, ...]:
    """Return the marks of runs and the remarks that name one of them, or their model, or too many runs to name all.

    Args:
        publication: What is published.
        runs: Some of its runs.
        model: Their model, as the logs name it.
    """
    chosen = list(runs)
    names = [model, MANY, *(run.log.name for run in chosen)]
    said = [text for text in publication.remarks if any(name in text for name in names)]
    return tuple(dict.fromkeys([*(mark for run in chosen for mark in run.marks), *said]))
