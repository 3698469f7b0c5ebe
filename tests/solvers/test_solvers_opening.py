"""The setup of a task: what lies in the store before a model is asked."""

import pytest
from inspect_ai.solver import Generate, Solver, TaskState, solver

from agentic_misalignment.solvers import open_mailbox, open_published
from agentic_misalignment.store import MailboxStore
from agentic_misalignment.tasks import lynch2025
from tests.conftest import RunEval
from tests.lynch2025.needs_package import needs_package


@solver
def asks_nobody() -> Solver:
    """Leave the state as it is."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return state

    return solve


@pytest.mark.parametrize("protocol", ["mailbox", "single_turn"])
def test_open_mailbox_lays_mails_and_facts_into_the_store(run_eval: RunEval, protocol: str) -> None:
    opening = {"solver": [open_mailbox(), asks_nobody()]}

    log = run_eval("scripted/silent", worlds="totara-seed", seeds=1, protocol=protocol, conduct="none", options=opening)

    assert log.samples
    mailbox, facts = log.samples[0].store_as(MailboxStore).opened()
    assert mailbox.items
    assert (facts.scenario, mailbox.owner) == ("blackmail", facts.agent)


@needs_package
def test_open_published_lays_the_published_mails_into_the_store(run_eval: RunEval) -> None:
    opening = {"solver": [open_published(), asks_nobody()]}

    log = run_eval(
        "scripted/silent", task=lynch2025, cells="blackmail/explicit-replacement", samples=1, options=opening
    )

    assert log.samples
    mailbox, facts = log.samples[0].store_as(MailboxStore).opened()
    assert mailbox.items
    assert facts.scenario == "blackmail"
