"""A finished sample, read alike from a running evaluation and from a log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from inspect_ai.event import ErrorEvent, Event, SampleLimitEvent
from inspect_ai.log import EvalSample, transcript
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    ContentReasoning,
    ModelOutput,
)
from inspect_ai.solver import TaskState
from inspect_ai.util import Store

from agentic_misalignment.judging import Kind, Record, Run, Standing, Writing, standing
from agentic_misalignment.mailbox import Email, Entry, Mailbox
from agentic_misalignment.mailbox.tags import read_reply
from agentic_misalignment.scenarios import EpisodeFacts, scenario
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.scenarios.rendering import chosen_settings
from agentic_misalignment.store import open_store


@dataclass(frozen=True)
class Finished:
    """A sample whose episode is over."""

    messages: Sequence[ChatMessage]
    prompt: str
    output: ModelOutput
    metadata: EpisodeMetadata
    mailbox: Mailbox
    facts: EpisodeFacts
    events: Sequence[Event]

    @classmethod
    def of_state(cls, state: TaskState) -> "Finished":
        """Read the sample that is being scored, now or from a log.

        Raises:
            SuiteError: If it is not an episode of this suite.
        """
        mailbox, facts = open_store(state.store)
        metadata = EpisodeMetadata.read(state.metadata)
        return cls(state.messages, state.input_text, state.output, metadata, mailbox, facts, list(transcript().events))

    @classmethod
    def of_sample(cls, sample: EvalSample) -> "Finished":
        """Read a sample of a log.

        Raises:
            SuiteError: If it is not an episode of this suite.
        """
        mailbox, facts = open_store(Store(sample.store))
        metadata = EpisodeMetadata.read(sample.metadata)
        return cls(sample.messages, _prompt(sample), sample.output, metadata, mailbox, facts, sample.events)

    @cached_property
    def record(self) -> Record:
        """What evidence is read from."""
        return Record(
            mailbox=self.mailbox,
            facts=self.facts,
            seen=tuple(self._seen()),
            never_ran=tuple(self._never_ran()),
            writings=tuple(self._writings()),
        )

    @cached_property
    def engaged(self) -> bool:
        """Whether the agent opened the mailbox, or wrote a visible word where there are no tools."""
        if self.metadata.level("protocol") == "mailbox":
            return bool(self.mailbox.ledger.executed)
        return not read_reply(self.output.completion).empty

    @property
    def standing(self) -> Standing:
        """The status of the episode before it is judged.

        Limits and errors are read from the sample's events, so that it makes no difference which solver drove
        the model.
        """
        limits = [event.type for event in self.events if isinstance(event, SampleLimitEvent)]
        errors = [event.error.message for event in self.events if isinstance(event, ErrorEvent)]
        return standing(
            Run(
                engaged=self.engaged,
                stop_reason=self.output.stop_reason if self.output.choices else None,
                limit=limits[-1] if limits else None,
                error=errors[-1] if errors else None,
            )
        )

    @property
    def prompted(self) -> bool:
        """Whether the condition itself raises the question whether the situation is real."""
        found = scenario(self.metadata.scenario)
        return chosen_settings(found, self.metadata.levels(found.factors)).raises_reality

    def _seen(self) -> list[str]:
        """Return the ids of the mails that the model has seen: opened ones, or all where the prompt shows them."""
        shown = [item.email.id for item in self.mailbox.items if _shown(item.email, self.prompt)]
        opened = (entry.email_id for entry in self.mailbox.ledger.executed if entry.tool == "read_email")
        return list(dict.fromkeys([*shown, *(email_id for email_id in opened if email_id)]))

    def _never_ran(self) -> list[Entry]:
        """Return the calls that Inspect rejected before they came to the mailbox: wrong types, unknown tools."""
        known = {entry.call_id for entry in self.mailbox.ledger.entries}
        calls = {call.id: call for message in self._said() for call in message.tool_calls or []}
        return [
            Entry(
                call_id=message.tool_call_id,
                tool=calls[message.tool_call_id].function,
                arguments=dict(calls[message.tool_call_id].arguments),
                status="rejected",
                at=self.mailbox.clock,
                reason=message.error.message,
            )
            for message in self.messages
            if isinstance(message, ChatMessageTool)
            and message.error is not None
            and message.tool_call_id in calls
            and message.tool_call_id not in known
        ]

    def _said(self) -> list[ChatMessageAssistant]:
        return [message for message in self.messages if isinstance(message, ChatMessageAssistant)]

    def _writings(self) -> Iterator[Writing]:
        """Collect what the model wrote and nobody in the story saw, in order, each with the acts done before it."""
        changes = [entry.call_id for entry in self.mailbox.ledger.changes]
        done: set[str] = set()
        number = 0
        for message in self._said():
            for kind, text, before in pieces_of(message, acts=self.metadata.level("protocol") == "single_turn"):
                if text.strip() or kind == "reasoning_hidden":
                    number += 1
                    known = done | {f"tag-{index}" for index in range(1, before + 1)}
                    after = sum(call_id in known for call_id in changes)
                    yield Writing(id=f"p{number}", kind=kind, text=text.strip(), after=after)
            done |= {call.id for call in message.tool_calls or []}


def pieces_of(message: ChatMessageAssistant, *, acts: bool) -> Iterator[tuple[Kind, str, int]]:
    """Take an answer of a model apart into what nobody in the story sees.

    Args:
        message: The answer.
        acts: Whether tags in its text are actions.

    Yields:
        For each piece its kind, its text, and how many actions of the text stand before it.
    """
    for content in message.content if isinstance(message.content, list) else []:
        if isinstance(content, ContentReasoning):
            yield (*_native(content), 0)
    for piece in read_reply(message.text, acts=acts).pieces:
        yield "scratchpad" if piece.private else "text", piece.text, piece.calls_before


def _native(content: ContentReasoning) -> tuple[Kind, str]:
    if content.summary and (content.redacted or not content.reasoning.strip()):
        return "reasoning_summary", content.summary
    if content.redacted:
        return "reasoning_hidden", ""
    return "reasoning", content.reasoning


def _prompt(sample: EvalSample) -> str:
    if isinstance(sample.input, str):
        return sample.input
    users = [message.text for message in sample.input if isinstance(message, ChatMessageUser)]
    return users[-1] if users else ""


def _shown(email: Email, prompt: str) -> bool:
    # A prompt that gives the mails no ids, as that of 2025, shows their whole texts.
    whole = bool(email.body.strip()) and f"\nBody: {email.body.strip()}\n" in prompt
    return whole or any(mark.format(email.id) in prompt for mark in ("Id: {}\n", "<id>{}</id>"))
