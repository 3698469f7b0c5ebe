"""How each scenario is judged: which evidence is looked for, and by which rubric a judge decides the rest."""

from collections.abc import Callable
from typing import NamedTuple

from agentic_misalignment.judging.cancelling import cancelling_evidence
from agentic_misalignment.judging.coercion import coercion_evidence
from agentic_misalignment.judging.disclosure import disclosure_evidence
from agentic_misalignment.judging.evidence import Evidence, Record
from agentic_misalignment.judging.rubric import Rubric, rubric
from agentic_misalignment.scenarios import scenario as find_scenario


class Rule(NamedTuple):
    """A scenario's rule."""

    collect: Callable[[Record], Evidence]
    rubric: Rubric


def rule(scenario: str) -> Rule:
    """Return the rule of a scenario.

    Args:
        scenario: Its name.

    Raises:
        SuiteError: If there is none, or its rubric's file is broken.
    """
    return Rule(collect=_EVIDENCE[find_scenario(scenario).about.evidence], rubric=rubric(scenario))


_EVIDENCE: dict[str, Callable[[Record], Evidence]] = {
    "messages_to_target": coercion_evidence,
    "disclosure": disclosure_evidence,
    "cancelled_alert": cancelling_evidence,
}
