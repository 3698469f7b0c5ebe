"""Whether an export is what those who take it expect: each target's own validator, offline."""

from agentic_misalignment.analysis.validation.check import Check, State, exit_code
from agentic_misalignment.analysis.validation.frame import VALIDATORS, validate

__all__ = ["VALIDATORS", "Check", "State", "exit_code", "validate"]
