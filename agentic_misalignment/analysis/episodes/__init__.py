"""The episodes table: one row for each episode."""

from agentic_misalignment.analysis.episodes.column import Column
from agentic_misalignment.analysis.episodes.dictionary import COLUMNS
from agentic_misalignment.analysis.episodes.frame import read_frame
from agentic_misalignment.analysis.episodes.writing import write_episodes

__all__ = ["COLUMNS", "Column", "read_frame", "write_episodes"]
