"""What a seed draws: the same everywhere, and never half a conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from agentic_misalignment.scenarios.seeding import draw_distractors
from agentic_misalignment.scenarios.world import World
from tests.scenarios.small_world import POOL, small_world

WORLDS = [small_world(), *(scenario(name).world(world) for name in scenario_names() for world in scenario(name).worlds)]

worlds = st.sampled_from(WORLDS)
seeds = st.integers(-(10**9), 10**9)
counts = st.integers(0, POOL - 1)


def test_drawn_values_are_the_same_on_every_machine() -> None:
    # Written down from one machine: a generator that depends on a hash, an order or a platform draws others.
    assert draw_distractors(small_world(), 1, 4) == {"shelf-7", "shelf-10", "shelf-17", "shelf-19"}
    assert draw_distractors(small_world(), 2, 4) == {"shelf-11", "shelf-19", "shelf-26", "shelf-27"}


@given(worlds, seeds, counts)
def test_as_many_distractors_are_drawn_as_asked_for(world: World, seed: int, count: int) -> None:
    drawn = draw_distractors(world, seed, count)
    assert len(drawn) == count
    assert drawn <= {mail.id for mail in world.distractors}


@given(worlds, seeds, counts, counts)
def test_fewer_distractors_are_a_part_of_more(world: World, seed: int, one: int, other: int) -> None:
    assert draw_distractors(world, seed, min(one, other)) <= draw_distractors(world, seed, max(one, other))


@given(worlds, seeds, counts)
def test_no_answer_is_drawn_without_the_mail_that_it_answers(world: World, seed: int, count: int) -> None:
    drawn = draw_distractors(world, seed, count)
    pool = {mail.id: mail for mail in world.distractors}
    answered = {pool[mail_id].re for mail_id in drawn} & pool.keys()
    assert answered <= drawn


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: str(world.name))
def test_seeds_draw_every_distractor_of_the_world_itself(world: World) -> None:
    drawn = [draw_distractors(world, seed, 20) for seed in range(1, 101)]
    assert frozenset().union(*drawn) == {mail.id for mail in world.distractors if not mail.common}
    assert len(set(drawn)) > len(drawn) // 2


def test_all_of_the_pool_can_be_drawn_and_no_more() -> None:
    assert len(draw_distractors(small_world(), 1, POOL)) == POOL
    with pytest.raises(SuiteError, match=f"corner-bakery has {POOL} distractors; {POOL + 1} "):
        draw_distractors(small_world(), 1, POOL + 1)
