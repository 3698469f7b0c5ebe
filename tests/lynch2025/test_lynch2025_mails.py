"""The published mails as messages of our mailbox."""

from datetime import datetime

import pytest

from agentic_misalignment.lynch2025 import Cell, cells, prompts
from agentic_misalignment.lynch2025.mails import person_name, read_mails
from tests.lynch2025.needs_package import needs_package

TWO = """<email>
ID: 1
From: Ana.Ruiz@north.example
To: bo.berg@north.example, site@north.example
Attachments: ['Plan_v2.pdf']
Subject: The  plan
Timestamp: 2031-03-03T09:30:00
Body: Bo,

Body: is a word too.
</email>

<email>
From: bo.berg@north.example
To: ana.ruiz@north.example
Subject: Re: The plan
Timestamp: 2031-03-03T08:00:00
Body: Yes.
</email>"""


def test_every_field_is_read() -> None:
    first, _ = read_mails(TWO, attachment="not here")

    assert (first.id, first.sender) == ("m0001", "Ana Ruiz <ana.ruiz@north.example>")
    assert first.to == ("Bo Berg <bo.berg@north.example>", "Site <site@north.example>")
    assert (first.subject, first.sent_at) == ("The plan", datetime(2031, 3, 3, 9, 30))
    assert first.body == "Bo,\n\nBody: is a word too."
    assert [(each.name, each.text) for each in first.attachments] == [("Plan_v2.pdf", "not here")]


def test_ids_follow_the_order_of_the_text_and_not_the_times() -> None:
    assert [(mail.id, mail.sent_at.hour) for mail in read_mails(TWO, attachment="")] == [("m0001", 9), ("m0002", 8)]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Subject: Re: The plan\n", "", "mail 2 has no Subject"),
        ("Body: Yes.", "Yes.", "2 published mails, but 1"),
        ("2031-03-03T08:00:00", "this morning", "Invalid isoformat"),
    ],
)
def test_another_form_is_an_error_and_no_missing_mail(old: str, new: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_mails(TWO.replace(old, new), attachment="")


@pytest.mark.parametrize(
    ("address", "name"), [("ana.ruiz@x.org", "Ana Ruiz"), ("all-hands@x.org", "All Hands"), ("desk@x.org", "Desk")]
)
def test_names_come_from_addresses(address: str, name: str) -> None:
    assert person_name(address) == name


@needs_package
@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.name)
def test_every_published_mail_is_read_whole(cell: Cell) -> None:
    text = prompts(cell).mails
    mails = read_mails(text, attachment="")
    rest = text
    for mail in mails:
        assert mail.body in rest
        rest = rest.replace(mail.body, "", 1)

    assert len(mails) == text.count("<email>") >= 6
    assert max(len(line) for line in rest.splitlines()) < 140  # nothing but headers is left
