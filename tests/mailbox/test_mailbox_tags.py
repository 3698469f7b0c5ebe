"""Actions written as tags: the forms that are read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox import MailboxError, perform
from agentic_misalignment.mailbox.tags import read_reply
from agentic_misalignment.scripted.policy import Call
from agentic_misalignment.scripted.tags import write_tags
from tests.mailbox.mailbox_builders import make_mailbox

MAIL: dict[str, Any] = {"to": ["a@x.org"], "subject": "Hi", "body": "Text"}
REST = "<subject>Hi</subject><body>Text</body>"


def read(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Tools and arguments of a reply."""
    return [(call.tool, call.arguments) for call in read_reply(text).calls]


@pytest.mark.parametrize("text", ["", "  \n", "I will not act.", "a < b > c", "<b>bold</b> <to>a@x.org</to>"])
def test_a_reply_without_actions_has_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        (f"<send_email><to>a@x.org</to>{REST}</send_email>", "send_email", MAIL),
        (f"<send><to>a@x.org</to>{REST}</send>", "send_email", MAIL),
        (f"I answer:\n<send>\n  <to> a@x.org </to>\n  {REST}\n</send>\nDone.", "send_email", MAIL),
        ("<reply><id>m1</id><body>Yes</body></reply>", "reply_to_email", {"email_id": "m1", "body": "Yes"}),
        (
            "<reply_to_email><message_id>m1</message_id><reply_all>True</reply_all><body>Yes</body></reply_to_email>",
            "reply_to_email",
            {"email_id": "m1", "reply_all": True, "body": "Yes"},
        ),
        (
            "<reply><id>m1</id><reply_all>no</reply_all></reply>",
            "reply_to_email",
            {"email_id": "m1", "reply_all": False},
        ),
        ("<forward><id>m1</id><to>a@x.org</to></forward>", "forward_email", {"email_id": "m1", "to": ["a@x.org"]}),
        ("<archive><email_id>m1</email_id></archive>", "archive_email", {"email_id": "m1"}),
        ("<delete_email><email_id>m1</email_id></delete_email>", "delete_email", {"email_id": "m1"}),
        # capitals in tags, not in values
        (
            "<SEND_Email><TO>A@X.org</To><Body>TEXT</BODY></send_EMAIL>",
            "send_email",
            {"to": ["A@X.org"], "body": "TEXT"},
        ),
        # quotes around values
        ('<archive><id>"m1"</id></archive>', "archive_email", {"email_id": "m1"}),
        (
            "<send><to>'a@x.org'</to><subject>\"Hi\"</subject></send>",
            "send_email",
            {"to": ["a@x.org"], "subject": "Hi"},
        ),
        # attributes
        ('<archive id="m1"></archive>', "archive_email", {"email_id": "m1"}),
        ("<archive ID = 'm1'/>", "archive_email", {"email_id": "m1"}),
        ("<archive email_id=m1></archive>", "archive_email", {"email_id": "m1"}),
        (
            '<send to="Ana <a@x.org>, b@y.org" subject="Hi there"><body>Text</body></send>',
            "send_email",
            {"to": ["a@x.org", "b@y.org"], "subject": "Hi there", "body": "Text"},
        ),
        ('<reply id="m1" body="Yes, 5 = 5"/>', "reply_to_email", {"email_id": "m1", "body": "Yes, 5 = 5"}),
        # nothing but the block
        ("<send></send>", "send_email", {}),
    ],
)
def test_one_action(text: str, tool: str, arguments: dict[str, Any]) -> None:
    assert read(text) == [(tool, arguments)]


def test_several_actions_keep_their_order_and_are_numbered() -> None:
    text = (
        f"<archive><id>m1</id></archive> then\n<send><to>a@x.org</to>{REST}</send><archive id='m2'/><archive id='m3'/>"
    )
    assert read(text) == [
        ("archive_email", {"email_id": "m1"}),
        ("send_email", MAIL),
        ("archive_email", {"email_id": "m2"}),
        ("archive_email", {"email_id": "m3"}),
    ]
    assert [call.call_id for call in read_reply(text).calls] == ["tag-1", "tag-2", "tag-3", "tag-4"]


@pytest.mark.parametrize(
    ("text", "tool", "named"),
    [
        ("<send_sms><to>a@x.org</to><body>Hi</body></send_sms>", "send_sms", "send_email"),
        ("<delete_everything/>", "delete_everything", "delete_email"),
        ("<send><to>Ana Ruiz</to><subject>Hi</subject><body>Text</body></send>", "send_email", "Ana Ruiz"),
        ("<send><to>a@x.org</to></send>", "send_email", "body"),
        ("<archive><id>m77</id></archive>", "archive_email", "m77"),
    ],
)
def test_an_action_that_cannot_be_done_is_kept_as_an_attempt(text: str, tool: str, named: str) -> None:
    mailbox = make_mailbox()
    (call,) = read_reply(text).calls
    with pytest.raises(MailboxError):
        perform(mailbox, call.tool, call.arguments, call_id=call.call_id)
    (entry,) = mailbox.ledger.attempts
    assert (entry.tool, entry.call_id) == (tool, "tag-1")
    assert named in str(entry.reason)


_address = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,8}\.(org|example)", fullmatch=True)
_addresses = st.lists(_address, min_size=1, max_size=3)
_line = st.text("abcXYZ 019.,;:!?-()&$", min_size=1, max_size=30).map(str.strip).filter(bool)
_body = st.lists(st.one_of(_line, st.sampled_from(["<b>so</b>", "a < b", "", "<x@y.org>"])), max_size=5).map(
    lambda lines: "\n".join(["Hello", *lines, "Bye"])
)
_id = st.from_regex(r"m[0-9]{4}", fullmatch=True)
_calls = st.one_of(
    st.fixed_dictionaries({"to": _addresses, "subject": _line, "body": _body}, optional={"cc": _addresses}).map(
        lambda arguments: Call(tool="send_email", arguments=arguments)
    ),
    st.fixed_dictionaries({"email_id": _id, "body": _body}, optional={"reply_all": st.booleans()}).map(
        lambda arguments: Call(tool="reply_to_email", arguments=arguments)
    ),
    st.fixed_dictionaries({"email_id": _id, "to": _addresses}, optional={"body": _body}).map(
        lambda arguments: Call(tool="forward_email", arguments=arguments)
    ),
    st.tuples(st.sampled_from(["archive_email", "delete_email"]), _id).map(
        lambda pair: Call(tool=pair[0], arguments={"email_id": pair[1]})
    ),
)


@given(calls=st.lists(_calls, max_size=4))
def test_calls_that_are_written_as_tags_are_read_back(calls: list[Call]) -> None:
    assert read(write_tags(calls)) == [(call.tool, call.arguments) for call in calls]
