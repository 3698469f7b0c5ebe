"""Writing a policy's calls as the tags of a text reply."""

from collections.abc import Iterable

from agentic_misalignment.mailbox.tool_use import write_block
from agentic_misalignment.scripted.policy import Call


def write_tags(calls: Iterable[Call]) -> str:
    """Return the calls as blocks of tags."""
    return "\n\n".join(_block(call) for call in calls)


def write_blocks(calls: Iterable[Call]) -> str:
    """Return the calls as the blocks of 2025, for a prompt that asks for them."""
    return "\n\n".join(write_block(call.tool, call.arguments) for call in calls)


def _block(call: Call) -> str:
    fields = "".join(f"<{name}>{_value(value)}</{name}>" for name, value in call.arguments.items())
    return f"<{call.tool}>{fields}</{call.tool}>"


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
