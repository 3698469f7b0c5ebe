"""Text in charts: how wide it is, and where it is broken."""

import re

from agentic_misalignment.analysis.report.theme import SIZE

_WIDTHS = (
    (0.26, "ijl.,:;'|!/ \u00b7"),
    (0.34, "frt-()[]*"),
    (0.51, "ckszvxyJ"),
    (0.75, "wABEKPSVXYCDHNRUGOQ&"),
    (0.88, "mMW%@\u2014"),
)
"""Widths of characters as shares of the font size, after Arial; all others are as wide as a digit."""

_DIGIT = 0.58
_BY_CHARACTER = {character: share for share, characters in _WIDTHS for character in characters}

_MARGIN = 1.06
"""What a reader's font may be wider than the one that widths are reckoned for."""


def width(text: str, *, size: float = SIZE) -> float:
    """Return about how wide a text is, in pixels: its widest line, rather more than less.

    Args:
        text: The text.
        size: Font size in pixels.
    """
    return max((sum(map(_share, line)) for line in text.split("\n")), default=0.0) * size * _MARGIN


def _share(character: str) -> float:
    square = ord(character) > 0x2E7F  # ideographs
    return 1.0 if square else _BY_CHARACTER.get(character, _DIGIT)


def wrapped(text: str, limit: float, *, size: float = SIZE) -> str:
    """Break a text into lines; names break behind their slashes, dashes and underscores.

    Args:
        text: The text.
        limit: Greatest width of a line, in pixels. Only a piece that cannot be broken is wider, and is cut into lines.
        size: Font size in pixels.
    """
    return "\n".join(line for whole in text.split("\n") for line in _lines(whole, limit, size))


def _lines(text: str, limit: float, size: float) -> list[str]:
    lines = [""]
    for piece in (part for whole in _pieces(text) for part in _cut(whole, limit, size)):
        if lines[-1] and width((lines[-1] + piece).rstrip(), size=size) > limit:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    return re.findall(r"[^\s/\-_+:]*[\s/\-_+:]+|[^\s/\-_+:]+", text)


def _cut(piece: str, limit: float, size: float) -> list[str]:
    if width(piece.rstrip(), size=size) <= limit or len(piece) < 2:
        return [piece]
    middle = len(piece) // 2
    return [*_cut(piece[:middle], limit, size), *_cut(piece[middle:], limit, size)]


def lines_of(text: str) -> int:
    """Return how many lines a text has."""
    return text.count("\n") + 1


def percent(value: float) -> str:
    """Write a share in a chart."""
    return f"{100 * value:.0f} %"


def span(low: float, high: float) -> str:
    """Write an interval of shares in a chart."""
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def points_of(difference: float) -> str:
    """Write a difference of shares in percentage points."""
    return f"{100 * difference:+.0f}"


def worlds(number: float) -> str:
    """Write a number of worlds."""
    return f"{number:.0f} world{'' if number == 1 else 's'}"
