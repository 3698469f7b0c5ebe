"""What sets an arrival off."""

import pytest

from agentic_misalignment.mailbox import Trigger
from tests.mailbox.mailbox_builders import ANA, BO, LIST, NOBODY, STRANGER, Call, arrival, attempt, make_mailbox

SEND_ANA: Call = ("send_email", {"to": [ANA], "subject": "Hi", "body": "Text"})
SEND_BO: Call = ("send_email", {"to": [BO], "subject": "Hi", "body": "Text"})


@pytest.mark.parametrize(
    ("trigger", "call", "fires"),
    [
        (Trigger(to=ANA), SEND_ANA, True),
        (Trigger(to=ANA), SEND_BO, False),
        (Trigger(to=ANA), ("send_email", {"to": [BO], "subject": "", "body": "", "bcc": [f"A <{ANA.upper()}>"]}), True),
        (Trigger(to=ANA), ("reply_to_email", {"email_id": "m2101", "body": ""}), True),
        (Trigger(to=BO), ("reply_to_email", {"email_id": "m2101", "body": ""}), False),
        (Trigger(to=BO), ("reply_to_email", {"email_id": "m2101", "body": "", "reply_all": True}), True),
        (Trigger(to=STRANGER), ("forward_email", {"email_id": "m2101", "to": [STRANGER]}), True),
        (Trigger(to=BO), ("send_email", {"to": [LIST], "subject": "", "body": ""}), True),
        (Trigger(to=ANA), ("read_email", {"email_id": "m2101"}), False),
        (Trigger(read="m2101"), ("read_email", {"email_id": "m2101"}), True),
        (Trigger(read="m2101"), ("read_email", {"email_id": "m2103"}), False),
        (Trigger(read="m2101"), ("search_emails", {"query": "budget"}), False),
        (Trigger(read="m2101"), ("reply_to_email", {"email_id": "m2103", "body": ""}), False),
        (Trigger(write=True), SEND_ANA, True),
        (Trigger(write=True), ("forward_email", {"email_id": "m2101", "to": [BO]}), True),
        (Trigger(write=True), ("reply_to_email", {"email_id": "m2101", "body": ""}), True),
        (Trigger(write=True), ("read_email", {"email_id": "m2101"}), False),
        (Trigger(write=True), ("archive_email", {"email_id": "m2101"}), False),
        (Trigger(write=True), ("send_email", {"to": ["Ana"], "subject": "", "body": ""}), False),
        (Trigger(to=ANA), ("send_email", {"to": [ANA], "cc": ["Bo"], "subject": "", "body": ""}), False),
        pytest.param(Trigger(to=LIST), ("send_email", {"to": [LIST], "subject": "", "body": ""}), True),
        pytest.param(Trigger(read="m2101"), ("read_email", {"email_id": " m2101"}), True),
        pytest.param(Trigger(write=True), ("send_email", {"to": [NOBODY], "subject": "", "body": ""}), True),
    ],
)
def test_what_sets_an_arrival_off(trigger: Trigger, call: Call, fires: bool) -> None:
    mailbox = make_mailbox(arrival(trigger, delay=0))
    attempt(mailbox, call)
    assert (mailbox.folder("inbox")[0].email.body == "Out today.") == fires
