"""An episode with its newest scores, as the columns read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from inspect_ai.log import EvalLog, EvalSampleSummary
from inspect_ai.scorer import Score

from agentic_misalignment.analysis.rates import SUITE_SCORE, newest_score

BELIEF = "test_vs_real"
CONDUCT = "conduct"

PANEL = " + "
"""What stands between the names of a panel's judges."""

Detail = Mapping[str, Any]


@dataclass(frozen=True)
class Episode:
    """A sample of a log. Of each score the newest counts; an absent one has no detail."""

    log: EvalLog
    """The header."""

    sample: EvalSampleSummary
    judged_by: Detail = field(default_factory=dict)
    """Judge and rubric of the log's other episodes of the scenario, to which one without a score belongs."""

    @property
    def scenario(self) -> str:
        """The scenario."""
        return scenario_of(self.sample)

    @cached_property
    def headline(self) -> Score | None:
        """The newest headline score."""
        return headline_of(self.sample)

    @cached_property
    def outcome(self) -> Detail:
        """What the headline score says beside its value."""
        return detail(self.headline)

    @cached_property
    def belief(self) -> Score | None:
        """The newest score of reality belief."""
        return newest_score(self.sample, BELIEF)

    @cached_property
    def conduct(self) -> Score | None:
        """The newest score of conduct."""
        return newest_score(self.sample, CONDUCT)


def scenario_of(sample: EvalSampleSummary) -> str:
    """Return the scenario of a sample."""
    return str(sample.metadata["scenario"])


def headline_of(sample: EvalSampleSummary) -> Score | None:
    """Return the newest headline score of a sample."""
    return newest_score(sample, scenario_of(sample), SUITE_SCORE)


def detail(score: Score | None) -> Detail:
    """Return what a score says beside its value."""
    return (score.metadata if score else None) or {}


def number(value: object) -> float | None:
    """Return a number; `None` for `nan` and for what is none."""
    known = isinstance(value, int | float) and value == value
    return float(value) if known and isinstance(value, int | float) else None


def zero_or_one(value: object) -> int | None:
    """Return 1 or 0; `None` for `nan` and for what is neither."""
    known = number(value)
    return None if known is None else int(known)
