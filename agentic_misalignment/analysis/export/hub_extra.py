"""Packages of the extra `publish`, which not every installation has."""

from importlib import import_module
from typing import Any

from agentic_misalignment.errors import SuiteError


def needed(name: str) -> Any:
    """Import a package of the extra `publish`.

    Args:
        name: The package.

    Raises:
        SuiteError: If it is not installed; with the command that installs it.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise SuiteError(f"{error.name} is not installed: pip install 'agentic-misalignment[publish]'") from error
