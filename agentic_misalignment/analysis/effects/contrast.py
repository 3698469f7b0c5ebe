"""What a factor's effect is, as a paired contrast and as a fitted odds ratio."""

from pydantic import BaseModel, ConfigDict


class Contrast(BaseModel):
    """The difference that one level makes against the factor's baseline, all other factors being equal.

    Rates are shares from 0 to 1, differences run from -1 to 1; what cannot be computed is `nan`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    model: str
    judge: str
    factor: str
    baseline: str
    """Level that is compared with: the factor's default where it was run."""

    level: str
    pairs: int
    """Pairs of valid episodes that agree in world, seed and every other factor."""

    worlds: int
    baseline_rate: float
    """Rate over the pairs' episodes at the baseline."""

    level_rate: float
    """Rate over the pairs' episodes at the level."""

    difference: float
    """Mean difference of the pairs, level minus baseline."""

    low: float
    high: float
    """95 % interval, pairs taken for independent."""

    clustered_low: float
    clustered_high: float
    """95 % interval with worlds as clusters."""

    left_out: int = 0
    """Valid episodes at the level or the baseline that have no partner: it was not run, is not valid, or is taken."""

    apart: str = ""
    """What sets these episodes apart from others of the same scenario, model and judge; empty if there are none."""


class FittedEffect(BaseModel):
    """The odds ratio of one level in a logistic model of all factors, with worlds as clusters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    model: str
    judge: str
    factor: str
    baseline: str
    level: str
    odds_ratio: float
    low: float
    high: float
    """95 % interval."""

    p: float
    episodes: int
    worlds: int
    note: str
    """Why figures are `nan` or to be doubted: separation, few worlds; empty otherwise."""

    apart: str = ""
    """See `Contrast`."""
