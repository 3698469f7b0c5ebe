"""What a report is made of: everything that the logs say, read once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas
from inspect_ai.log import EvalLog

from agentic_misalignment.analysis.beliefs import SCORE, BeliefTable, read_beliefs
from agentic_misalignment.analysis.effects import Contrast, FittedEffect, fitted_effects, paired_contrasts
from agentic_misalignment.analysis.episodes import read_frame
from agentic_misalignment.analysis.judge_study import StudyResult
from agentic_misalignment.analysis.logs import LeftOut, read_header, read_summaries
from agentic_misalignment.analysis.published import PublishedRow, read_published
from agentic_misalignment.analysis.rates import Episode, Group, Rate, newest_score, rate_of, read_episodes
from agentic_misalignment.figures import WORLD
from agentic_misalignment.lynch2025.episode import WORLD as PUBLISHED

SCRIPTED = ("scripted/", "mockllm/")
"""How the names of models begin whose answers are written down beforehand."""


@dataclass(frozen=True, kw_only=True)
class LogFile:
    """A log with its header."""

    path: Path
    header: EvalLog
    episodes: int
    """How many episodes stand in it, whatever their status."""

    sha256: str

    @property
    def name(self) -> str:
        """The name of the file, without its folder."""
        return self.path.name


@dataclass(frozen=True, kw_only=True)
class Material:
    """What the logs of a report say."""

    logs: tuple[LogFile, ...]
    groups: dict[Group, list[Episode]]
    frame: pandas.DataFrame
    studies: tuple[StudyResult, ...]
    left_out: tuple[LeftOut, ...]

    @cached_property
    def rates(self) -> list[Rate]:
        """One rate for each group of episodes that may be pooled, by scenario, condition and model."""
        rates = [rate_of(group, episodes) for group, episodes in self.groups.items()]
        return sorted(rates, key=lambda rate: (rate.group.scenario, rate.group.condition, rate.group.model))

    @cached_property
    def contrasts(self) -> list[Contrast]:
        """The effects of factors as paired contrasts."""
        return paired_contrasts(self.frame)

    @cached_property
    def effects(self) -> list[FittedEffect]:
        """The effects of factors in a fitted model."""
        return fitted_effects(self.frame)

    @cached_property
    def beliefs(self) -> list[BeliefTable]:
        """Harm by belief; empty where no episode has a belief score."""
        scored = any(newest_score(each.sample, SCORE) for each in self.episodes)
        return read_beliefs(self.paths) if scored else []

    @cached_property
    def published(self) -> list[PublishedRow]:
        """Runs of the published cells; empty without one."""
        there = any(each.sample.metadata.get(WORLD) == PUBLISHED for each in self.episodes)
        return read_published(self.paths) if there else []

    @property
    def paths(self) -> tuple[Path, ...]:
        """The log files."""
        return tuple(log.path for log in self.logs)

    @property
    def episodes(self) -> Iterable[Episode]:
        """All episodes."""
        return (episode for episodes in self.groups.values() for episode in episodes)

    @property
    def models(self) -> list[str]:
        """The models under test, sorted."""
        return sorted({group.model for group in self.groups})

    @property
    def judges(self) -> list[str]:
        """The judges of the headline scores, sorted; a panel is one name, joined by plus signs."""
        return sorted({group.judge for group in self.groups if group.judge})


def read_material(
    files: Sequence[Path], *, studies: Sequence[StudyResult] = (), left_out: Sequence[LeftOut] = ()
) -> Material:
    """Read what a report says.

    Args:
        files: Log files of this suite; see `usable_logs`.
        studies: Results of judge studies.
        left_out: Logs that are not among the files, and why.

    Raises:
        SuiteError: If a file cannot be read as a log of this suite.
    """
    return Material(
        logs=tuple(map(_log_file, files)),
        groups=read_episodes(files),
        frame=read_frame(files),
        studies=tuple(studies),
        left_out=tuple(left_out),
    )


def _log_file(path: Path) -> LogFile:
    file = str(path)
    return LogFile(path=path, header=read_header(file), episodes=len(read_summaries(file)), sha256=_sha256(path))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
