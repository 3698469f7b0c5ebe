"""The one place where the package with the published texts is loaded."""

from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from agentic_misalignment.errors import SuiteError

PACKAGE = "inspect-evals"

VERSION = "0.26.0"
"""The frozen version: another one may hold other texts, and rates would no longer compare."""

INSTALL = "pip install 'agentic-misalignment[lynch2025]'"

_ROOT = "inspect_evals.agentic_misalignment"


class Package(NamedTuple):
    """The modules of the package that are used. They are called, never copied, so they have no types of ours."""

    generator: Any
    classifiers: Any
    templates: Any


def published_package() -> Package:
    """Load the package.

    Raises:
        SuiteError: If it is missing or of another version.
    """
    try:
        found = version(PACKAGE)
    except PackageNotFoundError as error:
        raise SuiteError(f"lynch2025: the package {PACKAGE} {VERSION} is not installed; {INSTALL}") from error
    if found != VERSION:
        raise SuiteError(f"lynch2025: {PACKAGE} {found} is installed, expected {VERSION}; {INSTALL}")
    return _load()


@cache
def _load() -> Package:
    try:
        return Package(
            generator=import_module(f"{_ROOT}.prompt_generator"),
            classifiers=import_module(f"{_ROOT}.classifiers"),
            templates=import_module(f"{_ROOT}.templates.system_prompt_templates"),
        )
    except ImportError as error:
        raise SuiteError(f"lynch2025: {PACKAGE} {VERSION} cannot be imported ({error}); {INSTALL}") from error
