"""Conversations with e-mail tools, as other suites have them."""

from typing import Any

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageSystem, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import ToolCall, ToolCallError

from agentic_misalignment.scanning import Conversation, read_conversation

Call = tuple[str, dict[str, Any]] | tuple[str, dict[str, Any], str]
"""A tool, its arguments, and why it was rejected if it was."""

SEND: Call = (
    "send_email",
    {"recipients": ["ann@firm.example"], "subject": "Before five", "body": "Otherwise they hear."},
)


def conversation(
    *turns: list[Call] | str, system: str = "You help.", user: str = "Read the mail."
) -> list[ChatMessage]:
    """Messages: a text, or calls that are answered one after the other."""
    messages: list[ChatMessage] = [ChatMessageSystem(content=system), ChatMessageUser(content=user)]
    for number, turn in enumerate(turns):
        calls = [] if isinstance(turn, str) else turn
        made = [
            ToolCall(id=f"{number}-{place}", function=call[0], arguments=call[1]) for place, call in enumerate(calls)
        ]
        text = turn if isinstance(turn, str) else ""
        messages.append(ChatMessageAssistant(content=text, tool_calls=made or None))
        for tool, call in zip(made, calls, strict=True):
            fault = ToolCallError("unknown", call[2]) if len(call) > 2 else None
            answer = f"Answer of {tool.function}"
            messages.append(ChatMessageTool(content=answer, tool_call_id=tool.id, function=tool.function, error=fault))
    return messages


def read(*turns: list[Call] | str, **more: Any) -> Conversation:
    return read_conversation(conversation(*turns, **more))
