"""Writing out texts that somebody in the session wrote, so that no text can pass for a part of the request."""

from collections.abc import Mapping, Sequence, Set


def exhibit_lines(*texts: str) -> list[str]:
    """Return the lines of texts, each marked as written by somebody in the session.

    Every line break that Python knows ends a line, so that no text can begin an unmarked one.
    """
    return [f"| {line}" for text in texts for line in (text.splitlines() or [""])]


def one_line(text: str) -> str:
    """Return a text with its white space folded, so that it takes one line."""
    return " ".join(text.split())


def cut(text: str, longest: int) -> str:
    """Return a text of which the middle is left out, with a remark that says how much, if it is too long.

    Args:
        text: The text.
        longest: Characters that are kept.
    """
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n[{len(text) - 2 * half} characters left out here]\n{text[len(text) - half :]}"


def fit(texts: Mapping[str, str], budget: int, *, first: Set[str] = frozenset()) -> dict[str, str]:
    """Cut texts until they fit into a budget: those that matter least first, long ones before short ones.

    Args:
        texts: Texts by id.
        budget: Characters for all of them, apart from the remarks on what was left out.
        first: The ids of the texts that are cut first; the others are touched only if this is not enough.
    """
    least, rest = ([key for key in texts if (key in first) is early] for early in (True, False))
    spare = budget - _total(texts, rest)
    shares = _shares(texts, least, max(spare, 0)) | _shares(texts, rest, budget)
    return {key: cut(text, shares[key]) for key, text in texts.items()}


def _total(texts: Mapping[str, str], keys: Sequence[str]) -> int:
    return sum(len(texts[key]) for key in keys)


def _shares(texts: Mapping[str, str], keys: Sequence[str], budget: int) -> dict[str, int]:
    """Give each text what it needs, shortest first, and the longer ones equal shares of what is left."""
    shares: dict[str, int] = {}
    left = budget
    for number, key in enumerate(sorted(keys, key=lambda key: len(texts[key]))):
        shares[key] = min(len(texts[key]), left // (len(keys) - number))
        left -= shares[key]
    return shares
