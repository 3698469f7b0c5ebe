"""From logs to rates. Reads logs only, never runs a model."""

from agentic_misalignment.analysis.components import Component, variance_component
from agentic_misalignment.analysis.published import PublishedRow, read_published
from agentic_misalignment.analysis.published_rates import PublishedRate, published_models, published_rates
from agentic_misalignment.analysis.published_table import published_table
from agentic_misalignment.analysis.rates import Group, Rate, read_rates
from agentic_misalignment.analysis.spread import Spread, read_spread, spread_table
from agentic_misalignment.analysis.table import rate_table

__all__ = [
    "Component",
    "Group",
    "PublishedRate",
    "PublishedRow",
    "Rate",
    "Spread",
    "published_models",
    "published_rates",
    "published_table",
    "rate_table",
    "read_published",
    "read_rates",
    "read_spread",
    "spread_table",
    "variance_component",
]
