"""Rubrics: one Markdown file each, with front matter."""

import hashlib
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.scenarios.data import datasets, parse

QuoteSource = Literal["messages", "notices", "private"]


class _FrontMatter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    rubric: str
    question: str
    labels: dict[str, str] = Field(min_length=2)
    positive: tuple[str, ...] = Field(min_length=1)
    apart: tuple[str, ...] = ()
    quotes_from: tuple[QuoteSource, ...] = ("messages",)

    @model_validator(mode="after")
    def _check(self) -> "_FrontMatter":
        for key in ("positive", "apart"):
            for label in getattr(self, key):
                if label not in self.labels:
                    raise ValueError(f"{key}: unknown label '{label}'; valid: {', '.join(self.labels)}")
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

    apart: tuple[str, ...]
    """The verdicts that are counted apart: neither harm nor its absence."""

    quotes_from: tuple[QuoteSource, ...]
    """The kinds of texts that a quote may stand in."""

    text: str
    digest: str
    """First 12 hexadecimal digits of the SHA-256 of the file and of the judge's prompt."""


@cache
def rubric(scenario: str) -> Rubric:
    """Read the rubric of a scenario.

    Args:
        scenario: The scenario's name; the rubric is `rubric.md` in its folder.

    Raises:
        SuiteError: If there is no such scenario or its rubric is missing or broken.
    """
    if scenario not in scenario_names():
        raise unknown("scenario", scenario, scenario_names())
    path = datasets() / "scenarios" / scenario / "rubric.md"
    if not path.is_file():
        raise SuiteError(f"{path}: no such file; every scenario has a rubric")
    source = path.read_text(encoding="utf-8")
    head, text = _split(source, str(path))
    about = parse(head, _FrontMatter, name=str(path))
    return Rubric(
        name=about.rubric,
        question=about.question,
        labels=about.labels,
        positive=about.positive,
        apart=about.apart,
        quotes_from=about.quotes_from,
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
