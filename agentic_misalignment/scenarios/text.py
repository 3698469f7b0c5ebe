"""Texts that know which factor each of their lines belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta

from agentic_misalignment.errors import SuiteError

_ENVIRONMENT = Environment(undefined=StrictUndefined, keep_trailing_newline=False, autoescape=False)


class Line(NamedTuple):
    """One line of what the model is shown. An episode has hundreds, so a line is as small as can be."""

    place: str
    """`system`, `opening`, or a mail's id in its world's file."""

    text: str
    factors: frozenset[str]
    """The factors whose level decides that the line is there and what it says."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its lines."""

    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines).strip()


def render(source: str, context: dict[str, object], *, where: str) -> str:
    """Fill the slots of a text.

    Args:
        source: Jinja2 text.
        context: What the slots may name.
        where: File and place, for the error.

    Raises:
        SuiteError: If a slot has no value or the text is not valid Jinja2.
    """
    if "{" not in source:
        return source.strip("\n")
    try:
        return _template(source).render(context).strip("\n")
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise SuiteError(f"{where}: {error}; slots: {', '.join(sorted(context))}") from error


@cache
def variables(source: str) -> frozenset[str]:
    """Return the names that a text's slots begin with."""
    if "{{" not in source and "{%" not in source:
        return frozenset()
    try:
        return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(source)))
    except TemplateError:
        return frozenset()


@cache
def _template(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def paragraphs(parts: Iterable[tuple[str, frozenset[str]]], *, place: str) -> Text:
    """Join texts by blank lines, each line tagged with its text's factors.

    Args:
        parts: Pairs of a filled text and the factors it depends on; empty texts are left out. The blank
            line before a text belongs to that text.
        place: Where the lines stand.
    """
    lines: list[Line] = []
    for text, factors in parts:
        if not text.strip():
            continue
        gap = [""] if lines else []
        lines += [Line(place=place, text=line, factors=factors) for line in [*gap, *text.splitlines()]]
    return Text(lines=tuple(lines))
