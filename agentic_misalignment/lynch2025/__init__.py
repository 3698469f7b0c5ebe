"""The frozen anchor: the published prompts of Lynch et al. (2025), their mails in our mailbox, their rule beside ours.

Nothing of their text stands here: it is read from the `inspect-evals` package at run time.
"""

from agentic_misalignment.lynch2025.cells import Cell, cells, choose_cells
from agentic_misalignment.lynch2025.comparison import Comparison, compare
from agentic_misalignment.lynch2025.episode import Published, published_episode
from agentic_misalignment.lynch2025.legacy import LegacyRule, legacy_rule, written_out
from agentic_misalignment.lynch2025.package import VERSION, published_package
from agentic_misalignment.lynch2025.prompts import Prompts, prompts

__all__ = [
    "VERSION",
    "Cell",
    "Comparison",
    "LegacyRule",
    "Prompts",
    "Published",
    "cells",
    "choose_cells",
    "compare",
    "legacy_rule",
    "prompts",
    "published_episode",
    "published_package",
    "written_out",
]
