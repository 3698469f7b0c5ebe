"""Model families: a judge may be kinder to its own."""

import re
from collections.abc import Iterable
from functools import cache

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.data import datasets, load


class _Families(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    carriers: tuple[str, ...]
    families: dict[str, tuple[str, ...]]


def family(model: str) -> str | None:
    """Return the family of a model by the words in its name, or `None` if none is known.

    What only carries a model, such as a router or a server with another provider's interface, does not count: the last
    part of the name is read first. A number at the end of a word, as in `llama3`, is not read.

    Args:
        model: Name as Inspect writes it, such as `openrouter/anthropic/claude-sonnet-4`.
    """
    parts = model.lower().split("/")
    if parts[0] in _file().carriers:
        parts = parts[1:]
    for part in reversed(parts):
        for word in re.split(r"[^a-z0-9]+", part):
            if found := _words().get(word) or _words().get(word.rstrip("0123456789")):
                return found
    return None


def of_own_family(model: str, judges: Iterable[str]) -> list[str]:
    """Return the judges that are of the tested model's family.

    Args:
        model: The tested model.
        judges: The judges.
    """
    own = family(model)
    return [judge for judge in judges if judge == model or (own is not None and family(judge) == own)]


@cache
def _words() -> dict[str, str]:
    return {word: name for name, words in _file().families.items() for word in words}


@cache
def _file() -> _Families:
    return load(datasets() / "families.yaml", _Families)
