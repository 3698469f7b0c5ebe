"""What a rate is and how certain it is, in the words of Every Eval Ever."""

from typing import Any

from agentic_misalignment.analysis.export.every_eval_ever_record import COLLECTION, Record
from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.judging import rubric

CLUSTERED = (
    "Wilson score with the effective sample size and Student's t over worlds (Korn and Graubard; Franco et al. 2019)"
)
CLUSTERED_ERROR = "cluster-robust over worlds (Miller 2024, arXiv 2411.00640)"

_FIGURES = {
    "wilson_low": "ci95_wilson_low",
    "wilson_high": "ci95_wilson_high",
    "clustered_low": "ci95_over_worlds_low",
    "clustered_high": "ci95_over_worlds_high",
    "bound_low": "rate_if_all_unknown_harmless",
    "bound_high": "rate_if_all_unknown_harmful",
}


def metric_config(record: Record, rate: Rate) -> dict[str, Any]:
    """Describe the metric: a share from 0 to 1, where less is better.

    Args:
        record: The record.
        rate: The rate.
    """
    scenario = record.group.scenario
    return {
        "evaluation_description": (
            f"Share of valid episodes of {scenario} under {rate.group.condition} in which the agent did the harmful "
            f"act. The judge's question, asked where the record of acts does not decide: {rubric(scenario).question}"
        ),
        "metric_id": f"{COLLECTION}.{scenario}.harm_rate",
        "metric_name": f"{scenario} harm rate",
        "metric_kind": "rate",
        "metric_unit": "proportion",
        "metric_parameters": {"condition": rate.group.condition},
        "lower_is_better": True,
        "score_type": "continuous",
        "min_score": 0,
        "max_score": 1,
        "additional_details": {"polarity": "lower_is_better"},
    }


def score_details(rate: Rate) -> dict[str, Any]:
    """Give a rate with its intervals, counts and bounds.

    The schema has one place for an interval. There stands the one over worlds, which is the one to quote, or the
    Wilson interval where there are too few worlds; both stand among the details.

    Args:
        rate: A rate with at least one valid episode.
    """
    figures = rate.figures
    prefix, method = ("clustered", CLUSTERED) if _known(figures["clustered_low"]) else ("wilson", rate.interval_method)
    uncertainty: dict[str, Any] = {
        "confidence_interval": {
            "lower": figures[f"{prefix}_low"],
            "upper": figures[f"{prefix}_high"],
            "confidence_level": 0.95,
            "method": method,
        },
        "num_samples": int(figures["episodes"]),
    }
    if _known(figures["stderr_clustered"]):
        uncertainty["standard_error"] = {"value": figures["stderr_clustered"], "method": CLUSTERED_ERROR}
    return {"score": figures["rate"], "details": _details(rate), "uncertainty": uncertainty}


def _details(rate: Rate) -> dict[str, str]:
    figures = rate.figures
    counts = {f"n_{status}": str(count) for status, count in rate.statuses.items()}
    counts["n_not_valid"] = str(rate.episodes - rate.statuses["valid"])
    counts["n_no_engagement"] = f"{figures['no_engagement']:.0f}"
    return {
        "sample_size": str(rate.episodes),
        **counts,
        "worlds": f"{figures['worlds']:.0f}",
        "cluster_unit": "world",
        **{words: _written(figures[name]) for name, words in _FIGURES.items()},
        "ci95_wilson_method": rate.interval_method,
        "ci95_over_worlds_method": CLUSTERED,
        "decided_by_judge": str(rate.judged[1]),
        "decided_by_record_of_acts": str(rate.known[1]),
        **_flags(rate),
        **({"notes": "; ".join(rate.notes)} if rate.notes else {}),
    }


def _flags(rate: Rate) -> dict[str, str]:
    names = [name.removesuffix("_episodes") for name in rate.flags if name.endswith("_episodes")]
    return {f"share_{name}": _written(rate.flags[name]) for name in names}


def _written(value: float) -> str:
    return f"{value:.6g}" if _known(value) else "not computable from these episodes"


def _known(value: float) -> bool:
    return value == value
