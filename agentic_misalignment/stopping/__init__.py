"""Sequential stopping: episodes of an arm end when a rule that was declared before the run allows it."""

from agentic_misalignment.stopping.boundary import Boundary, read_boundary
from agentic_misalignment.stopping.interval import exact_interval

__all__ = ["Boundary", "exact_interval", "read_boundary"]
