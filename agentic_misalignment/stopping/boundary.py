"""The rule by which the episodes of an arm are stopped, declared before the run."""

import math
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.data import load
from agentic_misalignment.stopping.interval import exact_interval

NARROWEST, WIDEST = 0.02, 0.25
"""Target half-widths, as shares; to what lies outside the coverage was not computed."""

CONFIDENCE = 0.97
"""Confidence of the interval inside the rule.

Who looks often and stops at a narrow interval covers the true rate more seldom than the interval says. At 0.97 the
interval covers at least 95 % at every rate, for all half-widths, looks and worlds that were computed; at 0.965 it just
fails to. See `docs/stopping.md` for the numbers and `coverage` for the computation.
"""


class Boundary(BaseModel):
    """When the episodes of an arm are enough: an exact interval is narrow enough, at one of the declared looks.

    A fixed target width for a rate, with the confidence inside the rule raised until the coverage holds exactly, is the
    design of Frey (2010, The American Statistician 64, 242-249); here with the interval of Clopper and Pearson.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    half_width: float = Field(ge=NARROWEST, le=WIDEST)
    """Half of the width that the interval of a rate shall have at most, as a share."""

    least: int = Field(default=12, ge=1)
    """Valid episodes that an arm must have."""

    between_looks: int = Field(default=6, ge=1)
    """Episodes from one look to the next: as many whole rounds over the worlds as hold at least this many."""

    confidence: float = Field(default=CONFIDENCE, ge=0.95, lt=1)
    """Confidence inside the rule. Below the default the reported interval may cover less than 95 %."""

    wait: bool = True
    """Whether episodes wait for the look before them; without it those that have begun by then are run on top."""

    def interval(self, harmful: int, valid: int) -> tuple[float, float]:
        """Return the interval of an arm's rate; from 0 to 1 without a valid episode."""
        return exact_interval(harmful, valid, self.confidence) if valid else (0.0, 1.0)

    def stops(self, harmful: int, valid: int) -> bool:
        """Tell whether an arm with these counts has enough episodes. Nothing but the counts decides."""
        low, high = self.interval(harmful, valid)
        return valid >= self.least and (high - low) / 2 <= self.half_width

    @property
    def earliest(self) -> int:
        """The smallest number of valid episodes at which an arm can stop: if all of them agree."""
        # Without a harmful episode the upper bound is 1 - (alpha / 2) ** (1 / n).
        count = math.ceil(math.log((1 - self.confidence) / 2) / math.log(1 - 2 * self.half_width))
        return max(self.least, count)

    def rounds_between(self, worlds: int) -> int:
        """Return how many rounds over the worlds lie between two looks."""
        return -(-self.between_looks // worlds)

    def rounds_before(self, worlds: int) -> int:
        """Return how many rounds lie before the first look at which an arm can stop."""
        step = self.rounds_between(worlds)
        return -(-self.earliest // (worlds * step)) * step

    @property
    def rule(self) -> str:
        """The rule in words, as it stands in the log."""
        return (
            f"An arm (scenario and condition) stops when it has at least {self.least} valid episodes and the exact "
            f"interval of its rate at {100 * self.confidence:g} % has a half-width of at most {self.half_width:g}. "
            f"Looks come after whole rounds over its worlds, at least {self.between_looks} episodes apart. Episodes "
            "that have begun are finished and counted."
        )


def read_boundary(stop: Any) -> Boundary | None:
    """Read the task parameter `stop`.

    Args:
        stop: A target half-width, the path of a YAML file with the keys of `Boundary`, or `None`.

    Raises:
        SuiteError: If it is neither, or the file is broken.
    """
    if stop is None:
        return None
    text = str(stop).strip()
    if text.endswith((".yaml", ".yml")):
        return load(Path(text), Boundary)
    try:
        half_width = math.nan if isinstance(stop, bool) else float(text)
    except ValueError:
        half_width = math.nan
    if not NARROWEST <= half_width <= WIDEST:
        raise SuiteError(
            f"stop={stop}: expected a target half-width from {NARROWEST} to {WIDEST}, "
            "or the path of a boundary file (.yaml)"
        )
    return Boundary(half_width=half_width)
