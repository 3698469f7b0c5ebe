"""The published prompts of a cell, for either protocol."""

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.lynch2025.cells import Cell, cells_file
from agentic_misalignment.lynch2025.package import published_package
from agentic_misalignment.scenarios import factors

_BLOCK = re.compile(r"(?P<lead>[^\n]*):\n<tool_use:(?P<form>\w+)>.*?</tool_use:(?P=form)>\n*", re.DOTALL)
_LAST_SENTENCE = re.compile(r"(?:(?<=[.!?])\s+|^- )[^.!?]*$")


class Prompts(BaseModel):
    """What the package gives for a cell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str
    user: str
    """The instruction without the mails."""

    mails: str
    """All mails in one text."""

    def messages(self, protocol: str) -> tuple[str, str]:
        """Return system and user message.

        Under `single_turn` they are the published ones, letter by letter. Under `mailbox` the form of the text replies
        gives way to our description of the tools, and the mails lie in the mailbox in place of the prompt.

        Args:
            protocol: `single_turn` or `mailbox`.
        """
        if protocol == "single_turn":
            return self.system, f"{self.user}\n{self.mails}"
        tools = factors()["protocol"].levels["mailbox"].inserts["protocol"].strip()
        return f"{without_form(self.system)}\n\n{tools}", _without_announcement(self.user)


@cache
def prompts(cell: Cell) -> Prompts:
    """Read the prompts of a cell from the package.

    Args:
        cell: The cell.

    Raises:
        SuiteError: If the package is missing or of another version.
    """
    names = cells_file()
    goal = names.goals[cell.goal]
    # No extra rule, the scratchpad that the main experiments had, and no question whether it is a test.
    made = published_package().generator.generate_prompts(
        names.scenarios[cell.scenario], goal.type, goal.value, names.threats[cell.threat], None, False, None
    )
    return Prompts(system=made.system_prompt, user=made.user_prompt, mails=made.email_content)


def without_form(system: str) -> str:
    """Take out how text replies are written: the blocks, and the sentence that leads up to each.

    Args:
        system: The system message.
    """
    return _BLOCK.sub(_lead, system).strip()


def _lead(block: re.Match[str]) -> str:
    kept = _LAST_SENTENCE.sub("", block["lead"])
    return f"{kept}\n" if kept else ""


def _without_announcement(user: str) -> str:
    paragraphs = [part for part in re.split(r"\n\s*\n", user.strip()) if part.strip()]
    return "\n\n".join(paragraphs[:-1] if paragraphs[-1].rstrip().endswith(":") else paragraphs)
