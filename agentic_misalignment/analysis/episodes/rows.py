"""From the samples of a log to rows of the table, by Inspect's dataframes."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from inspect_ai.analysis import Column as InspectColumn
from inspect_ai.analysis import EvalColumn, SampleColumn, samples_df
from inspect_ai.log import EvalLog, EvalSampleSummary
from pydantic import Field

from agentic_misalignment.analysis.episodes.column import Column, Value
from agentic_misalignment.analysis.episodes.dictionary import COLUMNS, SCHEMA
from agentic_misalignment.analysis.episodes.episode import Episode, scenario_of
from agentic_misalignment.analysis.episodes.reading import AT_ONCE, Portion, portions, size

_OURS = "ours_"
"""Before our names in Inspect's table, which has columns of its own, some of the same name."""


class Rows(NamedTuple):
    """Some rows of a log."""

    table: pa.Table
    """With `SCHEMA`."""

    share: float
    """How much of the log has been read with them, up to 1."""


def read_rows(file: str, *, at_once: int = AT_ONCE) -> Iterator[Rows]:
    """Yield the rows of one log, some at a time.

    Args:
        file: The log.
        at_once: See `portions`.

    Raises:
        SuiteError: See `portions`.
    """
    read = 0
    for portion in portions(file, at_once=at_once):
        read += len(portion.samples)
        yield Rows(_table(portion), min(1.0, read / max(1, size(portion.log))))


def _table(portion: Portion) -> pa.Table:
    log = _InMemory.model_construct(**{**dict(portion.log), "samples": portion.samples})
    columns = [*filter(None, map(_by_path, COLUMNS)), SampleColumn(f"{_OURS}*", path=_reader(portion))]
    frame = samples_df([log], columns=columns, quiet=True)
    arrays = [_array(column, frame[f"{_OURS}{column.name}"]) for column in COLUMNS]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


class _InMemory(EvalLog):
    """A log with summaries in the place of its samples: Inspect takes these for what the file holds."""

    samples: list[Any] | None = Field(default=None, exclude=True)


def _by_path(column: Column) -> InspectColumn | None:
    if column.path is None:
        return None
    name = f"{_OURS}{column.name}"
    return EvalColumn(name, path=column.path) if column.of_run else SampleColumn(name, path=column.path, full=False)


def _reader(portion: Portion) -> Callable[[EvalSampleSummary], dict[str, Value]]:
    """Make what reads of a sample all that stands at no path of its own."""

    def read(sample: EvalSampleSummary) -> dict[str, Value]:
        known = portion.judges.get(scenario_of(sample), {})
        episode = Episode(log=portion.log, sample=sample, judged_by=known)
        return {column.name: column.read(episode) for column in COLUMNS if column.read}

    return read


def _array(column: Column, values: "pd.Series[str]") -> pa.Array:
    array = pa.array(values).cast(SCHEMA.field(column.name).type)
    return array.fill_null("") if column.empty else array
