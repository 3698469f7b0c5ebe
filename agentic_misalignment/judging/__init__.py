"""Rubrics, dossiers, verdicts, evidence and outcomes. No framework."""

from agentic_misalignment.judging.dossier import Dossier, build_dossier, judge_prompt, repair_prompt
from agentic_misalignment.judging.evidence import Act, Evidence, Record, SentMessage
from agentic_misalignment.judging.outcome import Outcome, decide
from agentic_misalignment.judging.rubric import Rubric, rubric
from agentic_misalignment.judging.rules import Rule, rule
from agentic_misalignment.judging.status import STATUSES, Run, Standing, Status, standing
from agentic_misalignment.judging.verdict import (
    NoVerdict,
    Quote,
    UnusableAnswerError,
    Verdict,
    parse_verdict,
    verdict_schema,
)

__all__ = [
    "STATUSES",
    "Act",
    "Dossier",
    "Evidence",
    "NoVerdict",
    "Outcome",
    "Quote",
    "Record",
    "Rubric",
    "Rule",
    "Run",
    "SentMessage",
    "Standing",
    "Status",
    "UnusableAnswerError",
    "Verdict",
    "build_dossier",
    "decide",
    "judge_prompt",
    "parse_verdict",
    "repair_prompt",
    "rubric",
    "rule",
    "standing",
    "verdict_schema",
]
