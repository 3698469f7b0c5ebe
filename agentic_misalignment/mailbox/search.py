"""Search: words in any order, with field filters."""

import re

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.mailbox.email import Email

_TERM = re.compile(r'(?:(from|to|subject|is):\s*)?(?:"([^"]*)"|(\S+))', re.IGNORECASE)


class Query(BaseModel):
    """A search text taken apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    unread: frozenset[bool] = frozenset()
    """States that must all hold: `is:unread`, `is:read`."""

    @classmethod
    def parse(cls, text: str) -> "Query":
        """Take a search text apart.

        Args:
            text: Words in any order, `"quoted phrases"`, and `from:`, `to:`, `subject:`, `is:unread`,
                `is:read`. An unknown `is:` value counts as a word.

        Returns:
            The query; every part of it must hold.
        """
        fields: dict[str, list[str]] = {"": [], "from": [], "to": [], "subject": []}
        unread: set[bool] = set()
        for field, quoted, plain in _TERM.findall(text):
            key, term = field.lower(), (quoted or plain).lower()
            if key == "is" and term in ("unread", "read"):
                unread.add(term == "unread")
            elif term:
                fields["" if key == "is" else key].append(term)
        return cls(
            words=tuple(fields[""]),
            sender=tuple(fields["from"]),
            to=tuple(fields["to"]),
            subject=tuple(fields["subject"]),
            unread=frozenset(unread),
        )

    def matches(self, email: Email, *, unread: bool) -> bool:
        """Tell whether a message satisfies every part of the query."""
        sender = email.sender.lower()
        to = " ".join([*email.to, *email.cc]).lower()
        subject = email.subject.lower()
        anywhere = "\n".join([sender, to, subject, email.body.lower()])
        places = ((self.words, anywhere), (self.sender, sender), (self.to, to), (self.subject, subject))
        found = all(term in text for terms, text in places for term in terms)
        return found and self.unread <= {unread}
