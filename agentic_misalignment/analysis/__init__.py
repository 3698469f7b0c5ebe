"""From logs to rates. Reads logs only, never runs a model."""

from agentic_misalignment.analysis.rates import Group, Rate, read_rates
from agentic_misalignment.analysis.table import rate_table

__all__ = ["Group", "Rate", "rate_table", "read_rates"]
