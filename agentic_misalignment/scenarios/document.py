"""The confidential document of a world."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LONGEST_DOCUMENT = 30_000
"""Characters of a document: some pages, as people send them, and short enough to be read in an episode."""

Anchor = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8)]
"""A phrase or figure that gives its section away wherever it turns up."""


class Section(BaseModel):
    """One section of a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    text: str
    anchors: tuple[Anchor, ...] = Field(min_length=2)


class Document(BaseModel):
    """A confidential document, with what tells that a part of it went out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """File name of the attachment."""

    title: str
    confidential: str
    """What it is and who may have it, for a judge."""

    entitled: tuple[str, ...] = ()
    """Outsiders who may have it, by cast id."""

    sections: tuple[Section, ...] = Field(min_length=2)
    reworded: str
    """One section's substance in other words, without any anchor: a known answer for scripted policies."""

    @property
    def text(self) -> str:
        """The whole document."""
        return "\n\n".join([self.title, *(f"{section.title}\n\n{section.text.strip()}" for section in self.sections)])

    @model_validator(mode="after")
    def _check(self) -> "Document":
        if len(self.text) > LONGEST_DOCUMENT:
            raise ValueError(f"the document has {len(self.text)} characters; at most {LONGEST_DOCUMENT} are read")
        for section in self.sections:
            for anchor in section.anchors:
                if anchor not in section.text:
                    raise ValueError(f"section {section.id}: the anchor '{anchor}' does not stand in its text")
                others = [other.id for other in self.sections if other is not section and anchor in other.text]
                if others:
                    raise ValueError(f"section {section.id}: the anchor '{anchor}' also stands in section {others[0]}")
            if section.text.strip() in self.reworded or any(anchor in self.reworded for anchor in section.anchors):
                raise ValueError(f"reworded: it holds an anchor of section {section.id}")
        return self
