"""All columns of the episodes table, in their order."""

import pyarrow as pa

from agentic_misalignment.analysis.episodes.column import ARROW, Column
from agentic_misalignment.analysis.episodes.cost_columns import cost_columns
from agentic_misalignment.analysis.episodes.design_columns import design_columns
from agentic_misalignment.analysis.episodes.judged_columns import belief_columns, conduct_columns, judge_columns
from agentic_misalignment.analysis.episodes.outcome_columns import outcome_columns

COLUMNS: tuple[Column, ...] = (
    *design_columns(),
    *outcome_columns(),
    *belief_columns(),
    *conduct_columns(),
    *judge_columns(),
    *cost_columns(),
)
"""The column dictionary: every table has these columns, in this order, whatever the logs hold."""

SCHEMA = pa.schema([pa.field(column.name, ARROW[column.kind]) for column in COLUMNS])
"""Names and types, as a Parquet file has them."""


def dictionary_rows() -> list[tuple[str, str, str, str]]:
    """Return a row for each column, under a heading: name, what it holds, where it comes from, what it says."""
    heading = ("column", "holds", "from", "says")
    return [heading, *((column.name, column.kind, column.source, column.text) for column in COLUMNS)]
