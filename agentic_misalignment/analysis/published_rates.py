"""The published rates as a data file."""

import csv
from functools import cache
from io import StringIO

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import unknown
from agentic_misalignment.scenarios.data import datasets, load


class PublishedRate(BaseModel):
    """One cell of the published tables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str
    model: str
    goal: str
    threat: str
    percent: int
    n: int
    source: str
    read: str
    """How the number was read."""


class _ModelsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    models: dict[str, tuple[str, ...]]


@cache
def published_rates() -> tuple[PublishedRate, ...]:
    """Read the published rates."""
    text = (datasets() / "published" / "published_rates.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(PublishedRate.model_validate(row) for row in csv.DictReader(StringIO("\n".join(lines))))


def published_models() -> list[str]:
    """Return the models of the published tables, in their order."""
    return list(dict.fromkeys(rate.model for rate in published_rates()))


def published_model(name: str) -> str | None:
    """Return the published model that a model of a log is, or `None`.

    Args:
        name: The log's model, with its provider.
    """
    known = load(datasets() / "published" / "models.yaml", _ModelsFile).models
    own = name.rpartition("/")[2].lower()
    return next((model for model, names in known.items() if own in names), None)


def check_published_model(name: str) -> str:
    """Return the name of a published model as the table writes it, whatever its case.

    Raises:
        SuiteError: If there is none of this name.
    """
    found = next((model for model in published_models() if model.lower() == name.strip().lower()), None)
    if found is None:
        raise unknown("published model", name, published_models(), where="--model")
    return found
