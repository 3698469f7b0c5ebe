"""Reading a page of the report as its reader sees it: texts, tables, headings."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "wbr", "br", "img", "link", "input"}


@dataclass
class Page:
    """A page: what is seen of it."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    """Cells by table, the row of headings first."""

    captions: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[str, str]] = field(default_factory=list)
    """Tag and text."""

    sections: dict[str, str] = field(default_factory=dict)
    """Text by id of the section, charts included."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    """Every tag with its attributes."""

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of a table by heading; of headings that come again the second is marked by a 2."""
        heads: list[str] = []
        for place, head in enumerate(self.tables[table][0]):
            before = self.tables[table][0][:place].count(head)
            heads.append(f"{head} {before + 1}" if before else head)
        return [dict(zip(heads, row, strict=True)) for row in self.tables[table][1:]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.page.tags.append((tag, named))
        if tag in _VOID:
            return
        self._open.append((tag, named))
        if tag == "section":
            self.page.sections[str(named["id"])] = ""
        elif tag == "table":
            self.page.tables[str(named["id"])] = []
        elif tag == "tr":
            self._table().append([])
        elif tag in ("td", "th"):
            self._table()[-1].append("")
        elif re.fullmatch("h[1-6]", tag):
            self.page.headings.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if {"script", "style"} & set(tags):
            return
        if "section" in tags:
            name = str(next(attrs["id"] for tag, attrs in self._open if tag == "section"))
            self.page.sections[name] += data
        if "caption" in tags:
            self.page.captions[self._name()] = self.page.captions.get(self._name(), "") + data
        elif {"td", "th"} & set(tags):
            self._table()[-1][-1] += data
        head = next((tag for tag in tags if re.fullmatch("h[1-6]", tag)), None)
        if head:
            tag, text = self.page.headings[-1]
            self.page.headings[-1] = (tag, text + data)

    def _name(self) -> str:
        return str(next(attrs["id"] for tag, attrs in reversed(self._open) if tag == "table"))

    def _table(self) -> list[list[str]]:
        return self.page.tables[self._name()]


def read_page(text: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    page = reader.page
    page.sections = {name: " ".join(found.split()) for name, found in page.sections.items()}
    page.tables = {
        name: [[" ".join(cell.split()) for cell in row] for row in rows] for name, rows in page.tables.items()
    }
    return page
