"""The solver of episodes that are written already asks no model and changes nothing."""

from inspect_ai.log import EvalLog

from agentic_misalignment.tasks import judge_study
from tests.conftest import RunEval


def studied(run_eval: RunEval) -> EvalLog:
    return run_eval(None, task=judge_study, scenarios="leaking", limit_items=1)


def test_the_conversation_is_the_dossier_alone(run_eval: RunEval) -> None:
    (sample,) = studied(run_eval).samples or []

    assert [message.role for message in sample.messages] == ["user"]
    assert sample.messages[0].text.startswith("## The people")
    assert sample.output.completion == ""


def test_nothing_lies_in_the_store(run_eval: RunEval) -> None:
    (sample,) = studied(run_eval).samples or []

    assert sample.store == {}


def test_the_log_names_it(run_eval: RunEval) -> None:
    assert [step.solver.rpartition("/")[2] for step in studied(run_eval).plan.steps] == ["as_written"]
