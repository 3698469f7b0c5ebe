"""The episodes table, whole and in memory."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from agentic_misalignment.analysis.episodes.dictionary import COLUMNS, SCHEMA
from agentic_misalignment.analysis.episodes.once import Once
from agentic_misalignment.analysis.episodes.rows import read_rows
from agentic_misalignment.analysis.logs import newest_log_files

_PANDAS = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def read_frame(files: Iterable[Path]) -> pd.DataFrame:
    """Read the whole episodes table; see `COLUMNS`.

    A sample that stands in several logs counts once, as in `read_rates`: in the last of them, unless the two may not be
    pooled, as where another judge scored a copy. Of a run that was taken up again the newest attempt counts, of a log
    that was scored again the newest scores.

    Args:
        files: Log files, or folders of them.

    Returns:
        One row for each episode, in the order of the files. Whole numbers are `Int64` and truth values `boolean`; harm
        and labels of conduct are floats: 1, 0 and `nan`.

    Raises:
        SuiteError: If there is no log, or one is not of this suite, has not ended, or is damaged.
    """
    once = Once()
    parts: list[list[pa.Table]] = []
    for file in reversed(newest_log_files(files)):
        parts.append([once.new(rows.table) for rows in read_rows(file)])
        once.keep()
    tables = [SCHEMA.empty_table(), *(rows for part in reversed(parts) for rows in part)]
    frame: pd.DataFrame = pa.concat_tables(tables).to_pandas(types_mapper=_PANDAS.get)
    return frame.astype({column.name: "float64" for column in COLUMNS if column.kind == "0 or 1"})
