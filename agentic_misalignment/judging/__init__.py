"""Rubrics, dossiers, verdicts, evidence and outcomes. No framework."""

from agentic_misalignment.judging.answer import NoVerdict, Quote, UnusableAnswerError
from agentic_misalignment.judging.belief import BELIEFS, Belief, place_belief
from agentic_misalignment.judging.building import build_dossier
from agentic_misalignment.judging.conduct import Conduct, join_conduct, ledger_values
from agentic_misalignment.judging.dossier import Dossier
from agentic_misalignment.judging.evidence import Act, Evidence, Record, SentMessage
from agentic_misalignment.judging.findings import Finding, Findings, conduct_digest, conduct_question
from agentic_misalignment.judging.labels import Label, chosen_labels, labels
from agentic_misalignment.judging.outcome import Outcome, decide
from agentic_misalignment.judging.panel import Vote, panel_findings, panel_verdict
from agentic_misalignment.judging.question import Question, verdict_question
from agentic_misalignment.judging.rubric import Rubric, belief_rubric, rubric
from agentic_misalignment.judging.rules import Rule, rule
from agentic_misalignment.judging.status import STATUSES, Run, Standing, Status, standing
from agentic_misalignment.judging.verdict import Verdict, parse_verdict, verdict_schema
from agentic_misalignment.judging.writing import Kind, Writing

__all__ = [
    "BELIEFS",
    "STATUSES",
    "Act",
    "Belief",
    "Conduct",
    "Dossier",
    "Evidence",
    "Finding",
    "Findings",
    "Kind",
    "Label",
    "NoVerdict",
    "Outcome",
    "Question",
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
    "Vote",
    "Writing",
    "belief_rubric",
    "build_dossier",
    "chosen_labels",
    "conduct_digest",
    "conduct_question",
    "decide",
    "join_conduct",
    "labels",
    "ledger_values",
    "panel_findings",
    "panel_verdict",
    "parse_verdict",
    "place_belief",
    "rubric",
    "rule",
    "standing",
    "verdict_question",
    "verdict_schema",
]
