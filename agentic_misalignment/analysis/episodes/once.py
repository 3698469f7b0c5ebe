"""Episodes that stand in several logs count once."""

from hashlib import blake2b

import pyarrow as pa

from agentic_misalignment.analysis.episodes.design_columns import GROUP

_KEY = (*GROUP, "sample_uuid")
_PLACE = ("log_file", "sample_id", "epoch")
"""What tells samples apart that have no id among all."""


class Once:
    """Tells which rows are new. It keeps 16 bytes of each, with Python's overhead some 100."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._open: set[bytes] = set()

    def new(self, table: pa.Table) -> pa.Table:
        """Return the rows of episodes that have not been there before."""
        keys = _keys(table)
        fresh = []
        for key in keys:
            fresh.append(key not in self._seen and key not in self._open)
            self._open.add(key)
        return table.filter(pa.array(fresh, pa.bool_()))

    def keep(self) -> None:
        """Take the rows since the last `keep` or `forget` for counted."""
        self._seen |= self._open
        self._open = set()

    def forget(self) -> None:
        """Take them for not counted, since their log is left out."""
        self._open = set()


def _keys(table: pa.Table) -> list[bytes]:
    rows = zip(*(table.column(name).to_pylist() for name in (*_KEY, *_PLACE)), strict=True)
    known = len(_KEY)
    return [blake2b(repr(row[:known] if row[known - 1] else row).encode(), digest_size=16).digest() for row in rows]
