"""What a comparison says."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

By = Literal["model", "judge", "run"]
"""What differs between the sides."""

Adjust = Literal["holm", "none"]
"""How p-values are adjusted for the number of comparisons."""


class Side(BaseModel):
    """One of the two sides."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    models: tuple[str, ...]
    judges: tuple[str, ...]
    created: tuple[str, ...]
    """First and last day of its runs, once if they are the same."""

    logs: int


class ComparedRate(BaseModel):
    """The rate of one side."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    rate: float
    """0 to 1."""

    harmful: int
    valid: int
    episodes: int
    """All episodes, whatever their status."""

    bounds: tuple[float, float]
    """The rate over all episodes if every act that is not known had been harmless, or harmful."""


class ComparedRow(BaseModel):
    """One condition on both sides. Differences are B - A, from -1 to 1; what cannot be computed is `nan`."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    scenario: str
    condition: str
    model: str
    """The model of both sides; empty where models are compared."""

    a: ComparedRate
    b: ComparedRate
    pairs: int
    """Pairs of valid episodes that agree in world, seed and epoch."""

    worlds: int
    """Worlds of the side that has fewer."""

    difference: float
    low: float
    high: float
    """95 % interval, episodes or pairs of them taken for independent; see `Difference`."""

    clustered_low: float
    clustered_high: float
    """95 % interval with worlds as clusters."""

    p: float
    """Level at which the interval over worlds begins to hold 0."""

    p_adjusted: float
    """Adjusted for the number of comparisons; `nan` if that was not asked for."""

    simultaneous_low: float
    simultaneous_high: float
    """Interval with worlds as clusters at the simultaneous level; `nan` if that was not asked for."""


class NotCompared(BaseModel):
    """A condition that is not compared, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    scenario: str
    condition: str
    model: str
    reason: str


class Comparison(BaseModel):
    """Two sides, condition by condition."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    by: By
    adjust: Adjust
    a: Side
    b: Side
    rows: tuple[ComparedRow, ...]
    apart: tuple[NotCompared, ...]
    comparisons: int
    """Rows with a p-value: what is adjusted for."""

    simultaneous_level: float
    """Coverage of each simultaneous interval: 1 - 0.05 / comparisons (Bonferroni)."""

    notes: tuple[str, ...]
