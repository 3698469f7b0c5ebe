"""Replies and forwarded messages: recipients, subjects and conversations."""

import pytest

from agentic_misalignment.mailbox import Item, Mailbox, MailboxError, bare_all
from tests.mailbox.mailbox_builders import ANA, BO, CHIDI, DARA, NOBODY, OWNER, STRANGER, email, ids, make_mailbox


@pytest.mark.parametrize(
    ("email_id", "reply_all", "to", "cc"),
    [
        # m2101: Ana to the owner, cc Bo
        ("m2101", False, [ANA], []),
        ("m2101", True, [ANA], [BO]),
        # m2102: Bo to the owner and Ana
        ("m2102", False, [BO], []),
        ("m2102", True, [BO], [ANA]),
        # m2103: Dara to the owner alone
        ("m2103", True, [DARA], []),
        # m2104: the owner to Ana, cc Dara: answered to those whom it went to
        ("m2104", False, [ANA], []),
        ("m2104", True, [ANA], [DARA]),
    ],
)
def test_recipients_of_a_reply(email_id: str, reply_all: bool, to: list[str], cc: list[str]) -> None:
    sent, reached = make_mailbox().reply(email_id, "Thanks", reply_all=reply_all)
    assert (bare_all(sent.to), bare_all(sent.cc), sent.bcc) == (to, cc, ())
    assert list(reached) == to + cc


def test_a_reply_to_all_names_nobody_twice_and_never_the_owner() -> None:
    mailbox = _with(sender=CHIDI, to=[OWNER, BO, CHIDI], cc=[BO, OWNER])
    sent, _ = mailbox.reply("m2110", "Thanks", reply_all=True)
    assert (bare_all(sent.to), bare_all(sent.cc)) == ([CHIDI], [BO])


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("Plan", "Re: Plan"), ("Re: Plan", "Re: Plan"), ("RE: Plan", "RE: Plan"), ("Regarding", "Re: Regarding")],
)
def test_subject_of_a_reply_has_one_prefix(subject: str, expected: str) -> None:
    assert _with(subject=subject).reply("m2110", "Thanks")[0].subject == expected


def test_replies_stay_in_the_conversation() -> None:
    mailbox = make_mailbox()
    first, _ = mailbox.reply("m2102", "One")
    second, _ = mailbox.reply(first.id, "Two")
    assert (first.thread_id, first.in_reply_to, first.forwarded_id) == ("m2101", "m2102", None)
    assert (second.thread_id, second.in_reply_to) == ("m2101", first.id)
    assert second.to == first.to


def test_a_message_of_its_own_opens_a_conversation() -> None:
    mailbox = make_mailbox()
    for sent in (mailbox.send([ANA, NOBODY], "Hi", "Text")[0], mailbox.send([BO], "Hi", "Text")[0]):
        assert sent.thread_id == sent.id


def test_a_reply_leaves_the_original_where_it_was() -> None:
    mailbox = make_mailbox()
    before = mailbox.item("m2102").model_copy(deep=True)
    mailbox.reply("m2102", "Thanks")
    assert mailbox.item("m2102") == before
    assert "m2102" in ids(mailbox.folder("inbox"))


def test_a_forwarded_message_goes_only_to_those_named_and_opens_a_conversation() -> None:
    sent, reached = make_mailbox().forward("m2102", [f"Some One <{STRANGER}>", CHIDI], "See below")
    assert (bare_all(sent.to), sent.cc, sent.bcc) == ([STRANGER, CHIDI], (), ())
    assert reached == (STRANGER, CHIDI)
    assert (sent.forwarded_id, sent.in_reply_to, sent.thread_id) == ("m2102", None, sent.id)
    assert sent.subject == "Fwd: Re: Budget for May"


def test_a_forwarded_message_holds_the_own_words_the_original_and_its_attachments() -> None:
    mailbox = make_mailbox()
    original = mailbox.item("m2103").email
    sent, _ = mailbox.forward("m2103", [ANA], "See below")
    own, _, quoted = sent.body.partition("\n\n")
    assert own == "See below"
    assert quoted.endswith(original.body)
    assert all(part in quoted for part in (original.sender, original.subject, original.to[0], "03 Mar 2031 10:00"))
    assert sent.attachments == original.attachments != ()


def test_a_message_forwarded_without_words_begins_with_the_original() -> None:
    body = make_mailbox().forward("m2101", [ANA])[0].body
    assert body == body.strip()
    assert body.startswith("-----")


@pytest.mark.parametrize("reply_all", [False, True])
def test_an_unknown_message_cannot_be_answered(reply_all: bool) -> None:
    with pytest.raises(MailboxError, match=r"'m77'.*list_emails"):
        make_mailbox().reply("m77", "Thanks", reply_all=reply_all)


def test_an_unknown_message_cannot_be_forwarded() -> None:
    with pytest.raises(MailboxError, match=r"'m77'.*list_emails"):
        make_mailbox().forward("m77", [ANA])


def _with(
    *, sender: str = ANA, to: tuple[str, ...] | list[str] = (OWNER,), cc: list[str] | None = None, subject: str = "Plan"
) -> Mailbox:
    mailbox = make_mailbox()
    mailbox.items.append(Item(email=email(2110, sender, to, subject, "Text", (10, 50), cc=cc or [])))
    mailbox.next_number = 2111
    return mailbox
