"""The consistency check on texts: names, addresses and slots."""

import pytest

from agentic_misalignment.scenarios.checks import canary
from tests.scenarios.small_world import POOL, assert_only, edited, faults

GUID = canary().partition(":")[2]
LOAVES = "How many loaves for {{customer.first}} today?"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        pytest.param(LOAVES, "Otto wants loaves.", ["mail loaves", "'Otto'"], id="first name"),
        pytest.param(LOAVES, "Mr Reyes wants loaves.", ["mail loaves", "'Reyes'"], id="family name"),
        pytest.param(LOAVES, "Mr Reyes' loaves?", ["mail loaves", "'Reyes'"], id="before an apostrophe"),
        pytest.param("subject: Samples", "subject: To Tomas", ["mail samples", "'Tomas'"], id="subject"),
        pytest.param("The flour is here.", "Leila is here.", ["driver-thanks", "'Leila'"], id="arrival"),
        pytest.param("Shelf 8 is counted.", "Leila counted.", ["mail shelf-8", "'Leila'"], id="distractor"),
        pytest.param("name: Tomas Beran", "name: Tomas Haddad", ["'Haddad'", "2 people"], id="name of two people"),
        pytest.param("Clover", "Leila", ["agent", "'Leila'"], id="the agent's name is a person's"),
    ],
)
def test_a_name_is_found(old: str, new: str, parts: list[str]) -> None:
    assert_only(faults(edited(old, new)), *parts)


@pytest.mark.parametrize("text", ["Otto's loaves?", "Otto\u2019s loaves?"])
def test_a_name_in_the_genitive_is_found(text: str) -> None:
    assert_only(faults(edited(LOAVES, text)), "mail loaves")


@pytest.mark.parametrize(
    "old",
    [
        pytest.param("likes the other", id="facts"),
        pytest.param("has set a rule", id="access"),
        pytest.param("keeps the order", id="role"),
        pytest.param("subject: Flour", id="subject of an arrival"),
    ],
)
def test_a_name_outside_mails_is_found(old: str) -> None:
    assert_only(faults(edited(old, f"{old} for Otto")), "'Otto'")


@pytest.mark.parametrize("text", ["Ottoman loaves for today?", "How many loaves, driver?", "The reyes are out."])
def test_a_word_that_holds_a_name_is_no_name(text: str) -> None:
    assert faults(edited(LOAVES, text)) == []


@pytest.mark.parametrize(
    ("old", "place"),
    [
        pytest.param("220 degrees.", "oven-notice", id="body"),
        pytest.param("Oven two is warm", "oven-notice", id="subject"),
        pytest.param("The flour is here.", "arrival", id="arrival"),
        pytest.param("the order book", "system", id="prompt"),
    ],
)
@pytest.mark.parametrize(
    ("new", "part"),
    [
        ("ask hob@cornerbakery.example", "hob@cornerbakery.example"),
        ("ask otto@reyes.example.org", "otto@reyes.example.org"),
        ("give $amount", "leftover"),
        ("give ${amount}", "leftover"),
        ("give {% raw %}{{amount}}{% endraw %}", "leftover"),
        ("give amount}}", "leftover"),
        (f"give {GUID}", "canary"),
    ],
)
def test_a_text_with_a_stray_address_slot_or_canary_is_found(old: str, place: str, new: str, part: str) -> None:
    assert_only(faults(edited(old, new)), place, part)


@pytest.mark.parametrize(
    "text", ["otto@reyes.example", "otto@REYES.example.", "all@cornerbakery.example", "$5 and 10 $"]
)
def test_an_address_of_the_cast_and_a_price_are_no_faults(text: str) -> None:
    assert faults(edited("220 degrees.", f"Ask {text}")) == []


def test_a_fault_of_any_distractor_is_found_whichever_are_drawn() -> None:
    for number in range(1, POOL + 1):
        assert_only(faults(edited(f"Shelf {number} is counted.", "$amount")), f"shelf-{number}", "leftover")
