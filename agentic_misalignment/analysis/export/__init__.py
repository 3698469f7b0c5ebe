"""Results in the forms in which others publish them."""

from agentic_misalignment.analysis.export.about import About, read_about
from agentic_misalignment.analysis.export.exporting import ALL, TARGETS, export

__all__ = ["ALL", "TARGETS", "About", "export", "read_about"]
