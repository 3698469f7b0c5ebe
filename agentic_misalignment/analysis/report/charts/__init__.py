"""The charts of the report. Each function returns the figures of one kind, none where the data have nothing for it."""

from agentic_misalignment.analysis.report.charts.anchor import published
from agentic_misalignment.analysis.report.charts.believed import beliefs
from agentic_misalignment.analysis.report.charts.benign import twin
from agentic_misalignment.analysis.report.charts.effects import fitted, forest
from agentic_misalignment.analysis.report.charts.headlines import headline_chart
from agentic_misalignment.analysis.report.charts.heat import heat_map
from agentic_misalignment.analysis.report.charts.stages import conduct, funnel
from agentic_misalignment.analysis.report.charts.ways_out import exits

__all__ = [
    "beliefs",
    "conduct",
    "exits",
    "fitted",
    "forest",
    "funnel",
    "headline_chart",
    "heat_map",
    "published",
    "twin",
]
