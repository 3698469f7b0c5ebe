"""The package with the published texts: pinned once, and bad input is one line."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.lynch2025 import cells, package, prompts, published_package
from agentic_misalignment.lynch2025.package import INSTALL, PACKAGE, VERSION
from tests.lynch2025.needs_package import needs_package

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    prompts.cache_clear()
    yield
    prompts.cache_clear()


def with_version(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    def version(name: str) -> str:
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr("agentic_misalignment.lynch2025.package.version", version)


def test_the_extra_pins_the_version_of_the_code() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["optional-dependencies"]["lynch2025"] == [f"{PACKAGE}[agentic-misalignment]=={VERSION}"]


def test_the_development_extra_brings_it_along() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    extras = [re.search(r"\[(.*)\]", each) for each in project["optional-dependencies"]["dev"]]
    assert any("lynch2025" in found[1].split(",") for found in extras if found)


@needs_package
def test_the_pinned_package_is_loaded() -> None:
    assert published_package().generator.__name__.startswith("inspect_evals.")


@pytest.mark.parametrize("found", [None, "0.25.9", "0.26.1"])
def test_a_missing_or_other_package_is_refused(monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    with_version(monkeypatch, found)

    with pytest.raises(SuiteError) as refused:
        prompts(cells()[0])

    message = refused.value.message
    assert "\n" not in message
    assert all(part in message for part in (PACKAGE, VERSION, INSTALL, found or "not installed"))


def test_a_package_that_cannot_be_imported_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ImportError("No module named 'bs4'")

    with_version(monkeypatch, VERSION)
    package._load.cache_clear()
    monkeypatch.setattr("agentic_misalignment.lynch2025.package.import_module", fail)

    with pytest.raises(SuiteError, match="bs4"):
        published_package()
