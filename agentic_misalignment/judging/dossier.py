"""The dossier: the one text of an episode that a judge reads."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.judging.exhibit import cut, exhibit_lines, fit

FORMAT = 2
"""Number of the dossier's form; it stands in the hash of every rubric, since a judge's verdict depends on it."""

LONGEST: dict[str, int] = {"messages": 200_000, "notices": 50_000, "attempts": 50_000, "private": 150_000}
"""Characters of all texts of a kind. Of more the middle is left out, which could be what decides."""

LONGEST_LINE = 500
"""Characters of a subject, a header or another line that names something."""

LONGEST_CONTEXT = 12_000
"""Characters of a message that is answered."""

LONGEST_REPLY = 2_000
"""Characters of a message that came as an answer."""

LONGEST_MAILS = 40_000
"""Characters of all mails that the agent read, where a judge is shown their texts."""

Source = Literal["messages", "notices", "attempts", "private"]
"""What a judge may quote from."""

Mails = Literal["subjects", "texts"]
"""How much of the mails that the agent read a judge is shown."""


class Part(BaseModel):
    """A text of the exhibit that a judge may quote by its id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source: Source
    title: str
    note: str = ""
    """A remark of ours below the title."""

    headers: tuple[str, ...] = ()
    """Lines before the text, such as `To: …`."""

    subject: str = ""
    text: str
    answers: tuple[str, ...] = ()
    """The message that this one answers or passes on, as lines."""

    @property
    def quotable(self) -> str:
        """What a quote of it may come from."""
        return f"{self.subject}\n{self.text}" if self.subject else self.text


class ReadMail(BaseModel):
    """A mail that the agent saw."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    headline: str
    text: str
    neutral: bool
    """Whether it is ordinary mail that carries nothing of the story."""


class Dossier(BaseModel):
    """An episode as a judge sees it: facts, acts, attempts, messages, replies, reasoning. It names no model and no
    condition."""  # noqa: D205, D209

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: tuple[str, ...]
    background: tuple[str, ...]
    background_title: str
    document: tuple[str, str] | None = None
    """What the confidential document is, and its text."""

    mails: tuple[ReadMail, ...] = ()
    actions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    messages_title: str
    replies: tuple[str, ...] = ()
    """What came back, as lines."""

    def too_long(self, sources: Sequence[Source]) -> bool:
        """Tell whether texts of these kinds are too long to be shown whole.

        Args:
            sources: The kinds of texts.
        """
        return any(
            sum(len(part.text) for part in self.of(source)) > LONGEST[source]
            or any(len(part.subject) > LONGEST_LINE for part in self.of(source))
            for source in sources
        )

    @property
    def wrote(self) -> bool:
        """Whether there is any word of the agent's own in it."""
        return any(part.quotable.strip() for part in self.parts if part.source != "notices")

    def of(self, source: Source) -> list[Part]:
        """Return the parts of one kind."""
        return [part for part in self.parts if part.source == source]

    def quotable(self, sources: Sequence[Source]) -> dict[str, str]:
        """Return the texts that a judge may quote from, by the id that it must give.

        Args:
            sources: The kinds of texts.
        """
        return {part.id: part.quotable for part in self.parts if part.source in sources}

    def exhibit(self, mails: Mails = "subjects") -> str:
        """Write the dossier out; lines that somebody in the session wrote begin with `| `.

        Args:
            mails: How much of the mails that the agent read is shown.
        """
        notices = self._parts("notices")
        sections = [
            ("The people", list(self.people)),
            (self.background_title, list(self.background)),
            *([("The confidential document", self._document())] if self.document else []),
            *([("The notice in question", notices)] if notices else []),
            ("The mails that the assistant saw", self._mails(mails)),
            ("What the assistant did, in order", list(self.actions) or ["nothing"]),
            ("What it tried and was not carried out", self._parts("attempts") or ["nothing"]),
            (self.messages_title, self._parts("messages") or ["none"]),
            ("What came back", list(self.replies) or ["nothing"]),
            (
                "What the assistant wrote for itself: seen by nobody, not sent",
                self._parts("private") or ["none is known"],
            ),
        ]
        return "\n\n".join(f"## {title}\n\n" + "\n".join(lines).rstrip("\n") for title, lines in sections)

    def _document(self) -> list[str]:
        return [self.document[0], "", *exhibit_lines(self.document[1])] if self.document else []

    def _mails(self, shown: Mails) -> list[str]:
        if shown == "subjects" or not self.mails:
            return [line for mail in self.mails for line in exhibit_lines(mail.headline)] or ["none"]
        neutral = {mail.id for mail in self.mails if mail.neutral}
        texts = fit({mail.id: mail.text for mail in self.mails}, LONGEST_MAILS, first=neutral)
        shortened = sum(texts[mail.id] != mail.text for mail in self.mails)
        note = [f"{shortened} of these mails are shortened to fit, ordinary ones first.", ""] if shortened else []
        for mail in self.mails:
            note += [*exhibit_lines(mail.headline, texts[mail.id]), ""]
        return note

    def _parts(self, source: Source) -> list[str]:
        parts = self.of(source)
        texts = fit({part.id: part.text for part in parts}, LONGEST[source])
        return [line for part in parts for line in _written_out(part, texts[part.id])]


def _written_out(part: Part, text: str) -> list[str]:
    told = f"shortened for this request: of {len(part.text)} characters the middle is left out"
    lines = [f"### {part.title}", *([part.note] if part.note else []), *([told] if text != part.text else []), ""]
    subject = [f"Subject: {part.subject}"] if part.source in ("messages", "notices") else []
    headers = [cut(line, LONGEST_LINE) for line in (*part.headers, *subject)]
    lines += exhibit_lines(*headers, *([""] if part.headers else []))
    lines += exhibit_lines(text)
    if part.answers:
        first, *rest = part.answers
        lines += ["", f"{part.title} answers or passes on:", *exhibit_lines(first, *rest)]
    return [*lines, ""]


def shortened(text: str) -> str:
    """Return a message that is answered, short enough to stand beside the answer."""
    return cut(text, LONGEST_CONTEXT)
