"""A log as it may leave."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from inspect_ai.log import EvalLog, EvalSample

from agentic_misalignment.analysis.export.scrubbing import (
    PATH,
    SECRET,
    Scrubber,
    is_secret,
    of_arguments,
    of_text,
    of_this_machine,
    rules,
)
from agentic_misalignment.analysis.export.withholding import is_harmful, without_text

LEFT_OUT = "[left out]"
"""Stands in the place of a setting that says nothing about the result and something about the user's machine."""

PACK = "[private pack]"

_MACHINE_FIELDS = ("error", "error_retries", "traceback", "traceback_ansi", "sandbox", "files", "setup")
"""Fields of a sample that no agent wrote and that may name files of the machine."""

_EVENT_FIELDS = ("error", "traceback", "traceback_ansi")
_MACHINE_EVENTS = ("error", "logger")
"""Of these events everything is a machine's text, of the others these fields."""

_EXTRAS = ("extra_headers", "extra_body")
"""Settings of requests that may hold anything; a log repeats them with every call of a model."""

_ARGUMENTS = ("model_args", "task_args", "task_args_passed", "solver_args", "solver_args_passed")


def scrubber_for(log: EvalLog) -> Scrubber:
    """Return a scrubber that knows the exporting machine, and the secrets and private paths that a log names.

    Args:
        log: The log with its samples.
    """
    spec = log.eval
    roles = [role for group in (spec.model_roles or {}).values() for role in _listed(group)]
    arguments = {
        "settings": [getattr(spec, name) or {} for name in _ARGUMENTS],
        "roles": [role.model_dump(mode="json") for role in roles],
        "generation": [spec.model_generate_config.model_dump(mode="json"), log.plan.config.model_dump(mode="json")],
        "metadata": spec.metadata or {},
    }
    packs = {str((spec.task_args or {}).get("pack") or "")}
    packs |= {str(sample.metadata.get("pack") or "") for sample in log.samples or []}
    places = Scrubber(places=frozenset(filter(None, packs)))
    known = of_this_machine().joined(of_arguments(arguments)).joined(places).joined(of_text(_machine_texts(log)))
    return known.joined(_of_urls({spec.model_base_url, *(role.base_url for role in roles)}))


def _of_urls(urls: Iterable[str | None]) -> Scrubber:
    """Return base URLs as secrets, and their hosts as names: an error often tells only the host."""
    given = [url for url in urls if url]
    hosts = [urlsplit(url).hostname or "" for url in given]
    return Scrubber(values=frozenset(url.rstrip("/") for url in given), names=frozenset(hosts))


def _machine_texts(log: EvalLog) -> str:
    """Return the texts of a log that no agent wrote, in which a path tells the name of a user."""
    header = log.model_dump_json(include={"eval", "plan", "error", "tags", "metadata"}, fallback=str)
    fields = set(_MACHINE_FIELDS) | {"metadata"}
    return "\n".join([header, *(sample.model_dump_json(include=fields, fallback=str) for sample in log.samples or [])])


def redacted(log: EvalLog, scrubber: Scrubber, *, full: bool) -> EvalLog:
    """Return a copy of a log as it may leave.

    Args:
        log: The log with its samples, attachments unresolved.
        scrubber: What may not leave; see `scrubber_for`.
        full: Whether the texts of episodes whose outcome is harmful, or not known, stay. Texts of episodes with a
            private pack never stay.
    """
    seeds = _pack_seeds(log)
    samples = [_sample(sample, scrubber, seeds, full=full) for sample in log.samples or []]
    header = _header(log, scrubber, seeds)
    return header.model_copy(update={"samples": samples})


def has_pack(log: EvalLog) -> bool:
    """Tell whether a run had names or seeds of a private pack."""
    return bool((log.eval.metadata or {}).get("pack_hash") or (log.eval.task_args or {}).get("pack"))


def _header(log: EvalLog, scrubber: Scrubber, seeds: Mapping[int, int]) -> EvalLog:
    content = log.model_dump(mode="json", exclude={"samples", "reductions", "location", "etag"}, exclude_none=True)
    spec = content["eval"]
    for name in _ARGUMENTS:
        if name in spec:
            spec[name] = _settings(spec[name], hide=name == "model_args")
    for args in (spec.get("task_args", {}), spec.get("task_args_passed", {})):
        if args.get("pack"):
            args["pack"] = PACK
    if "model_base_url" in spec:
        spec["model_base_url"] = LEFT_OUT
    for role in (role for group in (spec.get("model_roles") or {}).values() for role in _listed(group)):
        role["args"] = _settings(role.get("args", {}), hide=True)
        if role.get("base_url"):
            role["base_url"] = LEFT_OUT
    if "task_file" in spec:
        spec["task_file"] = _within_repository(spec["task_file"])
    spec["dataset"]["sample_ids"] = [_renumbered(name, seeds) for name in spec["dataset"].get("sample_ids") or []]
    if chosen := spec["config"].get("sample_id"):
        spec["config"]["sample_id"] = [_renumbered(name, seeds) for name in _listed(chosen)]
    spec["metadata"] = {**spec.get("metadata", {}), "canary": rules().canary}
    cleaned = _walk(content, scrubber.machine_text)
    return EvalLog.model_validate(cleaned)


def _sample(sample: EvalSample, scrubber: Scrubber, seeds: Mapping[int, int], *, full: bool) -> EvalSample:
    if seeds:
        sample = without_text(sample, rules().pack_sentence, prompt=True)
    elif not full and is_harmful(sample):
        sample = without_text(sample, rules().sentence)
    content = sample.model_dump(mode="json", exclude_none=True)
    for name in _MACHINE_FIELDS:
        if name in content:
            content[name] = _walk(content[name], scrubber.machine_text)
    content["events"] = [_event(event, scrubber.machine_text) for event in content.get("events", [])]
    for retry in content.get("error_retries", []):
        if not full:
            retry.pop("events", None)  # nobody judged what the agent did before the error
    metadata = {**content["metadata"], "canary": rules().canary}
    if seeds:
        metadata |= {"pack": PACK, "seed": seeds[int(metadata["seed"])]}
        content["id"] = _renumbered(str(content["id"]), seeds)
    clean = scrubber.for_document(sample.model_dump_json(exclude_none=True))
    return EvalSample.model_validate(_walk({**content, "metadata": metadata}, clean))


def _event(event: dict[str, Any], clean: Callable[[str], str]) -> dict[str, Any]:
    whole = event["event"] in _MACHINE_EVENTS
    return {name: _walk(value, clean) if whole or name in _EVENT_FIELDS else value for name, value in event.items()}


def _walk(value: Any, clean: Callable[[str], str], name: str = "") -> Any:
    if isinstance(value, str):
        return value if name == "canary" else clean(value)
    if isinstance(value, dict):
        return dict(_walk_items(value, clean))
    return [_walk(inner, clean) for inner in value] if isinstance(value, list) else value


def _walk_items(content: Mapping[str, Any], clean: Callable[[str], str]) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if name == "author" and isinstance(value, str):
            yield name, "[name]"
        elif name in _EXTRAS and value:
            yield name, {LEFT_OUT: LEFT_OUT}
        else:
            yield name, _walk(value, clean, name)


def _settings(args: Mapping[str, Any], *, hide: bool) -> dict[str, Any]:
    """Return arguments without secrets and, if told so, without any text, whose hash still tells settings apart."""
    return {name: SECRET if is_secret(name) else _setting(value, hide=hide) for name, value in args.items()}


def _setting(value: Any, *, hide: bool) -> Any:
    if isinstance(value, Mapping):
        return _settings(value, hide=hide)
    if isinstance(value, list):
        return [_setting(inner, hide=hide) for inner in value]
    if hide and isinstance(value, str):
        return f"{LEFT_OUT} {hashlib.sha256(value.encode()).hexdigest()[:8]}"
    return value


def _within_repository(file: str) -> str:
    """Return a task's file from its folder on: `tasks/blackmail.py`."""
    parts = file.replace("\\", "/").split("/")
    return "/".join(parts[-2:]) if parts[-2:-1] == ["tasks"] else parts[-1]


def _pack_seeds(log: EvalLog) -> dict[int, int]:
    """Number the seeds of a private pack from 1, or return nothing without one."""
    if not has_pack(log):
        return {}
    planned = (str(name).rpartition("/s")[2] for name in log.eval.dataset.sample_ids or [])
    seeds = {int(sample.metadata["seed"]) for sample in log.samples or []} | {
        int(seed) for seed in planned if seed.isdecimal()
    }
    return {seed: number for number, seed in enumerate(sorted(seeds), start=1)}


def _renumbered(name: Any, seeds: Mapping[int, int]) -> Any:
    head, mark, seed = str(name).rpartition("/s")
    return f"{head}/p{seeds[int(seed)]}" if seeds and mark and seed.isdecimal() and int(seed) in seeds else name


def _listed(group: Any) -> Iterable[Any]:
    return group if isinstance(group, list) else [group]


__all__ = ["LEFT_OUT", "PACK", "PATH", "has_pack", "redacted", "scrubber_for"]
