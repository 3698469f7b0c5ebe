"""What the publisher says."""

from pathlib import Path

import pytest

from agentic_misalignment.analysis.export import About, read_about
from agentic_misalignment.errors import SuiteError


def written(folder: Path, text: str, name: str = "about.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


CITATION = """
repository-code: https://github.com/cited/name
preferred-citation: {title: A Paper, url: "https://arxiv.org/abs/2601.00002v1"}
"""


def test_a_file_says_who_publishes(tmp_path: Path) -> None:
    about = read_about(written(tmp_path, "organization: Lab\ncontributors: [ann]\n"), citation=tmp_path / "none")

    assert (about.organization, about.contributors, about.repository_url) == ("Lab", ("ann",), "")


def test_a_citation_file_gives_what_is_not_said(tmp_path: Path) -> None:
    citation = written(tmp_path, CITATION, "CITATION.cff")
    said = written(tmp_path, "paper_title: Another Paper\n")

    about = read_about(said, citation=citation)

    assert about.repository_url == "https://github.com/cited/name"
    assert (about.arxiv, about.paper_title) == ("https://arxiv.org/abs/2601.00002v1", "Another Paper")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("repo: https://github.com/a/b\n", "repo"),
        ("repository_url: github.com/a/b\n", "repository_url"),
        ("repository_commit: abc\n", "repository_commit"),
        ("relationship: friend\n", "relationship"),
        ("a: [\n", "not valid YAML"),
    ],
)
def test_a_fault_is_named_with_the_file(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SuiteError, match=words) as raised:
        read_about(written(tmp_path, text), citation=tmp_path / "none")

    assert raised.value.message.startswith(f"{tmp_path / 'about.yaml'}:")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"none\.yaml: cannot be read"):
        read_about(tmp_path / "none.yaml")


def test_all_missing_facts_are_named_at_once() -> None:
    with pytest.raises(SuiteError, match=r"^register: needs arxiv, contributors; .*--about FILE"):
        About(repository_url="https://github.com/a/b").require("register", "repository_url", "arxiv", "contributors")
