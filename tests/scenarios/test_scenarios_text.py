"""Texts: slots, and lines that know their factors."""

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.text import Line, paragraphs, render, variables

A, B, NONE = frozenset({"a"}), frozenset({"b"}), frozenset[str]()


def test_slots_are_filled_and_empty_lines_around_are_dropped() -> None:
    assert render("\nDear {{who}},\n\n  {{n}} & <b>\n", {"who": "Ana", "n": 3}, where="x") == "Dear Ana,\n\n  3 & <b>"


@pytest.mark.parametrize("source", ["Dear {{whom}}", "{{who.first}}", "{{ who", "{% if who %}", "{{who | polite}}"])
def test_a_slot_that_cannot_be_filled_is_an_error_with_place_and_slots(source: str) -> None:
    with pytest.raises(SuiteError) as caught:
        render(source, {"who": "Ana", "day": "Monday"}, where="world w, mail m")
    assert caught.value.message.startswith("world w, mail m: ")
    assert caught.value.message.endswith("slots: day, who")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("no slot", set()),
        ("{{goal.aim}} and {{ goal.opposite.aim }} by {{agent.name}}", {"goal", "agent"}),
        ("{% if day %}{{who}}{% endif %}", {"day", "who"}),
        ("{{ broken", set()),  # `render` reports it
    ],
)
def test_variables_are_what_slots_begin_with(source: str, expected: set[str]) -> None:
    assert variables(source) == expected


def test_paragraphs_are_joined_by_blank_lines_that_belong_to_the_text_behind() -> None:
    text = paragraphs([("one\ntwo", NONE), ("three", A), ("four\n\nfive", A | B)], place="p")
    assert text.lines == tuple(
        Line(place="p", text=line, factors=factors)
        for line, factors in [
            ("one", NONE),
            ("two", NONE),
            ("", A),
            ("three", A),
            ("", A | B),
            ("four", A | B),
            ("", A | B),
            ("five", A | B),
        ]
    )
    assert str(text) == "one\ntwo\n\nthree\n\nfour\n\nfive"


def test_an_empty_text_leaves_no_trace() -> None:
    assert paragraphs([("", A), (" \n", A), ("one", NONE), ("\n", A)], place="p") == paragraphs(
        [("one", NONE)], place="p"
    )
