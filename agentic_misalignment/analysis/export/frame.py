"""What an export hands to its targets: redacted runs, the rates over them, and what the publisher says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pandas
from inspect_ai.log import EvalLog

from agentic_misalignment.analysis.export.about import About
from agentic_misalignment.analysis.rates import Rate


@dataclass(frozen=True, kw_only=True)
class Run:
    """One log, as it may leave: everything here is read from the redacted log."""

    log: Path
    """The redacted log, an `.eval` file in the folder `logs/` of the export; its name holds no name of the user's."""

    header: EvalLog
    """Its header, without samples."""

    rates: tuple[Rate, ...]
    """The rates of this log alone; a sample that stands in several logs counts in each of them."""

    sha256: str
    """SHA-256 of the redacted log, hexadecimal."""

    marks: tuple[str, ...]
    """What has to be said loudly with everything made of it, such as a scripted model; empty if nothing."""

    pack: bool
    """Whether a private pack was used: then no episode text is in the log, not even with `--full`."""

    @cached_property
    def episodes(self) -> pandas.DataFrame:
        """One row per episode, see `analysis.episodes.COLUMNS`; quotes are empty where the text is left out."""
        from agentic_misalignment.analysis.episodes import read_frame

        return read_frame([self.log])


@dataclass(frozen=True, kw_only=True)
class Publication:
    """All that is published at once."""

    runs: tuple[Run, ...]
    """In the order of their creation."""

    rates: tuple[Rate, ...]
    """Over all runs, pooled as `read_rates` pools: what differs in version, judge, rubric, data or setup is apart."""

    about: About
    """Who publishes, and where the code is."""

    remarks: tuple[str, ...] = ()
    """What has to be said with the results: allowed faults, runs that may not be pooled, undated models."""

    full: bool
    """Whether the episode texts of harmful outcomes are in the logs."""

    canary: str
    """The canary line, to be put into every data file with episode text."""


class Target(Protocol):
    """A form in which results are published.

    Targets read `publication` only, never an original log, and have no clock: the same logs make the same bytes.
    """

    def __call__(self, publication: Publication, folder: Path) -> Sequence[Path]:
        """Write the files of this target.

        Args:
            publication: What is published.
            folder: The root of the export, such as `DIR`; a target writes below the one subfolder that is its own
                (`register/`, `eee/`, `hub/` …) or single files at the root.

        Returns:
            The files that were written.

        Raises:
            SuiteError: If something that the form asks for cannot be known; nothing is invented.
        """
        ...


Targets = Mapping[str, Target]
"""Targets by name, in the order in which they are written."""
