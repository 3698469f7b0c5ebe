"""The commands that made the logs, as far as the logs say; without paths, addresses and keys."""

import shlex
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from inspect_ai.log import EvalLog

from agentic_misalignment.limits import TURN_LIMIT

HIDDEN = "…"
"""Stands for a value that the page does not show."""

_LIMITS = ("message_limit", "token_limit", "turn_limit", "time_limit", "working_limit", "cost_limit")
_RUN = ("limit", "epochs", "max_samples", *_LIMITS)
_SETTINGS = ("temperature", "top_p", "top_k", "max_tokens", "seed", "reasoning_effort", "reasoning_tokens", "effort")


def eval_commands(headers: Iterable[EvalLog]) -> list[str]:
    """Return the commands that runs can be repeated with; runs that differ in the model only have one.

    Args:
        headers: Headers of the logs.
    """
    models: dict[tuple[str, str], list[str]] = defaultdict(list)
    for header in headers:
        models[_before(header), _after(header)].append(header.eval.model)
    return [
        f"inspect eval {task} --model {','.join(dict.fromkeys(names))}{f' {rest}' if rest else ''}"
        for (task, rest), names in models.items()
    ]


def _before(header: EvalLog) -> str:
    name, file = header.eval.task_registry_name or header.eval.task, header.eval.task_file
    if file and "/" not in name:
        return shlex.quote(f"tasks/{PurePath(file).name}")
    return shlex.quote(name)


def _after(header: EvalLog) -> str:
    spec = header.eval
    parts = ["--model-base-url URL"] if spec.model_base_url else []
    parts += [f"-M {shlex.quote(f'{key}={_hidden(value)}')}" for key, value in spec.model_args.items()]
    parts += [f"--model-role {role}={_models(bound)}" for role, bound in (spec.model_roles or {}).items()]
    parts += [f"-T {shlex.quote(f'{key}={_task_value(value)}')}" for key, value in _task_args(header)]
    if spec.solver:
        parts.append(f"--solver {shlex.quote(_no_folder(spec.solver))}")
    parts += _options(spec.config.model_dump(), _RUN)
    parts += _options(spec.model_generate_config.model_dump(), _SETTINGS)
    return " ".join(parts)


def _task_args(header: EvalLog) -> list[tuple[str, Any]]:
    return [(key, value) for key, value in header.eval.task_args_passed.items() if value is not None]


def _task_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return _no_folder(str(value)) if isinstance(value, str) else str(value)


def _no_folder(text: str) -> str:
    """Return a path without its folder; another text as it is."""
    path = PurePath(text)
    return path.name if path.is_absolute() else text


def _models(bound: Any) -> str:
    listed: Sequence[Any] = bound if isinstance(bound, list) else [bound]
    return ",".join(str(getattr(each, "model", each)) for each in listed)


def _hidden(value: Any) -> str:
    """Return a model argument: a number as it is; a text may be a key or a path."""
    return str(value) if isinstance(value, bool | int | float) else HIDDEN


def _options(values: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    found = []
    for name in names:
        value = values.get(name)
        if value is None or (name, value) in (("epochs", 1), ("turn_limit", TURN_LIMIT)):
            continue
        shown = "-".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        found.append(f"--{name.replace('_', '-')} {shlex.quote(shown)}")
    return found
