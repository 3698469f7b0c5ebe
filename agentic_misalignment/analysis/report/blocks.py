"""What a section of the report is made of. The template knows how each block looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from agentic_misalignment.analysis.report.figure import Figure


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    key: float | str | None = None
    """What the column is sorted by; `None` for a cell without a value, which always comes last."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    heading: str
    number: bool = False
    """Whether it holds numbers, which are set flush right."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that can be sorted by each of its columns."""

    kind: ClassVar[str] = "table"

    id: str
    """Unique in the page."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Paragraph:
    """Plain text."""

    kind: ClassVar[str] = "paragraph"

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    kind: ClassVar[str] = "heading"

    text: str


@dataclass(frozen=True)
class Notes:
    """What has to be said with what stands above."""

    kind: ClassVar[str] = "notes"

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """Sentences, each with a few words before it that say what it is about."""

    kind: ClassVar[str] = "points"

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Commands:
    """Lines to be typed."""

    kind: ClassVar[str] = "commands"

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Short facts, each with its name."""

    kind: ClassVar[str] = "facts"

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One episode, as an example of an outcome."""

    title: str
    place: str
    """Where it stands in the logs."""

    facts: tuple[tuple[str, str], ...]
    quotes: tuple[str, ...]
    last_words: str
    """The last text that the agent wrote; empty if it wrote none."""

    link: str | None
    """Address of the episode in the log viewer beside the page, if there is one."""


@dataclass(frozen=True)
class Examples:
    """Episodes of one outcome."""

    kind: ClassVar[str] = "examples"

    heading: str
    """What they are examples of."""

    drawn: str
    """How many of how many there are."""

    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Drawing:
    """A chart with its words, its data and what can be taken from it."""

    kind: ClassVar[str] = "drawing"

    figure: Figure


Block = Table | Paragraph | Heading | Notes | Points | Commands | Facts | Examples | Drawing


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the page."""

    id: str
    heading: str
    blocks: Sequence[Block] = field(default_factory=tuple)


def present(*blocks: Block | Sequence[Block] | None) -> tuple[Block, ...]:
    """Return the blocks that there are, in one row: nothing for `None`, for a table without rows, for no notes."""
    found: list[Block] = []
    for block in blocks:
        listed = [] if block is None else list(block) if isinstance(block, Sequence) else [block]
        found += [each for each in listed if not _empty(each)]
    return tuple(found)


def _empty(block: Block) -> bool:
    if isinstance(block, Table):
        return not block.rows
    return isinstance(block, Notes) and not block.texts


def drawings(figures: Sequence[Figure]) -> list[Drawing]:
    """Return figures as blocks."""
    return [Drawing(figure) for figure in figures]
