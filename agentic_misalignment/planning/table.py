"""A plan as text."""

import math

from agentic_misalignment.analysis.table import aligned
from agentic_misalignment.planning.cost import JudgeCost, ModelCost
from agentic_misalignment.planning.prices import FREE, Price
from agentic_misalignment.planning.run import RunPlan
from agentic_misalignment.planning.telling_table import telling_blocks


def plan_text(plan: RunPlan) -> str:
    """Write a plan for a reader.

    Args:
        plan: The plan.
    """
    blocks = [
        [f"Experiment {plan.experiment}: {plan.question}", "", *_size(plan)],
        ["Tokens and price", "", *_prices(plan), "", *_sums(plan)],
        *telling_blocks(plan),
        [f"NOTE: {note}." for note in plan.notes],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _size(plan: RunPlan) -> list[str]:
    rows = [("scenario", "conditions", "worlds", "seeds", "episodes in a condition", "episodes of a model", "varies")]
    for each in plan.scenarios:
        worlds, conditions, seeds = len(each.plan.worlds), len(each.plan.conditions), each.plan.seeds
        varied = ", ".join(f"{factor} ({len(levels)})" for factor, levels in each.design.levels.items())
        rows.append(
            (
                each.plan.scenario,
                str(conditions),
                str(worlds),
                str(seeds),
                f"{worlds * seeds:,}",
                f"{each.episodes:,}",
                varied or "nothing",
            )
        )
    models = "1 model" if len(plan.models) == 1 else f"{len(plan.models)} models"
    return [*aligned(rows), "", f"{plan.episodes:,} episodes in all, of {models}."]


def _prices(plan: RunPlan) -> list[str]:
    rows: list[tuple[str, ...]] = [
        ("", "name", "calls", "input", "of it cached", "output", "US dollars", "range", "price of")
    ]
    rows += [_model_row(each) for each in plan.models]
    rows += [_judge_row(each) for each in plan.judges]
    return aligned(rows)


def _model_row(each: ModelCost) -> tuple[str, ...]:
    spread = f"{dollars(each.low)} to {dollars(each.high)}" if each.listed and each.listed is not FREE else "-"
    return (
        "model",
        each.model,
        f"{each.episodes * each.turns:,.0f}",
        tokens(each.tokens.input),
        tokens(each.tokens.cached),
        tokens(each.tokens.output),
        _charge(each.price, each.listed),
        "-" if math.isnan(each.low) else spread,
        _dated(each.listed),
    )


def _judge_row(each: JudgeCost) -> tuple[str, ...]:
    return (
        "judge",
        each.judge or "(none named)",
        f"{each.calls:,.0f}",
        tokens(each.tokens.input),
        "0",
        tokens(each.tokens.output),
        _charge(each.price, each.listed),
        "-",
        _dated(each.listed),
    )


def _charge(price: float, listed: Price | None) -> str:
    return "free" if listed is FREE else dollars(price)


def _dated(listed: Price | None) -> str:
    if listed is None or listed is FREE:
        return "-"
    return listed.date.isoformat() if listed.date else listed.source


def _sums(plan: RunPlan) -> list[str]:
    fitted = max(each.fitted for each in plan.models)
    basis = (
        f"fitted on {fitted:,} episodes of logs" if fitted else "assumed; the range is that of fast and slow callers"
    )
    most = plan.judges[0].most
    asked = "headline and belief" if plan.conduct == "none" else "headline, belief and conduct"
    return [
        f"Together: {_together(plan)}. Turns, and tokens of each turn: {basis}.",
        f"Each judge: 0 to {most:,} calls, up to {most // plan.episodes} in an episode: {asked}. The headline is asked",
        "only where the ledger leaves it open, the others only where anything was written. An answer that cannot be",
        "used is asked for once more.",
        f"Time at {plan.connections} connections to each model: about {duration(plan.seconds)}.",
    ]


def _together(plan: RunPlan) -> str:
    costs: list[ModelCost | JudgeCost] = [*plan.models, *plan.judges]
    unknown = [_name(each) for each in costs if each.listed is None]
    known = dollars(sum(each.price for each in costs if each.listed is not None))
    return f"{known} US dollars{', without ' + ', '.join(unknown) if unknown else ''}"


def _name(each: ModelCost | JudgeCost) -> str:
    return each.model if isinstance(each, ModelCost) else each.judge or "the judge"


def dollars(value: float) -> str:
    """Write a price, to about two figures."""
    if math.isnan(value):
        return "-"
    if value == 0 or value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 0.01 else "under 0.01"


def tokens(value: float) -> str:
    """Write a number of tokens, in thousands or millions."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g} {sign}"
    return f"{value:.0f}"


def duration(seconds: float) -> str:
    """Write a time in minutes, hours or days."""
    if seconds < 90 * 60:
        return f"{max(1, round(seconds / 60))} minutes"
    hours = seconds / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
