"""Effects of factors: paired contrasts and a fitted model."""

from agentic_misalignment.analysis.effects.contrast import Contrast, FittedEffect
from agentic_misalignment.analysis.effects.difference import Difference, Outcome
from agentic_misalignment.analysis.effects.fitted import fitted_effects
from agentic_misalignment.analysis.effects.paired import paired_contrasts

__all__ = ["Contrast", "Difference", "FittedEffect", "Outcome", "fitted_effects", "paired_contrasts"]
