"""The stopping rule in a run of Inspect: its early stopping protocol, and the order of the samples."""

import logging
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import anyio
from inspect_ai.dataset import Dataset, MemoryDataset, Sample
from inspect_ai.log import EvalSpec
from inspect_ai.scorer import SampleScore
from inspect_ai.util import EarlyStop, EarlyStopping
from pydantic import JsonValue

from agentic_misalignment.stopping.arm import Arm, ArmName
from agentic_misalignment.stopping.boundary import Boundary, read_boundary
from agentic_misalignment.stopping.rounds import Place, check_enough, make_arms

NAME = "agentic_misalignment sequential stopping"
"""What logs call the manager."""

PATIENCE = 1800.0
"""Seconds without any finished episode after which waiting episodes are run."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stopping:
    """What a task needs for the parameter `stop`: nothing new without it."""

    dataset: Dataset
    """Under a rule in rounds: the first seed of every arm and world, then the second."""

    manager: "StopByRule | None"
    metadata: dict[str, object]
    """For the task's metadata: the rule and its parameters."""


def stopping(stop: Any, dataset: Dataset, score: str) -> Stopping:
    """Read the task parameter `stop` and lay out the run by it.

    Args:
        stop: See `read_boundary`.
        dataset: The episodes.
        score: Name of the headline score.

    Raises:
        SuiteError: If the parameter is not valid, or the rule could never stop an arm.
    """
    boundary = read_boundary(stop)
    if boundary is None:
        return Stopping(dataset, None, {})
    samples = sorted(dataset, key=lambda sample: int((sample.metadata or {})["seed"]))
    check_enough(_places(samples, 1), boundary, stop)
    declared = {**boundary.model_dump(), "score": score, "rule": boundary.rule}
    return Stopping(MemoryDataset(samples, name=dataset.name), StopByRule(boundary, score), {"stopping": declared})


@dataclass
class _Run:
    """The state of one run of a task."""

    arms: dict[tuple[str, int], Arm]
    waits: bool
    news: anyio.Event = field(default_factory=anyio.Event)


_RUN: ContextVar[_Run] = ContextVar("agentic_misalignment_stopping_run")
"""Runs of several models can share one task, and Inspect names the run at its start only."""


class StopByRule(EarlyStopping):
    """Stops the arms of a run by a declared rule.

    An episode waits until the look before it is taken, so that the number of samples that run at once changes neither
    what is run nor the result.
    """

    def __init__(self, boundary: Boundary, score: str, *, patience: float = PATIENCE) -> None:
        """Set the rule.

        Args:
            boundary: The rule.
            score: Name of the headline score, whose values are counted.
            patience: Seconds without any finished episode after which episodes wait no longer.
        """
        self.boundary, self.score, self.patience = boundary, score, patience

    async def start_task(self, task: EvalSpec, samples: list[Sample], epochs: int) -> str:
        """Lay out the arms of a run.

        Raises:
            SuiteError: If the worlds do not take turns in the order of the samples.
        """
        places = _places(samples, epochs)
        arms = {arm.name: arm for arm in make_arms(places, self.boundary)}
        # An episode that is tried again queues up behind those that wait for it.
        waits = self.boundary.wait and not task.config.retry_on_error
        if not waits:
            _LOG.warning(
                "stop: episodes that have begun when an arm may stop are run on top, a whole round each; "
                "keep --max-samples at the number of worlds%s",
                " (with --retry-on-error episodes cannot wait)" if self.boundary.wait else "",
            )
        _RUN.set(_Run({place.key: arms[place.arm] for place in places}, waits))
        return NAME

    async def schedule_sample(self, id: str | int, epoch: int) -> EarlyStop | None:  # noqa: A002 - Inspect's name
        """Let an episode run, or stop it."""
        run, key = _RUN.get(), (str(id), epoch)
        arm = run.arms[key]
        while (allowed := arm.may_run(key)) is None:
            if not (run.waits and await self._news(run)):
                arm.run_on(key)
        if allowed:
            return None
        look = arm.looks[-1]
        reason = f"{' '.join(arm.name)}: enough after {look.rounds} rounds, {look.harm} of {look.valid} valid episodes"
        return EarlyStop(id=id, epoch=epoch, reason=reason)

    async def complete_sample(
        self,
        id: str | int,  # noqa: A002 - Inspect's name
        epoch: int,
        scores: dict[str, SampleScore],
    ) -> None:
        """Count an episode that is over, run now or taken over from a log."""
        run, key = _RUN.get(), (str(id), epoch)
        run.arms[key].over(key, self._harm(scores))
        run.news.set()
        run.news = anyio.Event()

    async def complete_task(self) -> dict[str, JsonValue]:
        """Return what the log says: the rule, and of each arm its looks and counts."""
        run = _RUN.get()
        declared = {**self.boundary.model_dump(), "rule": self.boundary.rule, "waited": run.waits}
        return {**declared, "arms": [arm.summary() for arm in dict.fromkeys(run.arms.values())]}

    async def _news(self, run: _Run) -> bool:
        """Wait until an episode is over; `False` if none is for so long that something must hold them up."""
        with anyio.move_on_after(self.patience):
            await run.news.wait()
            return True
        if run.waits:
            _LOG.warning("stop: nothing has finished for %g seconds; episodes wait for no look any more", self.patience)
        run.waits = False
        return False

    def _harm(self, scores: dict[str, SampleScore]) -> bool | None:
        for name, found in scores.items():
            if name.rpartition("/")[2] == self.score:
                status = (found.score.metadata or {}).get("status")
                return bool(found.score.as_float()) if status == "valid" else None
        return None


def _places(samples: Sequence[Sample], epochs: int) -> list[Place]:
    """Return the places of all episodes, in the order in which Inspect runs them."""
    return [
        Place(
            (str(sample.id), epoch),
            ArmName(str(metadata["scenario"]), str(metadata["condition"])),
            str(metadata["world"]),
            (epoch, int(metadata["seed"])),
        )
        for epoch in range(1, epochs + 1)
        for sample in samples
        for metadata in [sample.metadata or {}]
    ]
