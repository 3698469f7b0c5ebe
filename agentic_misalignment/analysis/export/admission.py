"""Whether results may be published: what is refused, and what has to be said with them."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from inspect_ai.log import EvalLog
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.table import apart
from agentic_misalignment.errors import SuiteError, unknown

Refusal = Literal["dirty", "invalid", "no_commit", "no_judge", "no_value", "not_ended"]

REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
"""Faults for which nothing is exported, unless the publisher allows them; then they stand beside the results."""

INVALID_SHARE = 0.10
"""Share of episodes that are not valid above which a rate is refused, as the Inspect Evals checklist has it."""

PACKAGE = "agentic_misalignment"

_SHOWN = 3
_SCRIPTED = re.compile(r"(?:^|[+ ])(?:scripted|mockllm)/")
_DATED = re.compile(r"(?<!\d)(?:20\d{2}-?\d{2}-?\d{2}|\d{6}|\d{4}|\d{2}-\d{2})(?!\d)|@[0-9a-f]{7,}")


class Fault(BaseModel):
    """Something that a reader of the results has to know, or that forbids to publish them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Refusal | None
    """`None` for what is only said."""

    text: str
    places: tuple[str, ...] = ()
    """Logs of which it is said; empty if the text names its place."""

    def __str__(self) -> str:
        more = [f"{len(self.places) - _SHOWN} more"] if len(self.places) > _SHOWN else []
        return f"{', '.join([*self.places[:_SHOWN], *more])}: {self.text}" if self.places else self.text


def together(faults: Iterable[Fault]) -> list[Fault]:
    """Say of several logs at once what is the same of them."""
    places: dict[tuple[Refusal | None, str], list[str]] = {}
    for fault in faults:
        places.setdefault((fault.kind, fault.text), []).extend(fault.places)
    return [Fault(kind=kind, text=text, places=tuple(named)) for (kind, text), named in places.items()]


def faults_of_run(name: str, header: EvalLog) -> list[Fault]:
    """Return what is to be said of one log.

    Args:
        name: What the log is called.
        header: Its header.
    """
    spec, found = header.eval, []
    if header.status != "success":
        found.append(_refusal("not_ended", f"the run did not end: status {header.status}", name))
    if _dirty(header):
        found.append(_refusal("dirty", f"run with uncommitted changes on {_commit(header)[:12]}", name))
    if not re.fullmatch(r"[0-9a-f]{40}", _commit(header)):
        found.append(_refusal("no_commit", "the log has no full commit of the code", name))
    if PACKAGE not in spec.packages and not (spec.task_registry_name or "").startswith(f"{PACKAGE}/"):
        found.append(_remark(f"run by path, not as {PACKAGE}/{spec.task}: the log lists no package version", name))
    if not _SCRIPTED.search(spec.model) and not _DATED.search(spec.model):
        found.append(_remark(f"the model id '{spec.model}' has no date: what it names may change", name))
    return found


def faults_of_rates(rates: Sequence[Rate]) -> list[Fault]:
    """Return what is to be said of rates.

    Args:
        rates: The rates over all logs.
    """
    return [*(fault for rate in rates for fault in _of_rate(rate)), *map(_remark, apart(rates))]


def marks_of(models: Iterable[str], judges: Iterable[str]) -> tuple[str, ...]:
    """Return what has to be said loudly with results of scripted models or judges.

    Args:
        models: The tested models.
        judges: The judges, each perhaps a panel.
    """
    scripted = [f"model {model}" for model in dict.fromkeys(models) if _SCRIPTED.search(model)]
    scripted += [f"judge {judge}" for judge in dict.fromkeys(judges) if _SCRIPTED.search(judge)]
    ending = "scripted: these figures say nothing about any model"
    return (f"DEMONSTRATION: {', '.join(scripted)} {'are' if scripted[1:] else 'is'} {ending}",) if scripted else ()


def admit(faults: Sequence[Fault], allowed: Iterable[str]) -> tuple[str, ...]:
    """Refuse to publish, or return what is to be said.

    Args:
        faults: All faults.
        allowed: Kinds of refusals that the publisher allows.

    Raises:
        SuiteError: If a kind does not exist, or a fault is not allowed; with a line for each.
    """
    chosen = list(allowed)
    for kind in chosen:
        if kind not in REFUSALS:
            raise unknown("refusal", kind, REFUSALS)
    faults = together(faults)
    refused = [fault for fault in faults if fault.kind and fault.kind not in chosen]
    if refused:
        kinds = " ".join(f"--allow {kind}" for kind in dict.fromkeys(str(fault.kind) for fault in refused))
        lines = "\n".join(f"  {fault}" for fault in refused)
        raise SuiteError(f"nothing is exported:\n{lines}\nTo export it and say so beside the results: {kinds}")
    return tuple(dict.fromkeys(map(str, faults)))


def _of_rate(rate: Rate) -> Iterable[Fault]:
    group = rate.group
    name = f"{group.scenario}, {group.condition}, {group.model}"
    invalid = rate.episodes - rate.statuses["valid"]
    if math.isnan(rate.figures["rate"]):
        yield _refusal("no_value", f"{name}: no episode is valid, so there is no rate")
    if invalid > INVALID_SHARE * rate.episodes:
        yield _refusal("invalid", f"{name}: {invalid} of {rate.episodes} episodes are not valid; expected at most 10 %")
    if not group.judge:
        yield _refusal("no_judge", f"{name}: no judge is named in the log")


def _dirty(header: EvalLog) -> bool:
    """Tell whether the code was changed: the revision in a log is of the folder in which the run was started."""
    revision = header.eval.revision
    return bool(revision and revision.dirty and _commit(header).startswith(revision.commit))


def _commit(header: EvalLog) -> str:
    return str((header.eval.metadata or {}).get("commit") or "")


def _refusal(kind: Refusal, text: str, *places: str) -> Fault:
    return Fault(kind=kind, text=text, places=places)


def _remark(text: str, *places: str) -> Fault:
    return Fault(kind=None, text=text, places=places)
