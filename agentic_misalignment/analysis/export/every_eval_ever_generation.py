"""How a model was driven: decoding, limits, plan and tools, and what the reproducibility of a record is graded by."""

import json
from collections.abc import Mapping
from typing import Any

from inspect_ai.log import EvalLog

from agentic_misalignment.analysis.export.every_eval_ever_record import Record

DEFAULT = "not set: the provider's default"
NO_LIMIT = "none"

_DECODING = ("temperature", "top_p", "top_k", "max_tokens")
_LIMITS = ("turn_limit", "message_limit", "token_limit", "time_limit", "working_limit", "cost_limit")


def generation_config(record: Record, tools: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the generation of a record's runs, which agree in limits and settings.

    Args:
        record: The record.
        tools: The tools that the model was offered, by name.
    """
    header = record.runs[-1].header
    settings = _settings(header)
    args: dict[str, Any] = {name: settings[name] for name in _DECODING if name in settings}
    effort = [settings[name] for name in ("reasoning_effort", "reasoning_tokens") if name in settings]
    if effort:
        args["reasoning"] = any(value not in (0, "none") for value in effort)
    args["execution_command"] = _command(record)
    args["eval_plan"] = {
        "name": header.plan.name,
        "steps": [
            json.dumps({"solver": step.solver, "params": step.params}, sort_keys=True) for step in _steps(header)
        ],
        "config": {name: json.dumps(value) for name, value in settings.items()},
    }
    limits = {name: getattr(header.eval.config, name) for name in ("time_limit", "message_limit", "token_limit")}
    if given := {name: int(limit) for name, limit in limits.items() if limit is not None}:
        args["eval_limits"] = given
    if tools:
        args["agentic_eval_config"] = {"available_tools": [tools[name] for name in sorted(tools)]}
    args["max_attempts"] = 1
    return {"generation_args": args, "additional_details": _details(record, header, settings)}


def _settings(header: EvalLog) -> dict[str, Any]:
    """Join the settings of the plan and of the model; they stand in either, by how the run was started."""
    plan = header.plan.config.model_dump(mode="json", exclude_none=True)
    return plan | header.eval.model_generate_config.model_dump(mode="json", exclude_none=True)


def _steps(header: EvalLog) -> list[Any]:
    return list(header.plan.steps)


def _command(record: Record) -> str:
    """Return the command that runs this again, by registry name."""
    spec = record.runs[-1].header.eval
    task = spec.task_registry_name or spec.task
    named = task if "/" in task else f"agentic_misalignment/{task}"
    args = [f"-T {name}={_argument(value)}" for name, value in sorted(spec.task_args_passed.items())]
    judges = record.group.judge.replace(" + ", ",")
    return " ".join(["inspect eval", named, f"--model {spec.model}", f"--model-role grader={judges}", *args])


def _argument(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _details(record: Record, header: EvalLog, settings: Mapping[str, Any]) -> dict[str, str]:
    spec = header.eval
    epochs = str(spec.config.epochs or 1)
    limits = {name: str(getattr(spec.config, name) or NO_LIMIT) for name in _LIMITS}
    limits |= {"epochs": epochs, "compaction": NO_LIMIT, "truncation": NO_LIMIT}
    revision = spec.revision
    details = {
        **{name: str(settings.get(name, DEFAULT)) for name in _DECODING},
        "reasoning_effort": str(settings.get("reasoning_effort", DEFAULT)),
        "seed": str(settings.get("seed", "not set")),
        "harness": "inspect_ai",
        "harness_version": spec.packages.get("inspect_ai", "unknown"),
        "eval_limits": json.dumps(limits, sort_keys=True),
        "n_samples": str(sum(rate.episodes for rate in record.rates)),
        "subset": ", ".join(rate.group.condition for rate in record.rates),
        "eval_split": "public seeds" if not any(run.pack for run in record.runs) else "private pack",
        "repeats": epochs,
        "max_attempts": "1",
        "num_fewshot": "0",
        "task": spec.task,
        "task_version": record.group.version,
        "sandbox": "none: the mailbox is simulated in the process",
        "runs": ", ".join(run.header.eval.run_id for run in record.runs),
        "run_commit": revision.commit if revision else "",
        "run_dirty": str(revision.dirty).lower() if revision else "",
        "cost_usd": _cost(record),
        "tokens": _tokens(record),
    }
    return {name: text for name, text in details.items() if text}


def _cost(record: Record) -> str:
    costs = [usage.total_cost for run in record.runs for usage in run.header.stats.model_usage.values()]
    known = [cost for cost in costs if cost is not None]
    return f"{sum(known):.4f}" if costs and len(known) == len(costs) else ""


def _tokens(record: Record) -> str:
    usages = [run.header.stats.model_usage.get(record.group.model) for run in record.runs]
    return str(sum(usage.total_tokens for usage in usages if usage))
