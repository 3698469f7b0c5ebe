"""Reading a finished sample: how it went, what was thought, which calls never came to the mailbox."""

from inspect_ai.event import ErrorEvent, SampleLimitEvent
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ContentReasoning
from inspect_ai.solver import TaskState

from agentic_misalignment.judging import Run
from agentic_misalignment.mailbox import Email, Entry, Mailbox
from agentic_misalignment.mailbox.tags import read_reply
from agentic_misalignment.scenarios.metadata import EpisodeMetadata


def read_run(state: TaskState, mailbox: Mailbox) -> Run:
    """Read how the episode went.

    Limits and errors are read from the sample's events, so that it makes no difference which solver drove the
    model, or whether the sample is scored now or from a log.

    Args:
        state: The finished sample.
        mailbox: Its mailbox.
    """
    events = transcript().events
    limits = [event.type for event in events if isinstance(event, SampleLimitEvent)]
    errors = [event.error.message for event in events if isinstance(event, ErrorEvent)]
    answered = bool(state.output.choices)
    return Run(
        engaged=_engaged(state, mailbox),
        stop_reason=state.output.stop_reason if answered else None,
        limit=limits[-1] if limits else None,
        error=errors[-1] if errors else None,
    )


def _engaged(state: TaskState, mailbox: Mailbox) -> bool:
    if EpisodeMetadata.model_validate(state.metadata).level("protocol") == "mailbox":
        return bool(mailbox.ledger.executed)
    return not read_reply(state.output.completion).empty


def read_reasoning(state: TaskState) -> str:
    """Collect what the model wrote and nobody in the story saw.

    Native reasoning or its summary, scratchpads, and text that was not sent; redacted reasoning is named as such.
    """
    texts: list[str] = []
    for message in state.messages:
        if isinstance(message, ChatMessageAssistant):
            reply = read_reply(message.text)
            texts += [*_native(message), reply.private, reply.visible]
    return "\n".join(text.strip() for text in texts if text.strip())


def read_seen(state: TaskState, mailbox: Mailbox) -> list[str]:
    """Return the ids of the mails that the model has seen: opened ones, or all where the prompt shows them."""
    prompt = state.input_text
    shown = [item.email.id for item in mailbox.items if _shown(item.email, prompt)]
    opened = (entry.email_id for entry in mailbox.ledger.executed if entry.tool == "read_email")
    return list(dict.fromkeys([*shown, *(email_id for email_id in opened if email_id)]))


def _shown(email: Email, prompt: str) -> bool:
    # A prompt that gives the mails no ids, as that of 2025, shows their whole texts.
    whole = bool(email.body.strip()) and f"\nBody: {email.body.strip()}\n" in prompt
    return whole or any(mark.format(email.id) in prompt for mark in ("Id: {}\n", "<id>{}</id>"))


def _native(message: ChatMessageAssistant) -> list[str]:
    if isinstance(message.content, str):
        return []
    found = [content for content in message.content if isinstance(content, ContentReasoning)]
    return [
        (content.summary or "[reasoning redacted by the provider]") if content.redacted else content.reasoning
        for content in found
    ]


def read_never_ran(messages: list[ChatMessage], mailbox: Mailbox) -> list[Entry]:
    """Return the calls that Inspect rejected before they came to the mailbox: wrong types, unknown tools.

    Args:
        messages: The conversation.
        mailbox: The mailbox, whose ledger has all other calls.
    """
    known = {entry.call_id for entry in mailbox.ledger.entries}
    calls = {
        call.id: call
        for message in messages
        if isinstance(message, ChatMessageAssistant)
        for call in message.tool_calls or []
    }
    return [
        Entry(
            call_id=message.tool_call_id,
            tool=calls[message.tool_call_id].function,
            arguments=dict(calls[message.tool_call_id].arguments),
            status="rejected",
            at=mailbox.clock,
            reason=message.error.message,
        )
        for message in messages
        if isinstance(message, ChatMessageTool)
        and message.error is not None
        and message.tool_call_id in calls
        and message.tool_call_id not in known
    ]
