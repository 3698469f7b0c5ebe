"""What a run takes: tokens, price and time of each model and judge."""

import math
from collections.abc import Mapping, Sequence
from itertools import product

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.planning.assumptions import Assumptions
from agentic_misalignment.planning.fitting import Fits
from agentic_misalignment.planning.judge_calls import JudgeLoad, judge_load
from agentic_misalignment.planning.prices import Price, PriceTable, Tokens
from agentic_misalignment.planning.sizes import Sizes, cell_sizes
from agentic_misalignment.planning.turns import Pace, TurnFit, episode_tokens, expected_turns
from agentic_misalignment.scenarios.plan import Plan

CHEAPEST: Pace = "most"
DEAREST: Pace = "least"
"""Paces at the ends of the range: the more calls in one turn, the fewer times the conversation is sent."""


class ModelCost(BaseModel):
    """What the model under test takes, over all episodes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    episodes: int
    turns: float
    """Turns of one episode, on average."""

    tokens: Tokens
    price: float
    """US dollars; `nan` if no price is known."""

    low: float
    high: float
    """Price if the conversation goes otherwise; see `docs/plan.md`."""

    listed: Price | None
    seconds: float
    """Time until all episodes are run and judged, if this model runs alone."""

    fitted: int
    """Episodes of logs that the estimate rests on; 0 for assumptions."""


class JudgeCost(BaseModel):
    """What a judge takes, over the episodes of all models."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: str
    """Empty if none was named."""

    calls: float
    most: int
    """Calls at most, the known question before the run not counted; an answer that cannot be used is asked for once
    more."""

    tokens: Tokens
    price: float
    listed: Price | None
    seconds: float
    """Time of all calls at the given connections."""


class Sized(BaseModel):
    """A plan with the sizes of its cells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: Plan
    sizes: tuple[Sizes, ...]
    """Of each world under each condition."""

    @property
    def episodes(self) -> int:
        """Episodes of one model."""
        return len(self.sizes) * self.plan.seeds


def sized(plan: Plan) -> Sized:
    """Count the text of all cells of a plan.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    cells = product(plan.worlds, plan.conditions)
    return Sized(plan=plan, sizes=tuple(cell_sizes(plan, world, condition) for world, condition in cells))


def model_cost(
    model: str,
    parts: Sequence[Sized],
    judging: float,
    *,
    known: Assumptions,
    fits: Fits,
    prices: PriceTable,
    connections: int,
) -> ModelCost:
    """Estimate what a model under test takes.

    Args:
        model: Its name.
        parts: The plans.
        judging: Seconds that judging an episode takes.
        known: The assumptions.
        fits: What logs say.
        prices: The prices.
        connections: Episodes at a time.
    """
    fit = fits.of(model)
    tokens = _tokens(model, parts, known, fit)
    listed = prices.find(model)
    episodes = sum(part.episodes for part in parts)
    turns = _mean_turns(parts, known, fit)
    price = listed.of(tokens) if listed else math.nan
    low, high = (_end(model, parts, known, fit, listed, price, pace) for pace in (CHEAPEST, DEAREST))
    seconds = turns * known.seconds.each_call + tokens.output / episodes / known.seconds.tokens_per_second + judging
    if fit and fit.seconds == fit.seconds:
        seconds = fit.seconds
    return ModelCost(
        model=model,
        episodes=episodes,
        turns=turns,
        tokens=tokens,
        price=price,
        low=low,
        high=high,
        listed=listed,
        seconds=math.ceil(episodes / connections) * seconds,
        fitted=fit.episodes if fit else 0,
    )


def judge_cost(
    judge: str,
    parts: Sequence[Sized],
    models: int,
    *,
    loads: Mapping[str, JudgeLoad],
    known: Assumptions,
    prices: PriceTable,
    connections: int,
) -> JudgeCost:
    """Estimate what a judge takes.

    Args:
        judge: Its name, or an empty text.
        parts: The plans.
        models: How many models it judges.
        loads: Its load in one episode, by scenario.
        known: The assumptions.
        prices: The prices.
        connections: Calls at a time.
    """
    tokens, calls, most = Tokens(), 0.0, 0
    for part in parts:
        load, count = loads[part.plan.scenario], part.episodes * models
        tokens, calls, most = tokens + load.tokens.times(count), calls + load.calls * count, most + load.most * count
    listed = prices.find(judge) if judge else None
    seconds = calls * known.seconds.each_call + tokens.output / known.seconds.tokens_per_second
    return JudgeCost(
        judge=judge,
        calls=calls,
        most=most,
        tokens=tokens,
        price=listed.of(tokens) if listed else math.nan,
        listed=listed,
        seconds=seconds / connections,
    )


def judge_loads(
    judge: str, parts: Sequence[Sized], conduct: str, *, known: Assumptions, fits: Fits
) -> dict[str, JudgeLoad]:
    """Return what a judge has to do in one episode, by scenario."""
    written = _written(parts, known)
    return {
        part.plan.scenario: judge_load(
            part.plan, conduct, known, characters=known.characters(judge), written=written, fit=fits.judges
        )
        for part in parts
    }


def judging_seconds(loads: Mapping[str, JudgeLoad], known: Assumptions) -> float:
    """Return the seconds that judging an episode takes, on average over scenarios."""
    each = [
        load.calls * known.seconds.each_call + load.tokens.output / known.seconds.tokens_per_second
        for load in loads.values()
    ]
    return sum(each) / len(each)


def _tokens(
    model: str, parts: Sequence[Sized], known: Assumptions, fit: TurnFit | None, pace: Pace = "expected"
) -> Tokens:
    total = Tokens()
    for part in parts:
        for sizes in part.sizes:
            each = episode_tokens(sizes, known.turns, characters=known.characters(model), pace=pace, fit=fit)
            total += each.times(part.plan.seeds)
    return total


def _end(
    model: str,
    parts: Sequence[Sized],
    known: Assumptions,
    fit: TurnFit | None,
    listed: Price | None,
    price: float,
    pace: Pace,
) -> float:
    """Return an end of the range of the price: by the fit's own error, else by the pace and the error of counting."""
    if listed is None:
        return math.nan
    sign = -1 if pace == CHEAPEST else 1
    if fit:
        return math.nan if math.isnan(fit.error) else price * max(0.0, 1 + sign * fit.error)
    return listed.of(_tokens(model, parts, known, None, pace)) * (1 + sign * known.token_error)


def _mean_turns(parts: Sequence[Sized], known: Assumptions, fit: TurnFit | None) -> float:
    several = [(sizes, part.plan.seeds) for part in parts for sizes in part.sizes]
    factor = fit.turns if fit and fit.turns == fit.turns else 1.0
    turns = [
        seeds * (1.0 if sizes.single_turn else max(1.0, expected_turns(sizes, known.turns) * factor))
        for sizes, seeds in several
    ]
    return sum(turns) / sum(seeds for _, seeds in several)


def _written(parts: Sequence[Sized], known: Assumptions) -> float:
    """Return the tokens that an agent writes in an episode and a judge reads: all its output."""
    each = [episode_tokens(sizes, known.turns, characters=1).output for part in parts for sizes in part.sizes]
    return sum(each) / len(each)
