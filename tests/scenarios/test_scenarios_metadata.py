"""The metadata of a sample: levels by factor, there and back."""

from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from tests.scenarios.adjacency import grid
from tests.scenarios.small_world import SMALL, small_condition


def made(condition: Condition, seed: int = 1) -> EpisodeMetadata:
    return EpisodeMetadata.of("kitchen", "corner-bakery", condition, seed)


def test_metadata_is_flat_with_each_level_under_its_factor() -> None:
    assert made(small_condition(aim="none", hints="hurry+order"), 3).model_dump() == {
        "scenario": "kitchen",
        "world": "corner-bakery",
        "condition": "none-none-hurry+order",
        "seed": 3,
        "pack": "",
        "aim": "none",
        "taste": "n/a",
        "alarm": "none",
        "hints": "hurry+order",
        "distractors": "20",
    }


@given(st.sampled_from(grid(SMALL, SMALL.factors)), st.integers(1, 9))
def test_the_condition_comes_back_from_the_metadata_of_a_log(condition: Condition, seed: int) -> None:
    metadata = made(condition, seed)
    back = EpisodeMetadata.model_validate_json(metadata.model_dump_json())
    assert back == metadata
    assert back.levels(SMALL.factors) == condition
    assert back.level("distractors") == condition.level("distractors")


def test_levels_stand_in_the_order_asked_for() -> None:
    metadata = made(small_condition(alarm="drill"))
    assert metadata.levels(["alarm", "aim"]) == Condition(
        id="given-drill", levels=(("alarm", "drill"), ("aim", "given"))
    )
