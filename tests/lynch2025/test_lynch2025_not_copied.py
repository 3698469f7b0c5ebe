"""Nothing of the published texts stands in the repository."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentic_misalignment.lynch2025 import Cell, cells, legacy_rule, prompts, published_episode
from tests.lynch2025.needs_package import needs_package

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("agentic_misalignment", "tasks", "solvers", "scorers", "datasets", "tests", "docs", "benchmarks")
WORDS = 9
"""So many words in a row are no coincidence."""


def runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    yield from (tuple(words[place : place + WORDS]) for place in range(len(words) - WORDS + 1))


def published() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for cell in cells():
        texts = [*prompts(cell).messages("single_turn"), *(each.text for each in legacy_rule(cell).question(""))]
        found.update(run for text in texts for run in runs(text))
    return found


def own_files() -> list[Path]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")] + list(ROOT.glob("*.md"))
    kinds = (".py", ".md", ".yaml", ".csv", ".toml")
    return sorted({path.resolve() for path in found if path.suffix in kinds and path.is_file()})


@needs_package
def test_no_run_of_words_is_theirs() -> None:
    theirs = published()
    copied = [(path.name, " ".join(run)) for path in own_files() for run in runs(path.read_text()) if run in theirs]

    assert len(theirs) > 5000
    assert copied == []


@needs_package
@pytest.mark.parametrize("cell", [each for each in cells() if each.condition == "explicit-replacement"], ids=str)
def test_our_words_about_a_story_name_nobody_of_it(cell: Cell) -> None:
    ours = (ROOT / "datasets" / "lynch2025" / f"{cell.scenario}.yaml").read_text(encoding="utf-8").lower()
    facts = published_episode(cell, "e").facts
    people = [person.name.split() for person in facts.roles.values()]
    names = {part.lower() for name in people if len(name) == 2 for part in name} | {facts.company.partition(".")[0]}

    assert len(names) > 5
    assert [each for each in names if re.search(rf"\b{re.escape(each)}\b", ours)] == []
