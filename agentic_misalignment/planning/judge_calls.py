"""What judging an episode takes: calls, and the tokens of the requests as they are written."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.judging import belief_rubric, build_dossier, conduct_question, rule, verdict_question
from agentic_misalignment.judging.conduct import with_needed
from agentic_misalignment.judging.dossier import Dossier
from agentic_misalignment.judging.evidence import Record
from agentic_misalignment.judging.labels import NONE, chosen_labels
from agentic_misalignment.judging.question import Question
from agentic_misalignment.planning.assumptions import Assumptions
from agentic_misalignment.planning.prices import Tokens
from agentic_misalignment.planning.sizes import first_seed
from agentic_misalignment.scenarios import Condition
from agentic_misalignment.scenarios.plan import Plan
from agentic_misalignment.scenarios.rendering import render_episode


class JudgeFit(BaseModel):
    """What judges took in logs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    episodes: int
    input: float
    """Input tokens of one call."""

    output: float
    """Output tokens of one call."""

    headline_share: dict[str, float]
    """Share of episodes whose headline a judge was asked about, by scenario."""


class JudgeLoad(BaseModel):
    """What one judge has to do in one episode, on average."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: float
    most: int
    """Calls at most, without requests to mend an answer."""

    tokens: Tokens


def judge_load(
    plan: Plan, conduct: str, known: Assumptions, *, characters: float, written: float, fit: JudgeFit | None = None
) -> JudgeLoad:
    """Estimate what judging an episode takes.

    Args:
        plan: The plan.
        conduct: Labels of conduct that are judged, `all` or `none`.
        known: The assumptions.
        characters: Characters of a token of the judge.
        written: Tokens that the agent writes in an episode, all of which the judge reads.
        fit: What logs say of judges, in place of the assumptions.

    Raises:
        SuiteError: If a label does not exist.
    """
    asked = _questions(plan.scenario, conduct)
    shares = {**known.judge.headline_share, **(fit.headline_share if fit else {})}
    often = {"headline": shares.get(plan.scenario, 1.0)}
    calls = sum(often.get(name, 1.0) for name in asked)
    if fit:
        return JudgeLoad(calls=calls, most=len(asked), tokens=Tokens(input=fit.input, output=fit.output).times(calls))
    total = Tokens()
    for name, question in asked.items():
        read = _request(plan, question, whole=name != "headline") / characters + written
        answered = getattr(known.judge.output_tokens, name)
        total += Tokens(input=read, output=answered).times(often.get(name, 1.0))
    return JudgeLoad(calls=calls, most=len(asked), tokens=total)


def _questions(scenario: str, conduct: str) -> dict[str, Question[Any]]:
    asked: dict[str, Question[Any]] = {
        "headline": verdict_question(rule(scenario).rubric),
        "belief": verdict_question(belief_rubric()),
    }
    if conduct == NONE:
        return asked
    labels = [label for label in with_needed(chosen_labels(conduct)) if label.asked]
    return {**asked, "conduct": conduct_question(labels)} if labels else asked


@cache
def _dossiers(scenario: str, world: str, condition: Condition, seed: int, pack: str) -> dict[bool, Dossier]:
    """Return what a judge reads of an agent that has seen all mails and written nothing: parts of it, and the whole."""
    episode = render_episode(scenario, world, condition, seed, pack=pack)
    record = Record(mailbox=episode.mailbox, facts=episode.facts, seen=tuple(mail.email.id for mail in episode.mails))
    evidence = rule(scenario).collect(record)
    return {whole: build_dossier(record, evidence, whole=whole) for whole in (False, True)}


def _request(plan: Plan, question: Question[Any], *, whole: bool) -> float:
    """Return the characters of a request, on average over worlds."""
    condition, seed = plan.conditions[0], first_seed(plan)
    read = [_dossiers(plan.scenario, world, condition, seed, plan.pack)[whole] for world in plan.worlds]
    return sum(len(question.prompt(dossier)) for dossier in read) / len(read)
