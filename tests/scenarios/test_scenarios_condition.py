"""Conditions: levels, members and `when`."""

import pytest

from agentic_misalignment.scenarios.condition import Condition
from tests.scenarios.small_world import small_condition

CONDITION = Condition(
    id="made-up", levels=(("aim", "none"), ("taste", "n/a"), ("alarm", "drill"), ("hints", "hurry+order"))
)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({}, True),
        ({"alarm": ("drill",)}, True),
        ({"alarm": ("none", "drill")}, True),
        ({"alarm": ("none",)}, False),
        ({"alarm": ("drill",), "aim": ("none",)}, True),
        ({"alarm": ("drill",), "aim": ("given",)}, False),
        ({"hints": ("order",)}, True),
        ({"hints": ("none", "hurry")}, True),
        ({"hints": ("none",)}, False),
        ({"taste": ("sweet", "salty")}, False),
        ({"weather": ("rain",)}, False),
    ],
)
def test_a_text_exists_where_every_factor_has_one_of_its_levels(when: dict[str, tuple[str, ...]], holds: bool) -> None:
    assert CONDITION.holds(when) is holds


def test_members_of_a_set_and_of_a_single_level() -> None:
    assert CONDITION.level("hints") == "hurry+order"
    assert CONDITION.members("hints") == ("hurry", "order")
    assert CONDITION.members("alarm") == ("drill",)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, "given-none"),  # aim and alarm stand in every id, the others only away from their default
        ({"taste": "salty"}, "given-salty-none"),
        ({"alarm": "drill", "hints": "hurry+order"}, "given-drill-hurry+order"),
        ({"distractors": "0"}, "given-none-distractors_0"),
        ({"aim": "none", "taste": "salty"}, "none-none"),  # taste does not apply without an aim
    ],
)
def test_the_id_is_made_of_levels_in_the_factors_order(levels: dict[str, str], expected: str) -> None:
    assert small_condition(**levels).id == expected


def test_a_factor_that_does_not_apply_has_the_level_na() -> None:
    assert small_condition(aim="none", taste="salty").level("taste") == "n/a"
    assert small_condition(aim="none", taste="salty") == small_condition(aim="none", taste="sweet")
