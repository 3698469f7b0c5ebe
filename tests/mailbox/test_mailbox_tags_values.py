"""Actions written as tags: how recipients, bodies and yes-or-no values are read."""

from typing import Any

import pytest

from agentic_misalignment.mailbox.tags import read_reply


@pytest.mark.parametrize(
    ("value", "expected"),
    [("true", True), (" TRUE ", True), ("yes", True), ("1", True), ("", True), ("false", False), ("no", False)],
)
def test_reply_all_is_a_yes_or_a_no(value: str, expected: bool) -> None:
    assert _read(f"<reply><reply_all>{value}</reply_all></reply>") == [("reply_to_email", {"reply_all": expected})]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ana Ruiz <a@x.org>", ["a@x.org"]),
        ("<a@x.org>", ["a@x.org"]),
        ("a@x.org, b@y.org", ["a@x.org", "b@y.org"]),
        ("a@x.org; b@y.org;", ["a@x.org", "b@y.org"]),
        ("a@x.org\nb@y.org\n", ["a@x.org", "b@y.org"]),
        ("Ana <a@x.org>, Bo Berg <b@y.org>", ["a@x.org", "b@y.org"]),
        ("Ruiz, Ana <a@x.org>", ["a@x.org"]),
        ('"Ruiz, Ana" <a@x.org>, "Berg, Bo" <b@y.org>', ["a@x.org", "b@y.org"]),
        ("Ruiz, Ana, PhD <a@x.org>, b@y.org", ["a@x.org", "b@y.org"]),
        ("b@y.org, Ruiz, Ana <a@x.org>", ["b@y.org", "a@x.org"]),
        ("a@x.org, Ana Ruiz", ["a@x.org", "Ana Ruiz"]),
        ("Ana Ruiz", ["Ana Ruiz"]),
        ("`a@x.org`", ["a@x.org"]),
        ("Tom &amp; Co &lt;t@x.org&gt;", ["t@x.org"]),
        ("", []),
    ],
)
@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_recipients_are_taken_apart(field: str, value: str, expected: list[str]) -> None:
    assert _read(f"<send><{field}>{value}</{field}><subject>Hi</subject></send>") == [
        ("send_email", {field: expected, "subject": "Hi"})
    ]


@pytest.mark.parametrize(
    "body",
    [
        "1 < 2 > 0",
        "see <b>this</b> and <i>that</i>",
        "see <https://x.org> or <a@x.org>",
        "a tag <to>you</to> in the middle",
        "use <reply>yes</reply> or <archive> here",
        "two\n\nparagraphs, with  spaces",
        "she said \"yes\" and 'no'.",
        "x" * 100_000,
    ],
)
def test_a_body_is_kept_as_it_is(body: str) -> None:
    assert _read(f"<send><to>a@x.org</to><body>{body}</body></send>") == [
        ("send_email", {"to": ["a@x.org"], "body": body})
    ]


def _read(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(call.tool, call.arguments) for call in read_reply(text).calls]
