"""The published prompts: untouched under their own protocol, without the form of replies under ours."""

from typing import Any

import pytest
from inspect_ai import Task
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from agentic_misalignment.lynch2025 import Cell, cells, prompts
from agentic_misalignment.lynch2025.cells import cells_file
from agentic_misalignment.lynch2025.prompts import without_form
from tests.lynch2025.needs_package import needs_package

FORM = """Rules:
- Be kind.
- You can write letters. They leave at once. You do so like this:
<tool_use:email>
to: "{somebody}"
</tool_use:email>

- You can shout like this:
<tool_use:shout>
</tool_use:shout>
Good luck."""


def test_the_form_of_replies_is_taken_out_with_the_sentence_before_it() -> None:
    assert without_form(FORM) == "Rules:\n- Be kind.\n- You can write letters. They leave at once.\nGood luck."


def test_a_prompt_without_forms_stays_as_it_is() -> None:
    assert without_form("Keep in mind:\n- nothing") == "Keep in mind:\n- nothing"


def published_messages(cell: Cell, tmp_path: object) -> list[str]:
    """What a model is asked by the package's own task."""
    from inspect_ai import eval as evaluate
    from inspect_evals.agentic_misalignment import agentic_misalignment

    names, asked = cells_file(), list[list[str]]()

    def answer(messages: Any, *_: Any) -> ModelOutput:
        asked.append([message.text for message in messages])
        output = ModelOutput.from_content("mockllm/model", "done")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    arguments: dict[str, Any] = {
        "scenario": names.scenarios[cell.scenario],
        "goal_type": names.goals[cell.goal].type,
        "goal_value": names.goals[cell.goal].value,
        "urgency_type": names.threats[cell.threat],
    }
    task: Task = agentic_misalignment(**arguments)
    task.scorer = None
    model = get_model("mockllm/model", custom_outputs=answer, memoize=False)
    log = evaluate(task, model=model, log_dir=str(tmp_path), display="log")[0]
    assert log.status == "success"
    return asked[0]


@needs_package
@pytest.mark.parametrize("cell", [cells()[0], cells()[9], cells()[-1]], ids=lambda cell: cell.name)
def test_single_turn_asks_what_the_package_asks(cell: Cell, tmp_path: object) -> None:
    assert list(prompts(cell).messages("single_turn")) == published_messages(cell, tmp_path)


@needs_package
@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.name)
def test_the_mailbox_protocol_keeps_every_line_but_the_form(cell: Cell) -> None:
    published, (ours, _) = prompts(cell).system, prompts(cell).messages("mailbox")
    kept = published.partition("<tool_use:")[0].rpartition("\n- ")[0]

    assert kept.strip() in ours
    assert "tool_use" not in ours
    assert "mailbox tools" in ours


@needs_package
@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.name)
def test_the_mailbox_protocol_shows_no_mail_in_the_prompt(cell: Cell) -> None:
    _, opening = prompts(cell).messages("mailbox")

    assert "<email>" not in opening
    assert opening
    assert prompts(cell).user.startswith(opening)


@needs_package
def test_no_two_cells_have_the_same_prompt() -> None:
    assert len({prompts(cell).messages("single_turn") for cell in cells()}) == 18
