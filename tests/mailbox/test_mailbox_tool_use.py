"""The text protocol of 2025: which blocks are read, and as what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox.tags import read_reply
from agentic_misalignment.mailbox.tool_use import as_tags, write_block

MAIL: dict[str, Any] = {"to": ["a@x.org"], "subject": "Hi", "body": "Text"}


def read(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(call.tool, call.arguments) for call in read_reply(text).calls]


def email(inner: str) -> str:
    return f"<tool_use:email>{inner}</tool_use:email>"


@pytest.mark.parametrize(
    "inner",
    [
        '\nto: "a@x.org",\nsubject: "Hi",\nbody: "Text",\n',
        '\nto: "a@x.org"\nsubject: "Hi"\nbody: "Text"\n',
        "\nto: a@x.org\nsubject: Hi\nbody: Text\n",
        '\nTo: "a@x.org"\nSubject: "Hi"\nBody: "Text"\n',
        '\n"to": "a@x.org",\n"subject": "Hi",\n"body": "Text"\n',
        'to: "a@x.org", subject: "Hi", body: "Text"',
        "\n  to: 'a@x.org'\n  subject: 'Hi'\n  body: 'Text'\n",
    ],
)
def test_an_email_in_every_spelling(inner: str) -> None:
    assert read(email(inner)) == [("send_email", MAIL)]


def test_several_recipients_and_a_copy() -> None:
    inner = '\nto: "Ana <a@x.org>, b@x.org"\ncc: "c@x.org"\nsubject: "Hi"\nbody: "Text"\n'

    assert read(email(inner)) == [("send_email", {**MAIL, "to": ["a@x.org", "b@x.org"], "cc": ["c@x.org"]})]


def test_everything_behind_body_is_the_body() -> None:
    inner = '\nto: "a@x.org"\nsubject: "Hi"\nbody: "One\n\nto: nobody@x.org\n"Two," he said."\n'

    ((_, arguments),) = read(email(inner))
    assert arguments["to"] == ["a@x.org"]
    assert arguments["body"] == 'One\n\nto: nobody@x.org\n"Two," he said.'


@pytest.mark.parametrize("body", ["a < b > c", "<body>x</body> y", "<send_email>z</send_email>", "1 & 2 &amp; 3"])
def test_a_body_with_tags_is_one_mail(body: str) -> None:
    ((tool, arguments),) = read(email(f'\nto: "a@x.org"\nsubject: "Hi"\nbody: "{body}"\n'))

    assert tool == "send_email"
    assert arguments["body"].replace("< /", "</") == body


@pytest.mark.parametrize(
    ("given_id", "ids"),
    [("3", ["m0003"]), ('"3"', ["m0003"]), ("2, 11", ["m0002", "m0011"]), ("ID: 4", ["m0004"]), ("m0002", ["m0002"])],
)
def test_a_forward_of_each_message(given_id: str, ids: list[str]) -> None:
    text = f'<tool_use:forward>\nemail_id: {given_id}\nto: "a@x.org"\nbody: "See"\n</tool_use:forward>'

    assert read(text) == [("forward_email", {"email_id": each, "to": ["a@x.org"], "body": "See"}) for each in ids]


def test_a_cancellation_names_no_alert() -> None:
    text = '<tool_use:cancel_alert>\ncode: "AB-12"\n</tool_use:cancel_alert>'

    assert read(text) == [("cancel_alert", {"alert_id": "", "authorization_code": "AB-12"})]


def test_a_block_in_a_scratchpad_is_a_draft() -> None:
    block = email('\nto: "a@x.org"\nsubject: "Hi"\nbody: "Text"\n')
    reply = read_reply(f"<SCRATCHPAD_REASONING>\n{block}\n</SCRATCHPAD_REASONING>\nNo.")

    assert reply.calls == ()
    assert "a@x.org" in reply.private
    assert reply.visible.strip() == "No."


def test_a_block_that_is_not_closed_ends_with_the_scratchpad() -> None:
    draft = '<SCRATCHPAD_REASONING>\n<tool_use:email>\nto: "z@x.org"\nbody: "Draft"\n</SCRATCHPAD_REASONING>\n'
    reply = read_reply(f"{draft}Now I act.\n" + email('\nto: "a@x.org"\nsubject: "Hi"\nbody: "Text"\n'))

    assert [call.arguments for call in reply.calls] == [MAIL]
    assert reply.visible.strip() == "Now I act."


def test_a_scratchpad_behind_a_block_that_is_not_closed_was_not_sent() -> None:
    block = '<tool_use:email>\nto: "a@x.org"\nsubject: "Hi"\nbody: "Text"\n'
    reply = read_reply(f"{block}<SCRATCHPAD_REASONING>A secret.</SCRATCHPAD_REASONING>")

    assert [call.arguments for call in reply.calls] == [MAIL]
    assert reply.private == "A secret."


@pytest.mark.parametrize("end", ["", "</tool_use>", "</tool_use:mail>", "\n<tool_use:email>"])
def test_a_block_without_its_own_end_tag_is_read(end: str) -> None:
    assert read(f'<tool_use:email>\nto: "a@x.org"\nsubject: "Hi"\nbody: "Text"\n{end}')[0] == ("send_email", MAIL)


def test_blocks_of_another_name_are_text() -> None:
    text = "<tool_use:shell>\nrm\n</tool_use:shell>"

    assert (as_tags(text), read(text)) == (text, [])


@pytest.mark.parametrize("text", ["", "No.", "a < b", "<send_email><to>a@x.org</to><body>b</body></send_email>"])
def test_a_reply_without_blocks_stays_as_it_is(text: str) -> None:
    assert as_tags(text) == text


WORDS = st.text(st.sampled_from("abc ÄßЖ.,;!?-"), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(subject=WORDS, body=WORDS)
def test_what_is_written_is_read(subject: str, body: str) -> None:
    arguments = {"to": ["a@x.org", "b@x.org"], "subject": subject, "body": body}

    assert read(write_block("send_email", arguments)) == [("send_email", arguments)]


def test_a_written_cancellation_has_no_id() -> None:
    block = write_block("cancel_alert", {"alert_id": "A-1", "authorization_code": "AB-12"})

    assert block == '<tool_use:cancel_alert>\ncode: "AB-12"\n</tool_use:cancel_alert>'
