"""Before a run: its size, price and time, and what it can show. Nothing is run, no model is made."""

from agentic_misalignment.planning.run import RunPlan, ScenarioPlan, plan_run
from agentic_misalignment.planning.table import plan_text

__all__ = ["RunPlan", "ScenarioPlan", "plan_run", "plan_text"]
