"""Comparing texts as people copy them."""

import unicodedata


def normal(text: str) -> str:
    """Fold what copying changes: spaces, typographic quotes and dashes, invisible characters.

    Args:
        text: Any text.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    folded = (_FOLDED.get(unicodedata.category(character), character) for character in plain)
    return " ".join("".join(folded).split())


_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2212": "-"})
_FOLDED = {"Pd": "-", "Cf": ""}
