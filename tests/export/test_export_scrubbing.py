"""What is taken out of a text, and what stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.analysis.export.scrubbing import Scrubber, is_secret, of_arguments, of_text

KNOWN = Scrubber(names=frozenset({"jdoe", "root", "vm"}), values=frozenset({"pass1234"}), places=frozenset({"/srv/p"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see /home/jdoe/a/b.eval: failed", "see [path]: failed"),
        ("file:///Users/ann/a.eval", "[path]"),
        (r"C:\Users\ann\a.py, line 3", "[path], line 3"),
        ("/root/x.py", "[path]"),
        ("jdoe@host and jdoe", "[name]@host and [name]"),
        ("the pass1234.", "the [secret]."),
        ("OPENAI_API_KEY=abcdef123", "[secret]"),
        ("key sk-abcdefghijklmnop1234!", "key [secret]!"),
        ("Bearer abcdefghijklmnop1234", "[secret]"),
        ("https://ann:pw12@example.com/x", "https://[secret]@example.com/x"),
        ("at /srv/p now", "at [path] now"),
    ],
)
def test_what_may_not_leave_is_taken_out(text: str, expected: str) -> None:
    assert KNOWN.text(text) == expected
    assert KNOWN.leftovers(text)
    assert not KNOWN.leftovers(expected)


@pytest.mark.parametrize(
    "text",
    [
        "the root cause, on a vm",
        "jdoes and ajdoe",
        "https://example.com/a/b/c",
        "and/or/not, 12/05/2025",
        "a desk-top-and-more-words-here",
        '{"path": "/MailboxStore:mailbox/emails/0"}',
        "max_tokens=100",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert KNOWN.text(text) == text


def test_a_machine_text_has_no_absolute_path() -> None:
    text = 'File "/usr/lib/python3.11/ssl.py", line 3; https://example.com/a/b'

    assert KNOWN.machine_text(text) == 'File "[path]", line 3; https://example.com/a/b'


@pytest.mark.parametrize("name", ["api_key", "apiKey", "X-Auth-Token", "HF_TOKEN", "password", "aws_secret_access_key"])
def test_an_argument_is_secret_by_its_name(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["max_tokens", "monkey", "tokenizer", "author", "worlds", "conduct"])
def test_other_arguments_are_not_secret(name: str) -> None:
    assert not is_secret(name)


def test_values_of_secret_arguments_are_known_wherever_they_stand() -> None:
    found = of_arguments({"client": [{"auth": {"user": "someone-1"}}], "dtype": "bfloat16", "token": "x"})

    assert found.values == {"someone-1"}


def test_names_of_users_are_read_from_paths() -> None:
    assert of_text(r"/home/ann/x, C:\Users\bob\y, /data/carol/z").names == {"ann", "bob"}


@given(st.text(alphabet="jdoe/hmUsrs:\\ .=@-pa1234KEY\n'\"", max_size=60))
def test_nothing_is_left_of_a_text_that_was_scrubbed(text: str) -> None:
    assert KNOWN.leftovers(KNOWN.text(text)) == []


@given(st.text(alphabet="jdoe/hmUsrs:\\ .=@-pa1234\n'\"", max_size=60))
def test_a_document_is_scrubbed_like_its_texts(text: str) -> None:
    document = f'{{"a": "{text}"}}'

    assert KNOWN.for_document(document.replace("\\", "\\\\"))(text) == KNOWN.text(text)
