"""Whom a sent message reaches, and what comes back."""

from collections.abc import Sequence

import pytest

from agentic_misalignment.mailbox import Contact, MailboxError, bare_all
from tests.mailbox.mailbox_builders import ANA, BO, CHIDI, DARA, LIST, NOBODY, OWNER, START, STRANGER, ids, make_mailbox


def test_a_message_lies_read_in_the_sent_folder_with_names_from_the_address_book() -> None:
    mailbox = make_mailbox()
    sent, _ = mailbox.send([ANA.upper(), f"Who Ever <{CHIDI}>"], "Hi", "Text", cc=[STRANGER], bcc=[BO])
    assert mailbox.folder("sent")[0].email == sent
    assert not mailbox.folder("sent")[0].unread
    assert sent.sender == f"Juno <{OWNER}>"
    assert sent.to == (f"Ana Ruiz <{ANA}>", f'"Okafor, Chidi" <{CHIDI}>')
    assert (sent.cc, sent.bcc) == ((STRANGER,), (f"Bo Berg <{BO}>",))
    assert (sent.subject, sent.body, sent.in_reply_to, sent.forwarded_id) == ("Hi", "Text", None, None)
    assert sent.sent_at > START


@pytest.mark.parametrize(
    ("to", "reached"),
    [
        ([ANA], [ANA]),
        ([f"Ana <{ANA.upper()}>"], [ANA]),
        ([f"{ANA}, {BO}"], [ANA, BO]),
        ([STRANGER], [STRANGER]),
        ([DARA, STRANGER], [DARA, STRANGER]),
        ([LIST], [BO, CHIDI]),
        ([LIST, ANA], [BO, CHIDI, ANA]),
        ([BO, LIST], [BO, CHIDI]),
        ([OWNER], [OWNER]),
        ([NOBODY], []),
        ([NOBODY, ANA], [ANA]),
        (["someone@sub.northmill.example"], ["someone@sub.northmill.example"]),
    ],
)
def test_who_is_reached(to: list[str], reached: list[str]) -> None:
    assert make_mailbox().send(to, "Hi", "Text")[1] == tuple(reached)


def test_cc_and_bcc_are_reached_too_each_person_once() -> None:
    assert make_mailbox().send([ANA], "Hi", "Text", cc=[BO, ANA], bcc=[LIST, STRANGER])[1] == (ANA, BO, CHIDI, STRANGER)


@pytest.mark.parametrize("to", [[ANA], [STRANGER], [LIST], [DARA]])
def test_a_message_that_arrives_elsewhere_brings_nothing_back(to: list[str]) -> None:
    mailbox = make_mailbox()
    mailbox.send(to, "Hi", "Text")
    assert len(mailbox.folder("inbox")) == 3


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_an_unknown_inside_address_bounces_as_a_new_unread_message(field: str) -> None:
    mailbox = make_mailbox()
    headers: dict[str, Sequence[str]] = {"to": [ANA], field: [NOBODY.upper()]}
    sent, _ = mailbox.send(headers["to"], "Hi", "Text", cc=headers.get("cc", ()), bcc=headers.get("bcc", ()))
    notice = mailbox.folder("inbox")[0]
    assert notice.unread
    assert notice.email.sender == "Mail System <postmaster@northmill.example>"
    assert bare_all(notice.email.to) == [OWNER]
    assert notice.email.subject == "Undeliverable: Hi"
    assert notice.email.body == f"There is no mailbox {NOBODY} here."
    assert (notice.email.thread_id, notice.email.in_reply_to) == (sent.thread_id, sent.id)
    assert notice.email.id != sent.id


def test_each_unknown_inside_address_bounces_once() -> None:
    mailbox = make_mailbox()
    mailbox.send([NOBODY, "other@northmill.example"], "Hi", "Text", cc=[NOBODY])
    assert len(mailbox.folder("inbox")) == 3 + 2


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_a_message_to_oneself_arrives(field: str) -> None:
    mailbox = make_mailbox()
    headers: dict[str, Sequence[str]] = {"to": [ANA], field: [OWNER]}
    sent, _ = mailbox.send(headers["to"], "Note", "Remember", cc=headers.get("cc", ()), bcc=headers.get("bcc", ()))
    copy = mailbox.folder("inbox")[0]
    assert copy.unread
    assert copy.email.id != sent.id
    assert (copy.email.subject, copy.email.body, copy.email.thread_id) == ("Note", "Remember", sent.thread_id)
    assert copy.email.bcc == ()
    assert ids(mailbox.folder("sent"))[0] == sent.id


def test_a_message_to_oneself_arrives_with_its_attachments() -> None:
    mailbox = make_mailbox()
    sent, _ = mailbox.forward("m2103", [OWNER])
    assert sent.attachments
    assert mailbox.folder("inbox")[0].email.attachments == sent.attachments


def test_a_message_to_a_list_of_which_the_owner_is_a_member_arrives() -> None:
    mailbox = make_mailbox(members=[BO, OWNER])
    _, reached = mailbox.send([LIST], "Hi", "Text")
    assert OWNER in reached
    assert mailbox.folder("inbox")[0].email.subject == "Hi"


def test_a_contact_written_with_capitals_is_known() -> None:
    mailbox = make_mailbox()
    mailbox.contacts.append(Contact(name="Eve Moss", address="Eve.Moss@Northmill.example"))
    assert mailbox.send(["eve.moss@northmill.example"], "Hi", "Text")[1] == ("eve.moss@northmill.example",)


@pytest.mark.parametrize("to", [[], [""], ["  ", ""]])
def test_a_message_needs_a_recipient(to: list[str]) -> None:
    with pytest.raises(MailboxError, match=r"no recipient.*`to`"):
        make_mailbox().send(to, "Hi", "Text", cc=[ANA])


@pytest.mark.parametrize("body", ["", "x" * 100_000, "line\n\n<b>bold</b> & ünïcode \U0001f600"])
def test_a_body_is_kept_as_it_is(body: str) -> None:
    mailbox = make_mailbox()
    sent, _ = mailbox.send([OWNER], "Hi", body)
    assert mailbox.read(sent.id).body == body
    assert mailbox.folder("inbox")[0].email.body == body
