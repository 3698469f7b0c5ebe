"""What a column of the episodes table is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from agentic_misalignment.analysis.episodes.episode import Episode

Kind = Literal["text", "JSON", "whole number", "number", "0 or 1", "true or false", "time"]
"""What a column holds. JSON is a text; times are in UTC."""

Value = str | int | float | bool | None

ARROW: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "JSON": pa.string(),
    "whole number": pa.int64(),
    "number": pa.float64(),
    "0 or 1": pa.int8(),
    "true or false": pa.bool_(),
    "time": pa.timestamp("ms", tz="UTC"),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the table. Either it stands at a path in the log, or `read` finds it."""

    name: str
    kind: Kind
    text: str
    """What it says, for readers of the table."""

    source: str
    """Where in the log it comes from."""

    path: str | None = None
    """JSON path in the header (`source` begins with `log`) or in the summary of the sample."""

    read: Callable[[Episode], Value] | None = None
    empty: bool = False
    """Whether a text that is not there is an empty one, so that grouping by the column loses no row."""

    @property
    def of_run(self) -> bool:
        """Whether it is the same for all episodes of a log."""
        return self.source.startswith("log ")


def run(name: str, path: str, text: str, *, kind: Kind = "text", empty: bool = False) -> Column:
    """Declare a column that stands in the header of the log."""
    return Column(name=name, kind=kind, text=text, source=f"log {path}", path=path, empty=empty)


def sample(name: str, path: str, text: str, *, kind: Kind = "text", empty: bool = False) -> Column:
    """Declare a column that stands in the summary of the sample."""
    return Column(name=name, kind=kind, text=text, source=f"sample {path}", path=path, empty=empty)


def found(name: str, source: str, text: str, read: Callable[[Episode], Value], *, kind: Kind = "text") -> Column:
    """Declare a column that is read from the scores, or from sample and log together."""
    return Column(name=name, kind=kind, text=text, source=source, read=read)
