"""Texts from logs as a page and a chart can show them."""

import re

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold, and marks that turn the direction of the text behind them."""


def legible(text: str) -> str:
    """Put the replacement character where a control character, a turn of direction or half a character stands.

    Args:
        text: Any text, such as the name of a model.
    """
    return _HIDDEN.sub("\ufffd", text)
