"""Comparison: two models, two runs or two judges side by side."""

from agentic_misalignment.analysis.comparison.comparing import compare
from agentic_misalignment.analysis.comparison.result import ComparedRate, ComparedRow, Comparison, NotCompared, Side
from agentic_misalignment.analysis.comparison.table import comparison_table

__all__ = ["ComparedRate", "ComparedRow", "Comparison", "NotCompared", "Side", "compare", "comparison_table"]
