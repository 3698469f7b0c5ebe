"""Prices of models: public lists as data, with date and source."""

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.data import datasets, load

_MILLION = 1_000_000

_VERSION = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$")
"""What names one version of a model, behind the name that its price goes by."""


class Tokens(BaseModel):
    """Tokens of a number of model calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = 0.0
    """All input, cached or not."""

    cached: float = 0.0
    """Input that is read from the provider's cache; part of `input`."""

    output: float = 0.0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            input=self.input + other.input, cached=self.cached + other.cached, output=self.output + other.output
        )

    def times(self, count: float) -> "Tokens":
        """Return the tokens of so many times these calls."""
        return Tokens(input=count * self.input, cached=count * self.cached, output=count * self.output)


class Price(BaseModel):
    """List price of a model, in US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)
    cached_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Input that is read from the cache; as `input` without it."""

    cache_write: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Input that is written to the cache; as `input` without it."""

    source: str = "your own table"
    date: datetime.date | None = None
    """Day of the statement."""

    def of(self, tokens: Tokens) -> float:
        """Return the price of tokens in US dollars.

        Input that is not read from the cache is written to it where a conversation uses the cache at all.

        Args:
            tokens: The tokens.
        """
        written = self.cache_write if tokens.cached and self.cache_write is not None else self.input
        read = self.input if self.cached_input is None else self.cached_input
        fresh = tokens.input - tokens.cached
        return (fresh * written + tokens.cached * read + tokens.output * self.output) / _MILLION


FREE = Price(input=0, output=0, source="no charge by token")
"""Price of a model that runs on the user's own machine."""


class PriceTable(BaseModel):
    """The content of `prices.yaml`, or of a table of the user's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str = ""
    note: str = ""
    free: tuple[str, ...] = ()
    """Providers without a charge by token."""

    prices: dict[str, Price]

    def find(self, model: str) -> Price | None:
        """Return the price of a model, or `None` if the table has none.

        Args:
            model: Name as Inspect writes it; a date of a version, or `latest`, at its end does not count.
        """
        known = self.prices.get(model) or self.prices.get(_VERSION.sub("", model))
        return known or (FREE if model.partition("/")[0] in self.free else None)


def price_table(own: Path | None = None) -> PriceTable:
    """Read the prices.

    Args:
        own: YAML file with `prices`, whose entries come before the suite's.

    Raises:
        SuiteError: If a file is missing or broken.
    """
    ours = load(datasets() / "prices.yaml", PriceTable)
    if own is None:
        return ours
    added = load(own, PriceTable)
    check_models(added.prices, where=f"{own}: prices")
    return ours.model_copy(update={"prices": {**ours.prices, **added.prices}, "free": (*ours.free, *added.free)})


def check_models(names: Iterable[str], *, where: str) -> None:
    """Check that names of models are written as Inspect writes them.

    Args:
        names: The names.
        where: What the error calls their place.

    Raises:
        SuiteError: If one has no provider.
    """
    for name in names:
        if not re.fullmatch(r"[^/\s]+/\S*[^/\s]", name):
            raise SuiteError(f"{where}: '{name}' is no model: expected PROVIDER/MODEL, such as openai/gpt-5")
