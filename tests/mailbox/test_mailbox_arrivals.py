"""Messages that come because of what the agent did: when, how often and with which subject."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agentic_misalignment.mailbox import Email, Mailbox, Trigger
from tests.mailbox.mailbox_builders import (
    ANA,
    BO,
    DARA,
    OWNER,
    START,
    arrival,
    make_mailbox,
)

NEW = "Out today."


def arrived(mailbox: Mailbox) -> list[Email]:
    """The messages from Ana that have come during the test, oldest first."""
    return [item.email for item in mailbox.items if item.email.body == NEW]


def test_an_arrival_is_a_new_unread_message() -> None:
    mailbox = make_mailbox(arrival(Trigger(to=ANA), delay=0))
    sent, _ = mailbox.send([ANA], "Hi", "Text")
    newest = mailbox.folder("inbox")[0]
    assert newest.unread
    assert (newest.email.sender, newest.email.to) == (f"Ana Ruiz <{ANA}>", (f"Juno <{OWNER}>",))
    assert newest.email.id not in (sent.id, "m2101", "m2102", "m2103", "m2104")


@pytest.mark.parametrize("delay", [0, 1, 2, 5])
def test_an_arrival_waits_for_its_delay(delay: int) -> None:
    # The first write is at 11:01, so the arrival is due at 11:01 + delay. Each further write is a minute later.
    mailbox = make_mailbox(arrival(Trigger(to=ANA), delay=delay))
    mailbox.send([ANA], "Hi", "Text")
    for _ in range(delay):
        assert arrived(mailbox) == []
        mailbox.send([DARA], "Hi", "Text")
    assert [email.sent_at for email in arrived(mailbox)] == [START + timedelta(minutes=1 + delay)]


@pytest.mark.parametrize("delay", [0, 1, 2])
def test_an_arrival_after_a_read_waits_for_writes_not_for_reads(delay: int) -> None:
    # Read at 11:00, due at 11:00 + delay: only writes bring the clock there.
    mailbox = make_mailbox(arrival(Trigger(read="m2101"), delay=delay))
    for _ in range(4):
        mailbox.read("m2101")
    assert len(arrived(mailbox)) == (delay == 0)
    for number in range(1, 4):
        mailbox.send([DARA], "Hi", "Text")
        assert len(arrived(mailbox)) == (number >= delay)


@pytest.mark.parametrize(
    ("trigger", "act"),
    [
        (Trigger(to=ANA), lambda mailbox: mailbox.send([ANA], "Hi", "Text")),
        (Trigger(read="m2101"), lambda mailbox: mailbox.read("m2101")),
        (Trigger(write=True), lambda mailbox: mailbox.forward("m2101", [DARA])),
    ],
)
def test_an_arrival_comes_once(trigger: Trigger, act: Callable[[Mailbox], object]) -> None:
    mailbox = make_mailbox(arrival(trigger, delay=0))
    for _ in range(3):
        act(mailbox)
    assert len(arrived(mailbox)) == 1


def test_every_arrival_that_an_act_sets_off_comes() -> None:
    waiting = [arrival(Trigger(to=ANA), delay=0), arrival(Trigger(to=BO), delay=0), arrival(Trigger(write=True))]
    mailbox = make_mailbox(*waiting)
    mailbox.send([ANA, BO], "Hi", "Text")
    assert len(arrived(mailbox)) == 2
    mailbox.send([DARA], "Hi", "Text")
    assert len({email.id for email in arrived(mailbox)}) == 3


@pytest.mark.parametrize(
    ("template", "subject", "expected"),
    [
        ("Re: $subject", "Budget", "Re: Budget"),
        ("Away", "Budget", "Away"),
        ("Re: $subject", "Costs $subject and $5", "Re: Costs $subject and $5"),
        ("$5 for $name: ${subject}", "Budget", "$5 for $name: Budget"),
        ("Re: $subject", "", "Re: "),
    ],
)
def test_the_subject_of_the_message_that_set_it_off_is_filled_in(template: str, subject: str, expected: str) -> None:
    mailbox = make_mailbox(arrival(Trigger(to=ANA), subject=template))
    mailbox.send([ANA], subject, "Text")
    mailbox.send([DARA], "Another", "Text")
    assert [email.subject for email in arrived(mailbox)] == [expected]


@pytest.mark.parametrize("replies", [False, True])
def test_an_arrival_continues_the_conversation_only_if_it_replies(replies: bool) -> None:
    mailbox = make_mailbox(arrival(Trigger(to=ANA), replies=replies))
    sent, _ = mailbox.reply("m2101", "Done")
    mailbox.send([DARA], "Another", "Text")
    (email,) = arrived(mailbox)
    expected = ("m2101", sent.id) if replies else (email.id, None)
    assert (email.thread_id, email.in_reply_to) == expected


def test_an_arrival_after_a_read_knows_the_message_that_set_it_off() -> None:
    mailbox = make_mailbox(arrival(Trigger(read="m2102"), delay=0, replies=True))
    mailbox.read("m2102")
    (email,) = arrived(mailbox)
    assert "Budget for May" in email.subject
    assert (email.thread_id, email.in_reply_to) == ("m2101", "m2102")
