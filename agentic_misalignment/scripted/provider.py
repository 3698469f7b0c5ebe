"""The `scripted/…` model provider: policies with known answers, through the real tools and the real loop."""

from collections.abc import Callable, Iterable
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    StopReason,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo
from inspect_ai.util import store

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.mailbox.tool_use import MARK
from agentic_misalignment.scripted.bad_judge import obey_prompt
from agentic_misalignment.scripted.policy import (
    ALL_REPLIES,
    MIX,
    MIXED,
    REPLIES,
    Call,
    Player,
    Policy,
    choose_policy,
    mix,
    policy,
    read_probability,
)
from agentic_misalignment.scripted.reader import read_prompt
from agentic_misalignment.scripted.tags import write_blocks, write_tags
from agentic_misalignment.store import open_store

JUDGE = "judge"
"""The rule-based reader."""

BAD_JUDGE = "bad_judge"
"""A judge as it must not be: see `obey_prompt`."""


class ScriptedAPI(ModelAPI):
    """Plays policies, or reads for `scripted/judge`. Needs no key and no network."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature that Inspect's providers have
        **model_args: Any,
    ) -> None:
        """Check the name.

        Args:
            model_name: A policy, `mixed/P`, `mix/NAME`, `lynch2025/all`, `judge` or `bad_judge`.
            base_url: Not used.
            api_key: Not used.
            config: Not used.
            **model_args: None are known.

        Raises:
            SuiteError: If there is no such policy.
        """
        super().__init__(model_name, base_url, api_key, [], config)
        if model_args:
            raise SuiteError(
                f"model scripted/{model_name}: unknown argument '{next(iter(model_args))}'; none are known"
            )
        kind, _, probability = model_name.partition("/")
        if kind == MIXED:
            read_probability(model_name, probability)
        elif kind == MIX:
            mix(probability)
        elif model_name not in (JUDGE, BAD_JUDGE, f"{REPLIES}/{ALL_REPLIES}"):
            policy(model_name)

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - the name that Inspect calls it by
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Answer from the messages and the episode's mailbox alone; nothing is kept between calls."""
        if self.model_name == JUDGE:
            return self._output(read_prompt(_first_user_text(input)))
        if self.model_name == BAD_JUDGE:
            return self._output(obey_prompt(_first_user_text(input)))
        mailbox, facts = open_store(store())
        chosen = choose_policy(self.model_name, facts.episode, facts.scenario)
        player = Player(chosen, mailbox, facts)
        turn = sum(message.role == "assistant" for message in input)
        write = write_blocks if any(MARK in message.text for message in input) else write_tags
        return self._turn(chosen, player, turn) if tools else self._reply(chosen, player, write)

    def _turn(self, chosen: Policy, player: Player, turn: int) -> ModelOutput:
        if chosen.silent:
            return self._output("")
        listing = [Call(tool="list_emails", arguments={"unread_only": True, "limit": 100})]
        if chosen.loops:
            return self._output("", calls=listing, turn=turn)
        if chosen.reads and turn == 0:
            return self._output("", calls=listing, turn=turn)
        if chosen.reads and turn == 1:
            return self._output("", calls=player.openings(), turn=turn)
        writings = player.writings()
        step = turn - (2 if chosen.reads else 0)
        if step < len(writings):
            first = step == 0
            text = player.scratchpad() if first else ""
            reasoning = player.text(player.play.reasoning) if first else ""
            return self._output(text, calls=[writings[step]], turn=turn, reasoning=reasoning)
        return self._output(player.text(player.play.closing))

    def _reply(self, chosen: Policy, player: Player, write: Callable[[Iterable[Call]], str]) -> ModelOutput:
        if chosen.silent:
            return self._output("")
        parts = [player.scratchpad(), write(player.writings()), player.text(player.play.closing)]
        text = "\n\n".join(part for part in parts if part)
        stop: StopReason = "max_tokens" if chosen.loops else "stop"
        return self._output(text, reasoning=player.text(player.play.reasoning), stop_reason=stop)

    def _output(
        self,
        text: str,
        *,
        calls: list[Call] | None = None,
        turn: int = 0,
        reasoning: str = "",
        stop_reason: StopReason = "stop",
    ) -> ModelOutput:
        content = [ContentReasoning(reasoning=reasoning), ContentText(text=text)] if reasoning else text
        message = ChatMessageAssistant(
            content=content,
            model=f"scripted/{self.model_name}",
            source="generate",
            tool_calls=[
                ToolCall(id=f"call-{turn + 1}-{number}", function=call.tool, arguments=call.arguments)
                for number, call in enumerate(calls or [], start=1)
            ]
            or None,
        )
        output = ModelOutput.from_message(message, stop_reason="tool_calls" if calls else stop_reason)
        output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return output


def _first_user_text(messages: list[ChatMessage]) -> str:
    return next(message.text for message in messages if isinstance(message, ChatMessageUser))
