"""Taking out of texts what may not leave: secrets, paths of the home folder, names of users and hosts."""

import getpass
import json
import os
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.scenarios.data import datasets, load

SECRET, PATH, NAME = "[secret]", "[path]", "[name]"
"""What stands in the place of what was taken out."""

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
"""Before a path its last letter would be taken for one of the path's folder."""

_SHORTEST_NAME, _SHORTEST_VALUE = 3, 6


class Rule(BaseModel):
    """A regular expression of what may not leave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marks: tuple[str, ...] = Field(min_length=1)
    """A text that holds none of them cannot match: looking for them costs far less."""

    pattern: re.Pattern[str]

    def taken_from(self, text: str, mark: str) -> str:
        """Return a text with a mark in the place of what matches."""
        return self.pattern.sub(mark, text) if self._may_match(text) else text

    def finds(self, text: str) -> bool:
        """Tell whether something in a text matches."""
        return self._may_match(text) and bool(self.pattern.search(text))

    def _may_match(self, text: str) -> bool:
        return any(mark in text for mark in self.marks)

    def may_match_in(self, document: str) -> bool:
        """Tell whether a text of a JSON document may match."""
        return any(json.dumps(mark, ensure_ascii=False)[1:-1] in document for mark in self.marks)


class Rules(BaseModel):
    """What may not leave, from `datasets/export/redaction.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    sentence: str
    """Stands in the place of a harmful episode's text."""

    pack_sentence: str
    """Stands in the place of the text of an episode with a private pack."""

    ordinary_names: tuple[str, ...]
    secret_words: tuple[str, ...]
    secrets: tuple[Rule, ...]
    homes: tuple[Rule, ...]
    paths: tuple[Rule, ...]


@cache
def rules() -> Rules:
    """Return the rules of redaction."""
    return load(datasets() / "export" / "redaction.yaml", Rules)


@dataclass(frozen=True, kw_only=True)
class Scrubber:
    """Takes out of texts what may not leave, and finds what is left."""

    names: frozenset[str] = frozenset()
    """Names of users and hosts; ordinary words among them are dropped."""

    values: frozenset[str] = frozenset()
    """Values known to be secret."""

    places: frozenset[str] = field(default_factory=frozenset)
    """Paths that are known, whatever they look like, such as that of a private pack."""

    def joined(self, other: "Scrubber") -> "Scrubber":
        """Return a scrubber that knows what both know."""
        return Scrubber(
            names=self.names | other.names, values=self.values | other.values, places=self.places | other.places
        )

    def text(self, text: str) -> str:
        """Return a text without what may not leave."""
        return _taken(text, self._steps)

    def machine_text(self, text: str) -> str:
        """Return a text that no agent wrote, such as an error or a setting, without absolute paths and colours too."""
        return _taken(self.text(_COLOUR.sub("", text)), [(rule, PATH) for rule in rules().paths])

    def for_document(self, document: str) -> Callable[[str], str]:
        """Return `text` for the texts of one JSON document, which looks only for what may stand in it."""
        steps = [(rule, mark) for rule, mark in self._steps if rule.may_match_in(document)]
        return lambda text: _taken(text, steps)

    def leftovers(self, text: str) -> list[str]:
        """Say what is left in a text that may not leave, as kinds, never as the thing itself."""
        kinds = {SECRET: "a secret", PATH: "a path of a home folder", NAME: "the name of a user or host"}
        return list(dict.fromkeys(kinds[mark] for rule, mark in self._steps if rule.finds(text)))

    @cached_property
    def _steps(self) -> list[tuple[Rule, str]]:
        names = {name for name in self.names if _telling(name)}
        return [
            *((rule, SECRET) for rule in (*_any_of(self.values), *rules().secrets)),
            *((rule, PATH) for rule in (*_any_of(self.places), *rules().homes)),
            *((rule, NAME) for rule in _any_of(names, whole=True)),
        ]


def _taken(text: str, steps: Iterable[tuple[Rule, str]]) -> str:
    for rule, mark in steps:
        text = rule.taken_from(text, mark)
    return text


def of_this_machine() -> Scrubber:
    """Return what is known of the machine and the user that export: names, the home folder, secret variables."""
    home = Path.home()
    secret = {value for name, value in os.environ.items() if is_secret(name)}
    return Scrubber(
        names=frozenset({_user(), home.name, socket.gethostname(), socket.gethostname().split(".")[0]}),
        values=frozenset(value for value in secret if _looks_secret(value)),
        places=frozenset({str(home)} if len(home.parts) > 2 else ()),
    )


def of_arguments(arguments: Mapping[str, Any]) -> Scrubber:
    """Return what arguments say of secrets: the texts whose name says that they are secret."""
    found = frozenset(value for value in _secret_values(arguments, secret=False) if len(value) >= _SHORTEST_VALUE)
    return Scrubber(values=found)


def of_text(text: str) -> Scrubber:
    """Return the names of users that stand in the paths of a text."""
    matches = (match for rule in rules().homes if rule.finds(text) for match in rule.pattern.finditer(text))
    return Scrubber(names=frozenset(name for match in matches for name in match.groups() if name))


def is_secret(name: str) -> bool:
    """Tell whether an argument is secret by its name, such as `api_key`, `apiKey` or `X-Auth-Token`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return not {word.lower() for word in words}.isdisjoint(rules().secret_words)


def _secret_values(value: Any, *, secret: bool) -> Iterable[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _secret_values(inner, secret=secret or is_secret(str(name)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _secret_values(inner, secret=secret)
    elif isinstance(value, str) and secret:
        yield value


def _looks_secret(value: str) -> bool:
    """Tell whether the value of a variable is one: a path or a short word also stands under such names."""
    return len(value) >= 12 and not re.search(r"[/\\\s]", value)


def _telling(name: str) -> bool:
    return len(name) >= _SHORTEST_NAME and name.lower() not in rules().ordinary_names


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _any_of(words: Iterable[str], *, whole: bool = False) -> list[Rule]:
    marks = sorted(filter(None, words), key=lambda word: (-len(word), word))
    if not marks:
        return []
    listed = "|".join(map(re.escape, marks))
    pattern = rf"(?<![A-Za-z0-9])(?:{listed})(?![A-Za-z0-9])" if whole else listed
    return [Rule(marks=tuple(marks), pattern=re.compile(pattern))]
