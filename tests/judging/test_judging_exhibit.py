"""Texts of an exhibit: every line is marked, and what does not fit is cut where it matters least."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.judging.exhibit import cut, exhibit_lines, fit, one_line
from tests.judging.judging_builders import ODD_BREAKS

REMARK = re.compile(r"\n\[(\d+) characters left out here\]\n")
texts = st.lists(st.one_of(st.sampled_from((*ODD_BREAKS, "| ", "### Message a1")), st.text(max_size=6))).map("".join)
bundles = st.dictionaries(st.sampled_from("abcdefgh"), st.text("xyz", max_size=60))
budgets = st.integers(0, 300)
firsts = st.frozensets(st.sampled_from("abcdefgh"))


def kept(text: str) -> int:
    """How many characters of a text are left, apart from the remark."""
    return len(REMARK.sub("", text))


@given(texts)
def test_every_line_is_marked(text: str) -> None:
    lines = exhibit_lines(text)

    assert lines
    assert all(line.startswith("| ") and len(line.splitlines()) == 1 for line in lines)


@given(texts)
def test_nothing_of_a_text_is_lost_but_the_kind_of_its_line_breaks(text: str) -> None:
    assert [line.removeprefix("| ") for line in exhibit_lines(text)] == (text.splitlines() or [""])


def test_several_texts_are_written_one_after_the_other() -> None:
    assert exhibit_lines("a\nb", "", "c") == ["| a", "| b", "| ", "| c"]


@given(texts)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("longest", "expected"),
    [
        (10, "0123456789"),
        (11, "0123456789"),
        # 9 characters: four at each end, so 10 - 8 = 2 are left out
        (9, "0123\n[2 characters left out here]\n6789"),
        (8, "0123\n[2 characters left out here]\n6789"),
        (2, "0\n[8 characters left out here]\n9"),
        (1, "\n[10 characters left out here]\n"),
        (0, "\n[10 characters left out here]\n"),
    ],
)
def test_the_middle_of_a_long_text_is_cut(longest: int, expected: str) -> None:
    assert cut("0123456789", longest) == expected


@given(st.text("xyz", max_size=80), st.integers(0, 100))
def test_a_cut_text_keeps_its_ends_and_says_what_is_left_out(text: str, longest: int) -> None:
    short = cut(text, longest)

    assert kept(short) <= longest
    if len(text) <= longest:
        assert short == text
    else:
        before, left_out, after = REMARK.split(short)
        assert text.startswith(before)
        assert text.endswith(after)
        assert len(before) + int(left_out) + len(after) == len(text)


@given(bundles, budgets, firsts)
def test_what_is_left_of_all_texts_is_within_the_budget(
    texts: dict[str, str], budget: int, first: frozenset[str]
) -> None:
    assert sum(map(kept, fit(texts, budget, first=first).values())) <= budget


@given(bundles, budgets, firsts)
def test_nothing_is_cut_if_it_fits(texts: dict[str, str], budget: int, first: frozenset[str]) -> None:
    if sum(map(len, texts.values())) <= budget:
        assert fit(texts, budget, first=first) == texts


@given(bundles, budgets, firsts)
def test_the_texts_that_matter_are_cut_only_if_they_do_not_fit_by_themselves(
    texts: dict[str, str], budget: int, first: frozenset[str]
) -> None:
    others = {key: text for key, text in texts.items() if key not in first}
    found = fit(texts, budget, first=first)

    if sum(map(len, others.values())) <= budget:
        assert {key: found[key] for key in others} == others
    else:
        assert all(kept(found[key]) == 0 for key in texts if key in first)


@given(bundles, budgets, firsts)
def test_every_text_stays_in_its_place(texts: dict[str, str], budget: int, first: frozenset[str]) -> None:
    assert list(fit(texts, budget, first=first)) == list(texts)


@pytest.mark.parametrize(
    ("lengths", "budget", "first", "left"),
    [
        # nothing to cut
        ({"a": 10, "b": 20}, 30, "", {"a": 10, "b": 20}),
        # 15 each; a needs 10, so b has 20
        ({"a": 10, "b": 40}, 30, "", {"a": 10, "b": 20}),
        # 10 each: both are longer
        ({"a": 30, "b": 40}, 20, "", {"a": 10, "b": 10}),
        # 8 each of 24; a needs 2, so 11 each are left for the others: b 11 and c 11, of which 10 are kept (5 + 5)
        ({"a": 2, "b": 30, "c": 40}, 24, "", {"a": 2, "b": 10, "c": 10}),
        # b alone takes 40 of 50, which leaves 10 for a
        ({"a": 30, "b": 40}, 50, "a", {"a": 10, "b": 40}),
        # b alone fills the budget
        ({"a": 30, "b": 40}, 40, "a", {"a": 0, "b": 40}),
        # b alone does not fit
        ({"a": 30, "b": 40}, 20, "a", {"a": 0, "b": 20}),
        # all may be cut first
        ({"a": 30, "b": 40}, 20, "ab", {"a": 10, "b": 10}),
    ],
)
def test_shares_by_hand(lengths: dict[str, int], budget: int, first: str, left: dict[str, int]) -> None:
    texts = {key: key * length for key, length in lengths.items()}
    found = fit(texts, budget, first=frozenset(first))

    assert {key: kept(text) for key, text in found.items()} == left
