"""Effects of factors, and comparisons of models, dates and judges."""

from agentic_misalignment.analysis.effects.contrast import Contrast, FittedEffect

__all__ = ["Contrast", "FittedEffect"]
