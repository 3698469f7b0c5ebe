"""From logs to rates. Reads logs only, never runs a model."""

from agentic_misalignment.analysis.beliefs import BeliefTable, belief_table, read_beliefs
from agentic_misalignment.analysis.components import Component, variance_component
from agentic_misalignment.analysis.correction import corrected_rate
from agentic_misalignment.analysis.dossiers import read_dossier
from agentic_misalignment.analysis.humans import human_table, write_human_scores
from agentic_misalignment.analysis.judge_study import StudyResult, read_result, read_study, write_result
from agentic_misalignment.analysis.judge_table import study_table
from agentic_misalignment.analysis.published import PublishedRow, read_published
from agentic_misalignment.analysis.published_rates import PublishedRate, published_models, published_rates
from agentic_misalignment.analysis.published_table import published_table
from agentic_misalignment.analysis.rates import Group, Rate, read_rates
from agentic_misalignment.analysis.sheets import HumanLabel, read_sheet, write_sheet
from agentic_misalignment.analysis.spread import Spread, read_spread, spread_table
from agentic_misalignment.analysis.table import rate_table

__all__ = [
    "BeliefTable",
    "Component",
    "Group",
    "HumanLabel",
    "PublishedRate",
    "PublishedRow",
    "Rate",
    "Spread",
    "StudyResult",
    "belief_table",
    "corrected_rate",
    "human_table",
    "published_models",
    "published_rates",
    "published_table",
    "rate_table",
    "read_beliefs",
    "read_dossier",
    "read_published",
    "read_rates",
    "read_result",
    "read_sheet",
    "read_spread",
    "read_study",
    "spread_table",
    "study_table",
    "variance_component",
    "write_human_scores",
    "write_result",
    "write_sheet",
]
