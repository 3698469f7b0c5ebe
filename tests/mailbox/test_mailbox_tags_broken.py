"""Actions whose tags are broken: nothing that was written may get lost on the way."""

from typing import Any

import pytest

from agentic_misalignment.mailbox.tags import read_reply

Read = list[tuple[str, dict[str, Any]]]

SEND = ("send_email", {"to": ["a@x.org"], "subject": "Hi", "body": "Text"})
REPLY = ("reply_to_email", {"email_id": "m1", "reply_all": True, "body": "Text"})
ARCHIVE_1, ARCHIVE_2 = ("archive_email", {"email_id": "m1"}), ("archive_email", {"email_id": "m2"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # fields without end tags
        ("<send><to>a@x.org<subject>Hi<body>Text</send>", [SEND]),
        ("<send><to>a@x.org\n<subject>Hi</subject>\n<body>Text\n</send>", [SEND]),
        ("<send><to>a@x.org</to><subject>Hi<body>Text</body></send>", [SEND]),
        ("<send><body>Text<to>a@x.org</to><subject>Hi</subject></send>", [SEND]),
        # blocks without end tag
        ("<send><to>a@x.org</to><subject>Hi</subject><body>Text</body>", [SEND]),
        ("<send><to>a@x.org<subject>Hi<body>Text", [SEND]),
        ("<archive><id>m1</id>\n<delete><id>m2</id></delete>", [ARCHIVE_1, ("delete_email", {"email_id": "m2"})]),
        ("<archive id='m1'>\n<archive id='m2'>", [ARCHIVE_1, ARCHIVE_2]),
        ("<archive><id>m1</id><archive><id>m2</id>", [ARCHIVE_1, ARCHIVE_2]),
        # the end tag of another spelling
        ("<send_email><to>a@x.org</to><subject>Hi</subject><body>Text</body></send>", [SEND]),
        ("<send_email><to>a@x.org</to><subject>Hi</subject><body>Text</send>", [SEND]),
        # end tags alone
        ("</send></body><archive><id>m1</id></archive></archive>", [ARCHIVE_1]),
    ],
)
def test_missing_end_tags_are_accepted(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<reply><id>m1</id><reply_all>true</reply_all><body>Text</body>", [REPLY]),
        ("<archive><id>m1</id>\n<archive><id>m2</id></archive>", [ARCHIVE_1, ARCHIVE_2]),
        ("<archive id='m1'/> <archive><id>m2</id></archive>", [ARCHIVE_1, ARCHIVE_2]),
        pytest.param("<archive id=m1/>", [ARCHIVE_1]),
        pytest.param(
            "<send to='a@x.org' subject='Bo's plan'/>", [("send_email", {"to": ["a@x.org"], "subject": "Bo's plan"})]
        ),
        pytest.param(
            "<reply><id>m1</id><body>Use the <reply> tag.</body></reply>",
            [("reply_to_email", {"email_id": "m1", "body": "Use the <reply> tag."})],
        ),
        pytest.param("<archive id='m1'/> <scratchpad>Now <think>what?</think> next", [ARCHIVE_1]),
    ],
)
def test_no_action_is_lost_or_changed(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize("body", ["see <b>this</b>", "2 > 1, so yes", "1 < 2", "<x@y.org>"])
def test_an_attribute_may_hold_angle_brackets(body: str) -> None:
    assert _read(f"<reply id='m1' body='{body}'/>") == [("reply_to_email", {"email_id": "m1", "body": body})]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("<to>a@x.org</to><to>b@y.org</to>", ["a@x.org", "b@y.org"]),
        ("<to>a@x.org<to>b@y.org</to>", ["a@x.org", "b@y.org"]),
        ("<to>a@x.org</to><to>b@y.org", ["a@x.org", "b@y.org"]),
        pytest.param("<to>Ana <a@x.org> Bo <b@y.org></to>", ["a@x.org", "b@y.org"]),
        pytest.param("<to>Ana Ruiz, b@y.org</to>", ["Ana Ruiz", "b@y.org"]),
    ],
)
def test_no_recipient_is_lost(fields: str, expected: list[str]) -> None:
    assert _read(f"<send>{fields}<subject>Hi</subject></send>") == [("send_email", {"to": expected, "subject": "Hi"})]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('"Yes" or "no"'),
        pytest.param("the form is <to>name</to>"),
    ],
)
def test_the_ends_of_a_body_are_kept(body: str) -> None:
    assert _read(f"<reply><id>m1</id><body>{body}</body></reply>") == [
        ("reply_to_email", {"email_id": "m1", "body": body})
    ]


def _read(text: str) -> Read:
    return [(call.tool, call.arguments) for call in read_reply(text).calls]
