"""A mailbox written as JSON and read again."""

from datetime import datetime, timedelta

from agentic_misalignment.mailbox import Mailbox, Trigger
from tests.mailbox.mailbox_builders import ANA, DARA, NOBODY, OWNER, START, Call, arrival, attempt, make_mailbox


def used_mailbox() -> Mailbox:
    """A mailbox with a bounce, an own copy, an attachment, an attempt, and messages waiting and due."""
    mailbox = make_mailbox(
        arrival(Trigger(to=ANA), delay=2, replies=True),
        arrival(Trigger(read="m2101"), delay=9),
        arrival(Trigger(to=DARA)),
    )
    script: list[Call] = [
        ("read_email", {"email_id": "m2101"}),
        ("send_email", {"to": [ANA, NOBODY], "cc": [OWNER], "subject": "Ünï $5", "body": "Text"}),
        ("forward_email", {"email_id": "m2103", "to": [ANA]}),
        ("archive_email", {"email_id": "m2102"}),
        ("delete_email", {"email_id": "m77"}),
    ]
    for call in script:
        attempt(mailbox, call)
    return mailbox


def read_again(mailbox: Mailbox) -> Mailbox:
    """The mailbox after a stay in JSON."""
    return Mailbox.model_validate(mailbox.model_dump(mode="json"))


def test_the_state_is_equal() -> None:
    mailbox = used_mailbox()
    assert mailbox.due
    assert mailbox.waiting
    assert read_again(mailbox) == mailbox


def test_times_stay_times() -> None:
    mailbox = read_again(used_mailbox())
    assert mailbox.clock == START + timedelta(minutes=2)
    times = [item.email.sent_at for item in mailbox.items]
    times += [entry.at for entry in mailbox.ledger.entries] + [due.at for due in mailbox.due]
    assert {type(time) for time in [*times, mailbox.clock]} == {datetime}
    assert all(time.tzinfo is None for time in times)


def test_what_was_due_still_comes() -> None:
    # Ana was written to at 11:01 and again at 11:02; the first one counts, so her answer is due at 11:03.
    mailbox = read_again(used_mailbox())
    first = mailbox.ledger.writes[0].email_id
    mailbox.send([DARA], "Hi", "Text")
    answers = [item.email for item in mailbox.items if item.email.body == "Out today."]
    assert [(email.in_reply_to, email.sent_at) for email in answers] == [(first, START + timedelta(minutes=3))]


def test_a_long_body_comes_through() -> None:
    mailbox = make_mailbox()
    body = "Zoë <b>ok</b>\n" * 7_143
    sent, _ = mailbox.send([ANA], "Hi", body)
    assert len(body) > 100_000
    assert read_again(mailbox).read(sent.id).body == body


def test_moving_a_message_changes_one_short_text() -> None:
    mailbox = used_mailbox()
    before = mailbox.model_dump(mode="json")["items"]
    mailbox.archive("m2103")
    after = mailbox.model_dump(mode="json")["items"]
    assert after["mails"] == before["mails"]
    changed = [(old, new) for old, new in zip(before["places"], after["places"], strict=True) if old != new]
    assert changed == [("m2103 inbox unread", "m2103 archive unread")]


def test_an_attempt_with_broken_characters_comes_through() -> None:
    mailbox = make_mailbox()
    attempt(mailbox, ("read_email", {"email_id": "m\ud800"}))
    (entry,) = read_again(mailbox).ledger.attempts
    assert entry.arguments == {"email_id": "m\ud800"}


def test_a_log_in_which_every_message_is_a_text_of_its_own_is_read() -> None:
    mailbox = used_mailbox()
    old = mailbox.model_dump(mode="json")
    old["contacts"] = [contact.text for contact in mailbox.contacts]
    old["items"]["mails"] = [item.email.text for item in mailbox.items]
    assert Mailbox.model_validate(old) == mailbox


def test_a_new_message_adds_one_text_and_leaves_the_first_as_it_was() -> None:
    mailbox = make_mailbox()
    before = mailbox.model_dump(mode="json")
    mailbox.send([ANA], "Hi", "Text")
    after = mailbox.model_dump(mode="json")
    assert len(before["items"]["mails"]) == 1
    assert after["items"]["mails"] == [*before["items"]["mails"], mailbox.items[-1].email.text]
    assert after["contacts"] == before["contacts"]
    assert read_again(mailbox) == mailbox
