"""The page of commands names every command, and functions that exist."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from agentic_misalignment.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \[?`(\w+)`.*\| `([\w.]+)` \|$", PAGE, flags=re.MULTILINE)


def test_every_command_has_a_row() -> None:
    assert [command for command, _ in ROWS] == list(main.commands)


@pytest.mark.parametrize(("command", "function"), ROWS)
def test_its_function_exists_and_is_documented(command: str, function: str) -> None:
    module, _, name = function.rpartition(".")

    found = getattr(import_module(module), name)

    assert callable(found)
    assert inspect.getdoc(found)
