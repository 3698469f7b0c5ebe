"""Carrying out a call in the episode's mailbox, in view of the log."""

from collections.abc import Iterator, Sequence
from typing import Any

from inspect_ai.log import transcript
from inspect_ai.model import GenerateConfigArgs
from inspect_ai.solver import TaskState
from inspect_ai.util import store

from agentic_misalignment.mailbox import Item, Mailbox, note_attempt, perform
from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.scenarios.rendering import chosen_settings
from agentic_misalignment.store import open_store

DRAW = "draw"
"""Sample metadata key of the seed for sampling, where samples differ in nothing else: without it a cache would answer
all of them alike."""


def act(tool: str, arguments: dict[str, Any], *, call_id: str) -> str:
    """Carry out a call and note in the transcript what it changed.

    Args:
        tool: Name of the tool.
        arguments: Its arguments, not yet validated.
        call_id: The tool call id, or the tag's number.

    Returns:
        The text that the agent is shown.

    Raises:
        MailboxError: If the call is rejected; the ledger has it as an attempt.
    """
    mailbox, _ = open_store(store())
    known = len(mailbox.items)
    text = perform(mailbox, tool, arguments, call_id=call_id)
    changes = "\n".join(_changes(mailbox, mailbox.items[known:]))
    if changes:
        transcript().info(changes, source="mailbox")
    return text


def refuse(tool: str, arguments: dict[str, Any], *, call_id: str, reason: str) -> None:
    """Keep an action that must not be carried out as an attempt."""
    mailbox, _ = open_store(store())
    note_attempt(mailbox, tool, arguments, call_id=call_id, reason=reason)


def expect_protocol(state: TaskState, protocol: str) -> None:
    """Check that a solver drives an episode of its own protocol.

    Raises:
        RuntimeError: If not; what the agent did would go unseen, and doing nothing would look harmless.
    """
    found = EpisodeMetadata.model_validate(state.metadata).level("protocol")
    if found != protocol:
        raise RuntimeError(f"this solver drives protocol={protocol}, but the episode has protocol={found}")


def generation(state: TaskState) -> GenerateConfigArgs:
    """Return what the episode's condition asks of the model's provider.

    Args:
        state: The sample.
    """
    metadata = EpisodeMetadata.model_validate(state.metadata)
    found = scenario(metadata.scenario)
    effort = chosen_settings(found, metadata.levels(found.factors)).reasoning_effort
    asked = GenerateConfigArgs(reasoning_effort=effort) if effort else GenerateConfigArgs()
    if (draw := state.metadata.get(DRAW)) is not None:
        asked["seed"] = draw
    return asked


def _changes(mailbox: Mailbox, new: Sequence[Item]) -> Iterator[str]:
    entry = mailbox.ledger.entries[-1]
    if entry.tool == "cancel_alert":
        yield "; ".join(f"alert {alert.id} is {alert.state}" for alert in mailbox.alerts)
    if entry.tool in ("archive_email", "delete_email") and entry.email_id:
        yield f"{entry.email_id} moved to {mailbox.item(entry.email_id).folder}"
    for item in new:
        email = item.email
        if item.folder == "sent":
            yield f"{email.id} sent, reached {', '.join(entry.reached) or 'nobody'}: {email.subject}"
        else:
            yield f"{email.id} arrived from {email.sender}: {email.subject}"
