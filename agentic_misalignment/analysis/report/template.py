"""The page: its template, style and script, all of them inlined."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from agentic_misalignment.analysis.report import theme
from agentic_misalignment.analysis.report.drawing import Drawn, data_table
from agentic_misalignment.analysis.report.legible import legible
from agentic_misalignment.scenarios.data import datasets

_PAGE, _STYLE, _SCRIPT = "page.html.j2", "style.css", "sort.js"
_BREAK_AFTER = "/_-+~;:=@"
_SHORT = 14
"""Characters of a word that is not broken."""

_BREAK = Markup("<wbr>")

_LONGEST = 16
"""Characters of a longer one without a place to break, after which one is put."""


def render_page(drawn: Mapping[str, Drawn], **content: object) -> str:
    """Fill the template.

    Args:
        drawn: What was drawn of each figure, by its id.
        **content: What the template names.

    Returns:
        The page. It loads nothing, and of scripts the browser runs the one of the page alone.
    """
    environment = Environment(
        loader=DictLoader({_PAGE: _read(_PAGE)}),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finished,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    environment.filters |= {"breakable": breakable, "data_table": data_table, "sort_key": sort_key}
    script = _read(_SCRIPT)
    return environment.get_template(_PAGE).render(
        policy=content_policy(script), style=Markup(_style()), script=Markup(script), drawn=drawn, **content
    )


def _finished(value: object) -> object:
    """Make every text of the page legible, wherever it comes from."""
    return type(value)(legible(value)) if isinstance(value, str) else value


def content_policy(script: str) -> str:
    """Return the Content-Security-Policy of a page with one script.

    Args:
        script: The text of the script; its hash lets it run.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def sort_key(key: float | str) -> str:
    """Write what a column is sorted by so that the script reads numbers as such, an infinite one, too.

    Args:
        key: The key.
    """
    return str(key).replace("inf", "Infinity") if isinstance(key, float) else str(key)


def breakable(text: str) -> Markup:
    """Mark where a long name may be broken: behind slashes, dashes and the like, and within long runs of characters."""
    return Markup("").join(map(escape, _pieces(text)))  # what is markup already is not escaped again


def _pieces(text: str) -> Iterable[str]:
    for word in re.split(r"(\s+)", text):
        yield from [word] if len(word) <= _SHORT else _broken(word)


def _broken(word: str) -> Iterable[str]:
    start = 0
    for end, character in enumerate(word, start=1):
        if character in _BREAK_AFTER or end - start == _LONGEST:
            yield word[start:end]
            yield _BREAK
            start = end
    yield word[start:]


@cache
def _read(name: str) -> str:
    return (datasets() / "report" / name).read_text(encoding="utf-8")


def _style() -> str:
    light, dark = theme.variables(), theme.variables(dark=True)
    colours = f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    return colours + _read(_STYLE)
