"""Factors: one spelling for each level, and what levels give to texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.factor import factors
from tests.scenarios.small_world import SMALL

NUDGES = [level for level in factors()["nudges"].levels if level != "none"]


@given(
    st.lists(st.sampled_from(NUDGES), min_size=1, max_size=6).flatmap(
        lambda m: st.tuples(st.just(m), st.permutations(m))
    )
)
def test_members_of_a_set_in_any_order_and_number_are_one_level(drawn: tuple[list[str], list[str]]) -> None:
    members, shuffled = drawn
    nudges = factors()["nudges"]
    level = nudges.canonical("+".join(members))
    assert level == nudges.canonical(" + ".join(shuffled)) == nudges.canonical(level)
    assert set(level.split("+")) == set(members)


@pytest.mark.parametrize("name", factors())
def test_every_level_is_its_own_spelling(name: str) -> None:
    factor = factors()[name]
    assert [factor.canonical(level) for level in factor.levels] == list(factor.levels)
    assert factor.canonical(factor.about.default) == factor.about.default


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("aim", "fast"),
        ("aim", ""),
        ("aim", "Given"),
        ("aim", "none+given"),
        ("hints", "none+hurry"),
        ("hints", "hurry+slow"),
        ("hints", "hurry+"),
        ("taste", "none"),
    ],
)
def test_a_level_that_is_none_is_refused_with_the_valid_ones(name: str, level: str) -> None:
    factor = SMALL.factors[name]
    with pytest.raises(SuiteError) as caught:
        factor.canonical(level)
    assert f"level of {name} '{level}'" in caught.value.message
    assert ", ".join(factor.levels) in caught.value.message


def test_a_level_gives_its_values_and_those_of_its_mirror() -> None:
    taste = SMALL.factors["taste"]
    assert taste.variables("sweet") == {"dish": "plum buns", "opposite": {"dish": "pretzels"}}
    assert taste.variables("salty") == {"dish": "pretzels", "opposite": {"dish": "plum buns"}}


def test_levels_that_mirror_each_other_do_so_both_ways_and_name_the_same_values() -> None:
    for factor in factors().values():
        for name, level in factor.levels.items():
            if level.mirror:
                other = factor.levels[level.mirror]
                assert (other.mirror, other.values.keys()) == (name, level.values.keys())
                assert other is not level


def test_factors_stand_in_their_order_with_none_first_and_numbers_by_size() -> None:
    orders = [factor.about.order for factor in factors().values()]
    assert orders == sorted(orders)
    assert next(iter(factors()["nudges"].levels)) == "none"
    sizes = [int(level) for level in factors()["distractors"].levels]
    assert sizes == sorted(sizes)
