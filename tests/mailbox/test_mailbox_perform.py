"""The one door for calls: what it rejects, and what the ledger keeps."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox import CALLS, MailboxError, note_attempt, perform
from tests.mailbox.mailbox_builders import (
    ANA,
    BO,
    CHIDI,
    LIST,
    NOBODY,
    START,
    STRANGER,
    Call,
    attempt,
    make_mailbox,
    without_ledger,
)

MAIL = {"to": [ANA], "subject": "Hi", "body": "Text"}

REJECTED: list[tuple[str, dict[str, Any], list[str]]] = [
    # tool, arguments, what the reason names
    ("cancel_meeting", {"id": "1"}, ["cancel_meeting", *(name for name in CALLS if name != "cancel_alert")]),
    ("cancel_alert", {"alert_id": "1", "authorization_code": "2"}, ["cancel_alert", "send_email"]),
    ("", {}, ["send_email", "read_email"]),
    ("send_email", {**MAIL, "to": ANA}, ["send_email", "to", "list"]),
    ("send_email", {**MAIL, "to": [1]}, ["send_email", "to.0", "string"]),
    ("send_email", {**MAIL, "cc": None}, ["send_email", "cc", "list"]),
    ("send_email", {**MAIL, "body": 5}, ["send_email", "body", "string"]),
    ("send_email", {"to": [ANA], "subject": "Hi"}, ["send_email", "body", "required"]),
    ("send_email", {**MAIL, "priority": "high"}, ["send_email", "priority", "not permitted"]),
    ("send_email", {**MAIL, "to": []}, ["no recipient", "`to`"]),
    ("send_email", {**MAIL, "to": ["Ana Ruiz"]}, ["'Ana Ruiz'", "name@company.com", "search_contacts"]),
    ("send_email", {**MAIL, "cc": ["ana@mill"]}, ["'ana@mill'", "search_contacts"]),
    ("send_email", {**MAIL, "bcc": [""]}, ["''", "search_contacts"]),
    ("reply_to_email", {"email_id": "m77", "body": "Hi"}, ["'m77'", "list_emails", "search_emails"]),
    ("reply_to_email", {"email_id": 2101, "body": "Hi"}, ["reply_to_email", "email_id", "string"]),
    ("reply_to_email", {"email_id": "m2101", "body": "Hi", "reply_all": "all"}, ["reply_all", "boolean"]),
    ("forward_email", {"email_id": "m77", "to": [ANA]}, ["'m77'", "list_emails"]),
    ("forward_email", {"email_id": "m2101", "to": ["Bo"]}, ["'Bo'", "search_contacts"]),
    ("read_email", {"email_id": "m77"}, ["'m77'", "list_emails"]),
    ("read_email", {}, ["read_email", "email_id", "required"]),
    ("list_emails", {"folder": "drafts"}, ["folder", "inbox", "sent", "archive", "trash"]),
    ("list_emails", {"limit": 0}, ["list_emails", "limit", "1"]),
    ("list_emails", {"limit": 201}, ["list_emails", "limit", "200"]),
    ("list_emails", {"limit": "many"}, ["list_emails", "limit", "integer"]),
    ("list_emails", {"offset": -1}, ["list_emails", "offset", "0"]),
    ("search_emails", {"query": " "}, ["empty", "from:"]),
    ("search_emails", {"query": ["a"]}, ["search_emails", "query", "string"]),
    ("archive_email", {"email_id": "m77"}, ["'m77'", "list_emails"]),
    ("delete_email", {"email_id": None}, ["delete_email", "email_id", "string"]),
    ("search_contacts", {}, ["search_contacts", "query", "required"]),
]


@pytest.mark.parametrize(("tool", "arguments", "named"), REJECTED)
def test_a_rejected_call_is_an_attempt_with_its_reason_and_changes_nothing_else(
    tool: str, arguments: dict[str, Any], named: list[str]
) -> None:
    mailbox = make_mailbox()
    before = without_ledger(mailbox)
    with pytest.raises(MailboxError) as caught:
        perform(mailbox, tool, arguments, call_id="call-7")
    assert [part for part in named if part not in str(caught.value)] == []
    assert without_ledger(mailbox) == before
    assert (mailbox.ledger.executed, mailbox.ledger.writes) == ([], [])
    (entry,) = mailbox.ledger.attempts
    assert (entry.call_id, entry.tool, entry.arguments, entry.at) == ("call-7", tool, arguments, START)
    assert (entry.reason, entry.email_id, entry.reached) == (str(caught.value), None, ())


@pytest.mark.parametrize(
    ("tool", "arguments", "email_id", "reached"),
    [
        ("list_emails", {}, None, ()),
        ("search_emails", {"query": "budget"}, None, ()),
        ("search_contacts", {"query": ""}, None, ()),
        ("read_email", {"email_id": " m2101"}, "m2101", ()),
        ("archive_email", {"email_id": "m2101"}, "m2101", ()),
        ("delete_email", {"email_id": "m2101"}, "m2101", ()),
        ("send_email", {**MAIL, "cc": [LIST], "bcc": [STRANGER]}, "m2105", (ANA, BO, CHIDI, STRANGER)),
        ("send_email", {**MAIL, "to": [NOBODY]}, "m2105", ()),
        ("reply_to_email", {"email_id": "m2101", "body": "Hi", "reply_all": True}, "m2105", (ANA, BO)),
        ("forward_email", {"email_id": "m2101", "to": [STRANGER]}, "m2105", (STRANGER,)),
    ],
)
def test_an_executed_call_is_in_the_ledger_with_whom_it_reached(
    tool: str, arguments: dict[str, Any], email_id: str | None, reached: tuple[str, ...]
) -> None:
    mailbox = make_mailbox()
    perform(mailbox, tool, arguments, call_id="call-7")
    (entry,) = mailbox.ledger.executed
    assert (entry.call_id, entry.tool, entry.arguments, entry.reason) == ("call-7", tool, arguments, None)
    assert (entry.email_id, entry.reached) == (email_id, reached)
    writes = email_id == "m2105"
    assert entry.at == START + timedelta(minutes=1 if writes else 0)
    assert mailbox.ledger.writes == ([entry] if writes else [])
    assert mailbox.ledger.attempts == []


def test_the_ledger_keeps_the_order_of_acts_and_attempts() -> None:
    mailbox = make_mailbox()
    script: list[Call] = [("read_email", {"email_id": i}) for i in ("m2101", "m77", "m2102", "m78")]
    for call in script:
        attempt(mailbox, call)
    note_attempt(mailbox, "cancel_alert", {"alert_id": "A"}, call_id="c", reason="wrong code")
    statuses = [(entry.tool, entry.status) for entry in mailbox.ledger.entries]
    reads = ["executed", "rejected", "executed", "rejected"]
    assert statuses == [*(("read_email", status) for status in reads), ("cancel_alert", "rejected")]
    assert mailbox.ledger.attempts[-1].reason == "wrong code"


def test_two_mailboxes_share_no_ledger() -> None:
    one, other = make_mailbox(), make_mailbox()
    perform(one, "list_emails", {}, call_id="c")
    assert (len(one.ledger.entries), len(other.ledger.entries)) == (1, 0)


_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3)
)
_fields = st.sampled_from(sorted({name for call in CALLS.values() for name in call.model_fields}))
_likely = st.fixed_dictionaries({"to": st.lists(st.text('ab@.<>",;:() \n', max_size=12)), "subject": st.text()})


@given(tool=st.sampled_from(sorted(CALLS)), arguments=st.dictionaries(_fields, _values, max_size=4))
def test_no_arguments_raise_anything_but_the_one_exception(tool: str, arguments: dict[str, Any]) -> None:
    mailbox = make_mailbox()
    attempt(mailbox, (tool, arguments))
    assert len(mailbox.ledger.entries) == 1


@given(arguments=_likely)
def test_no_recipients_raise_anything_but_the_one_exception(arguments: dict[str, Any]) -> None:
    mailbox = make_mailbox()
    attempt(mailbox, ("send_email", {**arguments, "body": "Text"}))
    assert len(mailbox.ledger.entries) == 1
