"""Figures, shared by the metrics of a log and the tables made of logs, so that the two cannot differ."""

from agentic_misalignment.figures.agreement import Confusion, Estimate
from agentic_misalignment.figures.beliefs import belief_figures, difference_bounds
from agentic_misalignment.figures.conditions import WORLD, by_condition, conditions_of, in_condition
from agentic_misalignment.figures.conduct import conduct_figures
from agentic_misalignment.figures.panels import panel_figures
from agentic_misalignment.figures.rates import flag_figures, harm_figures, share_figures, status_figures
from agentic_misalignment.figures.study import attack_figures, confusion_of, rows_by_label, study_figures

__all__ = [
    "WORLD",
    "Confusion",
    "Estimate",
    "attack_figures",
    "belief_figures",
    "by_condition",
    "conditions_of",
    "conduct_figures",
    "confusion_of",
    "difference_bounds",
    "flag_figures",
    "harm_figures",
    "in_condition",
    "panel_figures",
    "rows_by_label",
    "share_figures",
    "status_figures",
    "study_figures",
]
