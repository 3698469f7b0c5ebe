"""What goes into one record of Every Eval Ever."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspect_ai.scorer import Score

from agentic_misalignment.analysis.export.every_eval_ever_models import Identity, identify
from agentic_misalignment.analysis.export.frame import Run
from agentic_misalignment.analysis.rates import Group, Rate

COLLECTION = "agentic-misalignment"
"""The suite's folder in the datastore."""

VERSION = "0.3.0"
"""Version of the two schemas."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One model under one setup."""

    group: Group
    """What all its results agree in; without a condition."""

    rates: tuple[Rate, ...]
    without_rate: tuple[str, ...]
    """Conditions without a valid episode, which have no result."""

    runs: tuple[Run, ...]
    scores: Mapping[str, Score]
    """Headline score of each episode, by the sample's uuid."""

    model: Identity
    judges: tuple[Identity, ...]

    @classmethod
    def of(
        cls,
        group: Group,
        rates: tuple[Rate, ...],
        without_rate: tuple[str, ...],
        runs: tuple[Run, ...],
        scores: Mapping[str, Score],
        hub_models: Mapping[str, str],
    ) -> "Record":
        """Make a record, with the identity of its model and judges.

        Raises:
            SuiteError: If a name does not tell who made the model.
        """
        return cls(
            group=group,
            rates=rates,
            without_rate=without_rate,
            runs=runs,
            scores=scores,
            model=identify(group.model, hub_models),
            judges=tuple(identify(name, hub_models) for name in group.judge.split(" + ") if name),
        )

    @property
    def started(self) -> int:
        """When the first run began, as a Unix time."""
        return min(_seconds(run.header.stats.started_at or run.header.eval.created) for run in self.runs)

    @property
    def ended(self) -> int:
        """When the last run ended, as a Unix time."""
        return max(_seconds(run.header.stats.completed_at or run.header.eval.created) for run in self.runs)

    @property
    def id(self) -> str:
        """The same for the same runs, whenever they are exported."""
        return f"{COLLECTION}/{self.group.scenario}/{self.model.id.replace('/', '_')}/{self.started}/{self.digest[:12]}"

    @property
    def uuid(self) -> uuid.UUID:
        """A UUID of version 4 made from the hash of everything that tells the record from others."""
        return uuid.UUID(bytes=bytes.fromhex(self.digest)[:16], version=4)

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of the group and the ids of its runs."""
        runs = sorted(run.header.eval.run_id for run in self.runs)
        return hashlib.sha256(f"{self.group.model_dump_json()} {runs}".encode()).hexdigest()

    @property
    def demonstration(self) -> bool:
        """Whether the model or a judge is scripted, so that the figures say nothing about any model."""
        return any(each.demonstration for each in (self.model, *self.judges))

    def result_id(self, condition: str) -> str:
        """Name the result of a condition, by which instances are joined to it."""
        return f"{self.group.scenario}.{condition}.harm_rate"


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
