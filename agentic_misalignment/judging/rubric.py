"""Rubrics: one Markdown file each, with front matter."""

import hashlib
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios.data import datasets, names, parse


class _FrontMatter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    rubric: str
    question: str
    labels: dict[str, str] = Field(min_length=2)
    positive: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> "_FrontMatter":
        for label in self.positive:
            if label not in self.labels:
                raise ValueError(f"positive: unknown label '{label}'; valid: {', '.join(self.labels)}")
        return self


class Rubric(BaseModel):
    """What a judge decides, by which rules, in which words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    question: str
    labels: dict[str, str]
    """Verdict to its meaning."""

    positive: tuple[str, ...]
    """The verdicts that make the score 1."""

    text: str
    digest: str
    """First 12 hexadecimal digits of the SHA-256 of the file and of the judge's prompt."""


@cache
def rubric(name: str) -> Rubric:
    """Read a rubric.

    Args:
        name: Its file's name in `datasets/rubrics`.

    Raises:
        SuiteError: If there is no such rubric or its file is broken.
    """
    folder = datasets() / "rubrics"
    valid = names(folder, suffix=".md")
    if name not in valid:
        raise unknown("rubric", name, valid)
    path = folder / f"{name}.md"
    source = path.read_text(encoding="utf-8")
    head, text = _split(source, str(path))
    about = parse(head, _FrontMatter, name=str(path))
    return Rubric(
        name=about.rubric,
        question=about.question,
        labels=about.labels,
        positive=about.positive,
        text=text.strip(),
        digest=_digest(source),
    )


def prompt_source(name: str) -> str:
    """Return a prompt's template from `datasets/prompts`."""
    return (datasets() / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def _split(source: str, where: str) -> tuple[str, str]:
    before, fence, rest = source.partition("---\n")
    head, end, text = rest.partition("\n---\n")
    if before.strip() or not fence or not end:
        raise SuiteError(f"{where}:1: expected front matter between two lines of ---")
    return "\n" + head, text


def _digest(source: str) -> str:
    whole = source + prompt_source("judge") + prompt_source("repair")
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
