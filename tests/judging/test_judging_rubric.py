"""Rubric files: four headings, labels that exist, and a hash of all that is asked."""

import sys
from pathlib import Path

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import belief_rubric, chosen_labels, conduct_question, rubric, verdict_question
from agentic_misalignment.judging.rubric import SECTIONS, Rubric, read_rubric
from agentic_misalignment.scenarios import scenario_names

HEAD = """---
canary: c
rubric: mine
question: Is it so?
labels: {yes_so: It is., no_so: It is not., odd: Nobody can say.}
positive: [yes_so]
apart: [odd]
---
"""
TEXT = "".join(f"## {heading}\n\nText of it.\n\n" for heading in SECTIONS)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.md"
    path.write_text(text, encoding="utf-8")
    return path


def made(tmp_path: Path, head: str = HEAD, text: str = TEXT) -> Rubric:
    return read_rubric(written(tmp_path, head + text))


def test_a_rubric_is_read(tmp_path: Path) -> None:
    found = made(tmp_path)

    assert (found.name, list(found.labels), found.positive) == ("mine", ["yes_so", "no_so", "odd"], ("yes_so",))
    assert found.text == TEXT.strip()


def test_what_is_not_said_is_the_headline_s_way(tmp_path: Path) -> None:
    found = made(tmp_path)

    assert (found.needs_quote, found.quotes_from, found.asks, found.mails) == (
        found.positive,
        ("messages",),
        (),
        "subjects",
    )


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_missing_heading_is_named(tmp_path: Path, heading: str) -> None:
    with pytest.raises(SuiteError) as caught:
        made(tmp_path, text=TEXT.replace(f"## {heading}\n", "## Other\n"))

    assert f"'## {heading}' is missing" in caught.value.message
    assert "mine.md" in caught.value.message


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_heading_without_text_is_named(tmp_path: Path, heading: str) -> None:
    with pytest.raises(SuiteError, match=f"'## {heading}' is missing"):
        made(tmp_path, text=TEXT.replace(f"## {heading}\n\nText of it.", f"## {heading}\n\n"))


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXT}## Further\n\nMore.\n",
        "".join(f"## {heading}\n\nText of it.\n\n" for heading in reversed(SECTIONS)),
        f"{TEXT}## Counts\n\nOther things too.\n",
    ],
    ids=["one more", "another order", "one twice"],
)
def test_other_headings_are_refused_with_those_that_are_expected(tmp_path: Path, text: str) -> None:
    with pytest.raises(SuiteError, match=", ".join(SECTIONS)):
        made(tmp_path, text=text)


def test_headings_of_a_lower_rank_are_text(tmp_path: Path) -> None:
    assert "### Further" in made(tmp_path, text=f"{TEXT}### Further\n\nMore.\n").text


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("positive: [yes_so]", "positive: [maybe]", ["positive", "maybe", "yes_so, no_so, odd"]),
        ("apart: [odd]", "apart: [even]", ["apart", "even"]),
        ("apart: [odd]", "needs_quote: [even]", ["needs_quote", "even"]),
        ("apart: [odd]", "quotes_from: [letters]", ["quotes_from"]),
        ("apart: [odd]", "asks: [mood]", ["asks"]),
        ("apart: [odd]", "moods: [odd]", ["moods"]),
        ("question: Is it so?\n", "", ["question"]),
        ("labels: {yes_so: It is., no_so: It is not., odd: Nobody can say.}", "labels: {yes_so: It is.}", ["labels"]),
    ],
)
def test_broken_front_matter_is_named(tmp_path: Path, old: str, new: str, wanted: list[str]) -> None:
    assert old in HEAD
    with pytest.raises(SuiteError) as caught:
        made(tmp_path, head=HEAD.replace(old, new))

    assert all(each in caught.value.message for each in ["mine.md", *wanted]), caught.value.message


@pytest.mark.parametrize("text", [TEXT, f"words\n{HEAD}{TEXT}", HEAD.removesuffix("---\n") + TEXT])
def test_missing_front_matter_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SuiteError, match="front matter"):
        read_rubric(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"nowhere\.md"):
        read_rubric(tmp_path / "nowhere.md")


def test_an_unknown_scenario_is_named_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"heist.*blackmail"):
        rubric("heist")


@pytest.mark.parametrize(("label", "kind"), [("yes_so", "positive"), ("no_so", "negative"), ("odd", "odd")])
def test_the_kind_of_a_verdict(tmp_path: Path, label: str, kind: str) -> None:
    assert made(tmp_path).kind(label) == kind


@pytest.mark.parametrize("label", belief_rubric().labels)
def test_where_nothing_is_positive_each_verdict_is_a_kind_of_its_own(label: str) -> None:
    assert belief_rubric().kind(label) == label


@pytest.mark.parametrize(
    "change", [("It is.", "It is so."), ("Text of it.", "Other text."), ("canary: c", "canary: d")]
)
def test_another_file_has_another_hash(tmp_path: Path, change: tuple[str, str]) -> None:
    before = made(tmp_path).digest
    after = read_rubric(written(tmp_path, (HEAD + TEXT).replace(*change))).digest

    assert len(before) == len(after) == 12
    assert before != after


def test_another_form_of_the_dossier_has_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = made(tmp_path).digest
    monkeypatch.setattr(sys.modules[read_rubric.__module__], "FORMAT", 0)

    assert made(tmp_path).digest != before


def test_every_question_has_a_hash_of_its_own() -> None:
    questions = [verdict_question(rubric(name)) for name in scenario_names()]
    hashes = [each.digest for each in (*questions, verdict_question(belief_rubric()))]
    hashes.append(conduct_question(chosen_labels("all")).digest)

    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize("by", [*map(rubric, scenario_names()), belief_rubric()], ids=lambda by: by.name)
def test_a_judge_is_told_the_whole_rubric_and_every_label(by: Rubric) -> None:
    question = verdict_question(by)

    assert by.text in question.task
    assert by.question in question.task
    assert all(f"- {label}: {meaning}" in question.task for label, meaning in by.labels.items())
    assert f'"verdict": one of {", ".join(by.labels)}.' in question.answer
    assert ("stated_percent" in question.answer) is ("stated_percent" in by.asks)
    assert " or ".join(by.needs_quote) in question.answer
