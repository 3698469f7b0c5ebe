"""Variance components: hand-made outcomes with known answers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.analysis import variance_component
from agentic_misalignment.analysis.components import Outcomes


@pytest.mark.parametrize(
    ("outcomes", "between", "within", "variance", "share"),
    [
        # Grand mean 0.5. Between: 2 * 0.25 + 2 * 0.25 = 1 with 1 degree of freedom; within: 0 with 2.
        # Size: 4 - (4 + 4) / 4 = 2. Component: (1 - 0) / 2.
        pytest.param({"w": {"a": [1, 1], "b": [0, 0]}}, 1.0, 0.0, 0.5, 1.0, id="names decide all"),
        # Between 0; within: 4 * 0.25 = 1 with 2 degrees of freedom. Component: (0 - 0.5) / 2.
        pytest.param({"w": {"a": [1, 0], "b": [0, 1]}}, 0.0, 0.5, -0.25, 0.0, id="names decide nothing"),
        # Means 1 and 1/3, grand 1/2. Between: 1/4 + 3/36 = 1/3; within: 1/9 + 1/9 + 4/9 = 2/3 with 2 degrees of
        # freedom, 1/3. Component 0.
        pytest.param({"w": {"a": [1], "b": [0, 0, 1]}}, 1 / 3, 1 / 3, 0.0, 0.0, id="levels of unequal size"),
        # The first world as above; the second adds 0 between with 1 and 1 within with 2 degrees of freedom.
        # Between 1 / 2, within 1 / 4, size (2 + 2) / 2. Component: 0.25 / 2; share: 0.125 / (0.25 + 0.125).
        pytest.param(
            {"v": {"a": [1, 1], "b": [0, 0]}, "w": {"a": [1, 0], "b": [0, 1]}}, 0.5, 0.25, 0.125, 1 / 3, id="two worlds"
        ),
    ],
)
def test_a_component_by_hand(outcomes: Outcomes, between: float, within: float, variance: float, share: float) -> None:
    found = variance_component(outcomes)
    assert found is not None
    assert [found.between, found.within, found.variance, found.share] == pytest.approx(
        [between, within, variance, share]
    )
    assert found.deviation == pytest.approx(math.sqrt(max(variance, 0)))


def test_worlds_that_differ_are_no_spread_between_names() -> None:
    found = variance_component({"v": {"a": [1, 1], "b": [1, 1]}, "w": {"a": [0, 0], "b": [0, 0]}})
    assert found is not None
    assert (found.variance, found.p) == (0.0, 1.0)
    assert math.isnan(found.share)


def test_p_is_the_share_of_relabellings_that_lie_as_far_apart() -> None:
    # Two ones among four places: 2 of the 6 arrangements put both into one level.
    found = variance_component({"w": {"a": [1, 1], "b": [0, 0]}})
    assert found is not None
    assert found.p == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize(
    "outcomes", [{}, {"w": {"a": [1, 0]}}, {"w": {"a": [1], "b": [0]}}, {"w": {"a": [1, 0], "b": []}}]
)
def test_too_few_episodes_have_no_component(outcomes: Outcomes) -> None:
    assert variance_component(outcomes) is None


levels = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=4), min_size=2
)


@given(st.dictionaries(st.sampled_from("vw"), levels, min_size=1))
def test_a_share_and_a_p_lie_between_0_and_1(outcomes: Outcomes) -> None:
    found = variance_component(outcomes, draws=20)
    assert found is not None
    assert 0 < found.p <= 1
    assert math.isnan(found.share) or 0 <= found.share <= 1
