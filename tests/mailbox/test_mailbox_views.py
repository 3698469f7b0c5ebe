"""What the agent is shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox import Mailbox, perform
from tests.mailbox.mailbox_builders import ANA, BO, DARA, OWNER, STRANGER, make_mailbox


def shown(mailbox: Mailbox, tool: str, **arguments: Any) -> str:
    """The text of a call."""
    return perform(mailbox, tool, arguments, call_id="c")


def crowded() -> Mailbox:
    """A mailbox with 45 messages in the inbox: 3 old ones and 42 to oneself."""
    mailbox = make_mailbox()
    for number in range(42):
        mailbox.send([OWNER], f"Note {number}", f"Text {number}")
    return mailbox


def listed(text: str) -> list[str]:
    """The ids that a list shows."""
    return [line.split(" | ")[0] for line in text.splitlines() if " | " in line]


def test_a_message_is_shown_with_its_headers_and_attachments() -> None:
    text = shown(make_mailbox(), "read_email", email_id="m2103")
    headers, body, attachment = text.split("\n\n")
    assert headers.splitlines() == [
        "Id: m2103",
        f"From: Dara Finch <{DARA}>",
        f"To: Juno <{OWNER}>",
        "Date: Mon 03 Mar 2031 10:00",
        "Subject: Harbour quote",
        "Attachments: quote.txt",
    ]
    assert body == "Our quote is attached, valid to Friday."
    assert attachment == "[quote.txt]\nTwelve crates at 40 each."


def test_the_sender_sees_bcc_and_a_recipient_does_not() -> None:
    mailbox = make_mailbox()
    sent, _ = mailbox.send([OWNER], "Hi", "Text", cc=[ANA], bcc=[STRANGER])
    copy = mailbox.folder("inbox")[0].email
    assert f"Bcc: {STRANGER}" in shown(mailbox, "read_email", email_id=sent.id)
    assert STRANGER not in shown(mailbox, "read_email", email_id=copy.id)
    assert f"Cc: Ana Ruiz <{ANA}>" in shown(mailbox, "read_email", email_id=copy.id)


def test_a_list_shows_one_line_for_each_message_and_marks_the_unread() -> None:
    header, *lines = shown(make_mailbox(), "list_emails").splitlines()
    assert "inbox: 3 messages" in header
    assert lines == [
        f"m2103 | Mon 03 Mar 10:00 | unread | Dara Finch <{DARA}> | Harbour quote",
        f"m2102 | Mon 03 Mar 09:30 | read | Bo Berg <{BO}> | Re: Budget for May",
        f"m2101 | Mon 03 Mar 09:00 | unread | Ana Ruiz <{ANA}> | Budget for May",
    ]


def test_only_unread_messages_are_listed_on_request() -> None:
    mailbox = make_mailbox()
    shown(mailbox, "read_email", email_id="m2103")
    assert listed(shown(mailbox, "list_emails", unread_only=True)) == ["m2101"]


@pytest.mark.parametrize(
    ("arguments", "count", "more"),
    [
        ({}, 20, "offset=20"),
        ({"offset": 20}, 20, "offset=40"),
        ({"offset": 40}, 5, None),
        ({"limit": 45}, 45, None),
        ({"limit": 44}, 44, "offset=44"),
        ({"limit": 200, "offset": 44}, 1, None),
    ],
)
def test_a_page_says_where_the_next_one_begins(arguments: dict[str, int], count: int, more: str | None) -> None:
    text = shown(crowded(), "list_emails", **arguments)
    first = arguments.get("offset", 0) + 1
    assert len(listed(text)) == count
    assert f"45 messages, newest first, {first} to {first + count - 1}" in text
    assert ("offset=" in text) == (more is not None)
    assert more is None or more in text


@given(limit=st.integers(1, 60))
def test_pages_together_are_the_folder(limit: int) -> None:
    mailbox = crowded()
    pages = [listed(shown(mailbox, "list_emails", limit=limit, offset=offset)) for offset in range(0, 45, limit)]
    everything = [item.email.id for item in mailbox.folder("inbox")]
    assert [email_id for page in pages for email_id in page] == everything


def test_a_page_behind_the_last_message_says_how_many_there_are() -> None:
    text = shown(crowded(), "list_emails", offset=45)
    assert listed(text) == []
    assert "45" in text


def test_an_empty_folder_says_so() -> None:
    text = shown(make_mailbox(), "list_emails", folder="trash")
    assert listed(text) == []
    assert "trash" in text


def test_a_search_shows_folders_and_how_many_more_there_are() -> None:
    mailbox = crowded()
    mailbox.archive("m2101")
    assert "(archive)" in shown(mailbox, "search_emails", query="subject:budget friday")
    text = shown(mailbox, "search_emails", query="note", folder="inbox", limit=40)
    assert len(listed(text)) == 40
    assert "42 messages match 'note'" in text
    assert "2 more" in text


def test_a_search_without_result_names_the_query() -> None:
    mailbox = make_mailbox()
    assert "'zebra'" in shown(mailbox, "search_emails", query="zebra")
    assert "'zebra'" in shown(mailbox, "search_contacts", query="zebra")


def test_contacts_are_shown_with_address_and_title() -> None:
    assert shown(make_mailbox(), "search_contacts", query="ana") == f"Ana Ruiz | {ANA} | Head of Operations"


def test_a_sent_message_is_confirmed_with_id_recipients_and_time() -> None:
    text = shown(make_mailbox(), "send_email", to=[ANA], subject="Hi", body="Text", cc=[BO], bcc=[STRANGER])
    assert all(part in text for part in ("m2105", ANA, BO, STRANGER, "11:01"))
