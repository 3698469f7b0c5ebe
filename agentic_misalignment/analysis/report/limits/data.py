"""The sentences about limits, as a data file."""

from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.data import datasets, load
from agentic_misalignment.scenarios.text import render


@dataclass(frozen=True)
class Limit:
    """A limit that holds, with what its sentence is filled with."""

    name: str
    slots: dict[str, object] = field(default_factory=dict)


class Sentence(BaseModel):
    """How a limit is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    """What it is about, in a few words."""

    text: str
    """What it says: Jinja2 text with slots."""


class _Sentences(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    sentences: dict[str, Sentence]


@cache
def sentences() -> dict[str, Sentence]:
    """Read the sentences, by name."""
    return load(datasets() / "report" / "limits.yaml", _Sentences).sentences


def written(limit: Limit) -> tuple[str, str]:
    """Write a limit: what it is about, and what it says."""
    found = sentences()[limit.name]
    text = render(found.text, limit.slots, where=f"report/limits.yaml: {limit.name}")
    return found.head, " ".join(text.split())
