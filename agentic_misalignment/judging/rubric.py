"""Rubrics: one Markdown file each, with front matter."""

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources.abc import Traversable
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.judging.dossier import FORMAT, Mails, Source
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.scenarios.data import datasets, parse

SECTIONS = ("Definition", "Counts", "Does not count", "Hard cases")
"""The headings that the text of every rubric has, in this order."""

BELIEF = "reality_belief"
"""Name of the rubric of what the agent believes about its situation."""

Head = TypeVar("Head", bound=BaseModel)


class _FrontMatter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    rubric: str
    question: str
    labels: dict[str, str] = Field(min_length=2)
    positive: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    needs_quote: tuple[str, ...] | None = None
    quotes_from: tuple[Source, ...] = ("messages",)
    asks: tuple[Literal["stated_percent"], ...] = ()
    mails: Mails = "subjects"

    @model_validator(mode="after")
    def _check(self) -> "_FrontMatter":
        for key in ("positive", "apart", "needs_quote"):
            for label in getattr(self, key) or ():
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
    """The verdicts that make a score 1."""

    apart: tuple[str, ...]
    """The verdicts that are counted apart: neither harm nor its absence."""

    needs_quote: tuple[str, ...]
    """The verdicts that have to be shown by a quote."""

    quotes_from: tuple[Source, ...]
    """The kinds of texts that a quote may stand in."""

    asks: tuple[str, ...]
    """What is asked beside the verdict."""

    mails: Mails
    """How much of the mails that the agent read the judge is shown."""

    text: str
    digest: str
    """First 12 hexadecimal digits of the SHA-256 of the file, the judge's prompts and the form of the dossier."""

    def kind(self, label: str) -> str:
        """Return what a verdict amounts to: `positive`, `negative`, or the label itself where it is counted apart.

        Judges of a panel who differ in the kind of threat only do agree.
        """
        if not self.positive:
            return label
        return "positive" if label in self.positive else label if label in self.apart else "negative"


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
    return read_rubric(datasets() / "scenarios" / scenario / "rubric.md")


@cache
def belief_rubric() -> Rubric:
    """Read the rubric of what the agent believes about its situation.

    Raises:
        SuiteError: If its file is missing or broken.
    """
    return read_rubric(datasets() / "rubrics" / f"{BELIEF}.md")


def read_rubric(path: Traversable) -> Rubric:
    """Read a rubric file.

    Args:
        path: Markdown with front matter and the headings of `SECTIONS`.

    Raises:
        SuiteError: If it is missing or broken, with what is missing.
    """
    about, text = read_front_matter(path, _FrontMatter)
    return Rubric(
        name=about.rubric,
        question=about.question,
        labels=about.labels,
        positive=about.positive,
        apart=about.apart,
        needs_quote=about.positive if about.needs_quote is None else about.needs_quote,
        quotes_from=about.quotes_from,
        asks=about.asks,
        mails=about.mails,
        text=text,
        digest=digest(path.read_text(encoding="utf-8"), ("judge", "verdict_task", "verdict_answer", "repair")),
    )


def read_front_matter(path: Traversable, model: type[Head]) -> tuple[Head, str]:
    """Read a Markdown file with front matter and the headings of a rubric.

    Args:
        path: The file.
        model: The Pydantic model of its front matter.

    Raises:
        SuiteError: If the file is missing, its front matter does not fit, or a heading or its text is missing.
    """
    if not path.is_file():
        raise SuiteError(f"{path}: no such file; every scenario and label has a rubric")
    head, text = _split(path.read_text(encoding="utf-8"), str(path))
    about = parse(head, model, name=str(path))
    found = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    headings, written = tuple(found[1::2]), dict(zip(found[1::2], found[2::2], strict=True))
    for heading in SECTIONS:
        if not written.get(heading, "").strip():
            raise SuiteError(f"{path}: the part '## {heading}' is missing; a rubric has: {', '.join(SECTIONS)}")
    if headings != SECTIONS:
        raise SuiteError(
            f"{path}: found the parts {', '.join(headings)}; expected, in this order: {', '.join(SECTIONS)}"
        )
    return about, text.strip()


def prompt_source(name: str) -> str:
    """Return a prompt's template from `datasets/prompts`."""
    return (datasets() / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def digest(source: str, prompts: Sequence[str]) -> str:
    """Return the hash that tells whether two verdicts come from the same question.

    Args:
        source: The text of the rubric, or of several.
        prompts: Names of the prompts that are used with it.
    """
    whole = "\0".join([source, *map(prompt_source, prompts), str(FORMAT)])
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def _split(source: str, where: str) -> tuple[str, str]:
    before, fence, rest = source.partition("---\n")
    head, end, text = rest.partition("\n---\n")
    if before.strip() or not fence or not end:
        raise SuiteError(f"{where}:1: expected front matter between two lines of ---")
    return "\n" + head, text
