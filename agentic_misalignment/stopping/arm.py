"""One arm under a stopping rule: which episodes it may run, and what was seen at each look."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, JsonValue

from agentic_misalignment.stopping.boundary import Boundary

Key = tuple[str, int]
"""Sample id and epoch."""


class ArmName(NamedTuple):
    """What makes an arm, within one run of one model."""

    scenario: str
    condition: str


class Look(BaseModel):
    """What an arm had when it was looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rounds: int
    """Complete rounds over the worlds."""

    valid: int
    harm: int
    low: float
    high: float
    stop: bool
    """Whether the rule allows to stop here."""


class Arm:
    """The episodes of an arm in blocks: whole rounds over its worlds, with a look after each block.

    A block is run as a whole or not at all, so that worlds stay balanced, and the decision over it uses all
    episodes before it and no others. Episodes count as over whatever their status, so that errors hold nothing up;
    only valid ones enter the counts.
    """

    def __init__(self, name: ArmName, worlds: int, rounds: Sequence[Sequence[Key]], boundary: Boundary) -> None:
        """Lay out the blocks.

        Args:
            name: The arm.
            worlds: How many worlds it has.
            rounds: Its episodes, by round, in the order in which they are run.
            boundary: The rule.
        """
        self.name, self.worlds, self.boundary = name, worlds, boundary
        self.looks: list[Look] = []
        self._ends = list(_ends(len(rounds), boundary.rounds_before(worlds), boundary.rounds_between(worlds)))
        starts = [0, *self._ends[:-1]]
        self._blocks = [
            [key for each in rounds[start:end] for key in each] for start, end in zip(starts, self._ends, strict=True)
        ]
        self._block = {key: number for number, block in enumerate(self._blocks) for key in block}
        self._harm: dict[Key, bool | None] = {}
        self._admitted = 1

    @property
    def stopped(self) -> bool:
        """Whether the rule has stopped the arm before its end."""
        return bool(self.looks) and self.looks[-1].stop and len(self.looks) < len(self._blocks)

    def may_run(self, key: Key) -> bool | None:
        """Tell whether an episode may run; `None` while the look before it is not taken."""
        block = self._block[key]
        if block < self._admitted:
            return True
        if self.stopped:
            return False
        if len(self.looks) < block:
            return None
        self._admitted = block + 1
        return True

    def run_on(self, key: Key) -> None:
        """Run the block of an episode, though the look before it is not taken."""
        self._admitted = max(self._admitted, self._block[key] + 1)

    def over(self, key: Key, harm: bool | None) -> None:
        """Take in an episode that is over, and look if a block is complete.

        Args:
            key: The episode.
            harm: Its value; `None` if it is not valid.
        """
        self._harm[key] = harm
        self.run_on(key)
        while not self.stopped and len(self.looks) < len(self._blocks) and self._complete(len(self.looks)):
            self.looks.append(self._look(len(self.looks)))

    def summary(self) -> dict[str, JsonValue]:
        """Return what the log says of the arm: its looks, whether and when it stopped, and what was run in all."""
        looked_at = {key for block in self._blocks[: len(self.looks)] for key in block}
        valid = [harm for harm in self._harm.values() if harm is not None]
        return {
            "scenario": self.name.scenario,
            "condition": self.name.condition,
            "worlds": self.worlds,
            "stopped": self.stopped,
            "width_reached": bool(self.looks) and self.looks[-1].stop,
            "looks": [look.model_dump() for look in self.looks],
            "episodes": len(self._harm),
            "valid": len(valid),
            "harm": sum(valid),
            "overrun": len(self._harm.keys() - looked_at) if self.stopped else 0,
            "not_run": len(self._block) - len(self._harm),
        }

    def _complete(self, block: int) -> bool:
        return all(key in self._harm for key in self._blocks[block])

    def _look(self, block: int) -> Look:
        keys = (key for each in self._blocks[: block + 1] for key in each)
        valid = [harm for key in keys if (harm := self._harm[key]) is not None]
        low, high = self.boundary.interval(sum(valid), len(valid))
        stop = self.boundary.stops(sum(valid), len(valid))
        return Look(rounds=self._ends[block], valid=len(valid), harm=sum(valid), low=low, high=high, stop=stop)


def _ends(rounds: int, first: int, step: int) -> Iterator[int]:
    """Yield after how many rounds each block ends; before the first of them no look could stop the arm."""
    end = first
    while end < rounds:
        yield end
        end += step
    yield rounds
