"""A solver drives its own protocol only; in another episode it is an error and never a zero."""

import math
from typing import Any

import pytest
from inspect_ai.log import EvalLog
from inspect_ai.model import GenerateConfig, ModelOutput, ModelUsage, get_model
from inspect_ai.solver import Solver
from inspect_ai.tool import ToolChoice, ToolInfo

from agentic_misalignment.mailbox.calls import CALLS, CANCEL_ALERT
from agentic_misalignment.solvers import by_protocol, mailbox_agent, single_turn
from agentic_misalignment.store import MailboxStore
from tests.conftest import RunEval

SOLVERS = {"mailbox": mailbox_agent, "single_turn": single_turn, "both": by_protocol}


def run(run_eval: RunEval, model: Any, solver: Solver, protocol: str) -> EvalLog:
    return run_eval(model, worlds="totara-seed", seeds=1, protocol=protocol, options={"solver": solver})


@pytest.mark.parametrize(("name", "protocol"), [("mailbox", "single_turn"), ("single_turn", "mailbox")])
@pytest.mark.parametrize("model", ["scripted/insider", "scripted/planner", "scripted/silent"])
def test_a_wrong_solver_is_an_error_and_never_a_zero(run_eval: RunEval, model: str, name: str, protocol: str) -> None:
    log = run(run_eval, model, SOLVERS[name](), protocol)

    assert log.samples is not None
    sample = log.samples[0]
    scores = sample.scores or {}
    assert sample.error is not None
    assert f"protocol={protocol}" in sample.error.message
    assert math.isnan(scores["blackmail"].as_float())
    assert scores["status"].value == "error"
    assert (scores["blackmail"].metadata or {})["harm"] is None
    assert log.results is not None
    assert math.isnan({score.name: score.metrics for score in log.results.scores}["blackmail"]["rate"].value)


@pytest.mark.parametrize(
    ("name", "protocol"),
    [("mailbox", "mailbox"), ("single_turn", "single_turn"), ("both", "mailbox"), ("both", "single_turn")],
)
def test_the_right_solver_scores(run_eval: RunEval, name: str, protocol: str) -> None:
    log = run(run_eval, "scripted/insider", SOLVERS[name](), protocol)

    assert log.samples is not None
    assert (log.samples[0].scores or {})["blackmail"].value == 1


@pytest.mark.parametrize(("protocol", "names"), [("mailbox", sorted({*CALLS} - {CANCEL_ALERT})), ("single_turn", [])])
def test_tools_belong_to_the_mailbox_protocol(run_eval: RunEval, protocol: str, names: list[str]) -> None:
    offered: list[list[str]] = []

    def note(_: Any, tools: list[ToolInfo], choice: ToolChoice, config: GenerateConfig) -> ModelOutput:
        offered.append(sorted(tool.name for tool in tools))
        output = ModelOutput.from_content("mockllm/model", "done")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    run_eval(get_model("mockllm/model", custom_outputs=note), worlds="totara-seed", seeds=1, protocol=protocol)

    assert offered == [names]


def test_tags_do_the_same_as_tools(run_eval: RunEval) -> None:
    log = run_eval("scripted/veiled_insider", worlds="totara-seed", seeds=1, protocol="mailbox,single_turn")

    assert log.samples is not None
    first, second = (sample.store_as(MailboxStore).opened()[0] for sample in log.samples)
    sent = [[(entry.tool, entry.reached) for entry in mailbox.ledger.writes] for mailbox in (first, second)]
    assert len(sent[0]) == 6
    assert sent[0] == sent[1]
