"""Search: words in any order, field filters and quoted phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox import Folder, MailboxError
from tests.mailbox.mailbox_builders import ANA, BO, OWNER, ids, make_mailbox


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("budget", ["m2102", "m2101"]),
        ("friday budget", ["m2101"]),
        ("budget friday", ["m2101"]),
        ("BUDGET Friday", ["m2101"]),
        ("friday", ["m2103", "m2101"]),
        ("budget nowhere", []),
        ("udge", ["m2102", "m2101"]),
        ("ruiz", ["m2104", "m2102", "m2101"]),  # as sender or recipient
        # a phrase stands together, its words may stand apart
        ('"due on friday"', ["m2101"]),
        ('"friday due"', []),
        ("friday due", ["m2101"]),
        ('subject:"for may" 900', ["m2102"]),
        # fields
        ("from:ana", ["m2101"]),
        ('from:"Ana Ruiz"', ["m2101"]),
        (f"from:{BO.upper()}", ["m2102"]),
        (f"FROM:{OWNER}", ["m2104"]),
        ("to:ana", ["m2104", "m2102"]),
        ('to:"bo berg"', ["m2101"]),  # in cc
        (f"to:{ANA}", ["m2104", "m2102"]),
        ("subject:due", []),
        ("due", ["m2104", "m2101"]),
        ("subject:budget", ["m2102", "m2101"]),
        ("subject:budget from:bo", ["m2102"]),
        ("from:ana from:bo", []),
        ("from: ana", ["m2101"]),
        ('subject: "for may" from: bo', ["m2102"]),
        ("is:unread", ["m2103", "m2101"]),
        ("is:read", ["m2104", "m2102"]),
        ("budget is:unread", ["m2101"]),
        ("Is:Unread budget", ["m2101"]),
        ("is:unread from:dara subject:quote friday", ["m2103"]),
        # what only looks like a filter is a word
        ("is:flagged", []),
        ("body:budget", []),
    ],
)
def test_what_a_query_finds_newest_first(query: str, found: list[str]) -> None:
    assert ids(make_mailbox().search(query)) == found


@pytest.mark.parametrize("query", ["", "  ", "\n"])
def test_an_empty_query_is_an_error_that_says_what_to_give(query: str) -> None:
    with pytest.raises(MailboxError, match=r"empty.*from:.*is:unread"):
        make_mailbox().search(query)


@pytest.mark.parametrize("query", ["is:read is:unread", "is:unread is:read"])
def test_every_part_of_a_query_must_hold(query: str) -> None:
    assert make_mailbox().search(query) == []


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        (None, ["m2104", "m2103", "m2102"]),
        ("inbox", ["m2103"]),
        ("sent", ["m2104"]),
        ("archive", ["m2102"]),
        ("trash", ["m2101"]),
    ],
)
def test_a_search_looks_into_one_folder_or_everywhere_but_the_trash(folder: Folder | None, found: list[str]) -> None:
    mailbox = make_mailbox()
    mailbox.delete("m2101")
    mailbox.archive("m2102")
    assert ids(mailbox.search("from:example", folder)) == found  # which every sender holds


_words = ["budget", "DUE", "friday", "900", "is", "e", "quiet", '"due on"', "is:unread", "is:odd"]
_fields = ["from:ana", 'from:"bo berg"', "from:example", "to:juno", "to:ana", "to:mill", 'subject:"harbour quote"']
_terms = st.sampled_from([*_words, *_fields])


@given(terms=st.lists(_terms, min_size=1, max_size=5).flatmap(lambda t: st.tuples(st.just(t), st.permutations(t))))
def test_the_order_of_words_does_not_matter(terms: tuple[list[str], list[str]]) -> None:
    mailbox = make_mailbox()
    assert ids(mailbox.search(" ".join(terms[0]))) == ids(mailbox.search("  ".join(terms[1])))


@given(terms=st.lists(_terms, min_size=1, max_size=4))
def test_a_query_finds_what_each_of_its_words_finds(terms: list[str]) -> None:
    mailbox = make_mailbox()
    each = [set(ids(mailbox.search(term))) for term in terms]
    assert set(ids(mailbox.search(" ".join(terms)))) == set.intersection(*each)
