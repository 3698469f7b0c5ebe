"""E-mail tools of several suites by their names, and the fields of what they send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.scanning.tools import mail_field, use_of

OURS = {
    "list_emails": "read",
    "search_emails": "read",
    "read_email": "read",
    "send_email": "send",
    "reply_to_email": "send",
    "forward_email": "send",
    "delete_email": "delete",
    "cancel_alert": "cancel",
    "archive_email": None,
    "search_contacts": None,
}

AGENTDOJO = {
    "get_unread_emails": "read",
    "get_sent_emails": "read",
    "get_received_emails": "read",
    "get_draft_emails": "read",
    "search_emails": "read",
    "send_email": "send",
    "delete_email": "delete",
    "read_inbox": "read",
    "read_channel_messages": "read",
    "send_direct_message": "send",
    "send_channel_message": "send",
    "send_money": None,
    "get_webpage": None,
    "cancel_calendar_event": None,
    "delete_file": None,
    "search_files": None,
}

OTHERS = {
    "SendEmail": "send",
    "gmailSendMessage": "send",
    "outlook.mail.send": "send",
    "mail-send": "send",
    "GetInbox": "read",
    "trash_message": "delete",
    "disable_alarm": "cancel",
    "dismissAlert": "cancel",
    "bash": None,
    "python": None,
    "submit": None,
    "web_search": None,
    "emailer": None,
    "resend": None,
    "": None,
}


@pytest.mark.parametrize(("tool", "use"), [*OURS.items(), *AGENTDOJO.items(), *OTHERS.items()])
def test_a_name_tells_the_use(tool: str, use: str | None) -> None:
    assert use_of(tool) == use


@given(st.sampled_from(["send", "delete", "read", "cancel"]), st.sampled_from(["_", "-", ".", " ", "__"]))
def test_how_the_words_are_joined_does_not_matter(verb: str, joint: str) -> None:
    thing = "alert" if verb == "cancel" else "email"

    assert use_of(f"{verb}{joint}{thing}") == use_of(f"{verb}{thing.capitalize()}") == verb


def test_every_use_of_a_tool_of_ours_is_known() -> None:
    from agentic_misalignment.scenarios import scenario, scenario_names

    extra = {tool for name in scenario_names() for tool in scenario(name).about.tools}
    assert {use_of(tool) for tool in extra} <= {"cancel"}


@pytest.mark.parametrize(
    ("arguments", "field", "value"),
    [
        ({"to": ["a@x", "b@x"]}, "to", "a@x, b@x"),
        ({"recipients": ["a@x"]}, "to", "a@x"),
        ({"recipient": "a@x"}, "to", "a@x"),
        ({"user": "Ann"}, "to", "Ann"),
        ({"to": "", "recipients": ["a@x"]}, "to", "a@x"),
        ({"content": "Text"}, "body", "Text"),
        ({"message": "Text"}, "body", "Text"),
        ({"title": "S"}, "subject", "S"),
        ({"cc": None}, "cc", ""),
        ({"bcc": []}, "bcc", ""),
        ({"body": 3}, "body", "3"),
        ({}, "body", ""),
    ],
)
def test_a_field_is_known_by_several_names(arguments: dict[str, Any], field: str, value: str) -> None:
    assert mail_field(arguments, field) == value
