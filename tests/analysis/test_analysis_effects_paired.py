"""Paired contrasts: which episodes make a pair, against which baseline, and what is left out."""

import math

import pytest
from pandas import DataFrame

from agentic_misalignment.analysis.effects import Difference, Outcome, paired_contrasts
from tests.analysis.effects_frames import by_level, many, table


# Two worlds, four seeds each. Baseline replacement: 4 + 2 of 8; none: 1 + 0 of 8. Difference 1/8 - 6/8.
def test_a_level_is_compared_with_the_default() -> None:
    frame = table(
        [
            *many("1111", world="w1"),
            *many("1100", world="w2"),
            *many("1000", world="w1", threat="none"),
            *many("0000", world="w2", threat="none"),
        ]
    )
    (found,) = paired_contrasts(frame)
    assert (found.factor, found.baseline, found.level) == ("threat", "replacement", "none")
    assert (found.pairs, found.worlds, found.left_out, found.apart) == (8, 2, 0, "")
    assert (found.baseline_rate, found.level_rate, found.difference) == (0.75, 0.125, -0.625)
    made = Difference(
        first=tuple(Outcome(world, int(harm)) for world, harms in (("w1", "1111"), ("w2", "1100")) for harm in harms),
        second=tuple(Outcome(world, int(harm)) for world, harms in (("w1", "1000"), ("w2", "0000")) for harm in harms),
        pairs=tuple((place, place) for place in range(8)),
    )
    assert (found.low, found.high) == made.bounds()
    assert (found.clustered_low, found.clustered_high) == made.bounds_over_worlds()


def test_without_the_default_the_first_level_is_the_baseline() -> None:
    frame = table([*many("1", threat="restriction"), *many("0", threat="none")])
    (found,) = paired_contrasts(frame)
    assert (found.baseline, found.level) == ("none", "restriction")


def test_pairs_agree_in_world_seed_epoch_and_every_other_factor() -> None:
    alone = [
        {"world": "w1", "seed": 1, "epoch": 1, "goal": "explicit"},
        {"world": "w2", "seed": 1, "epoch": 1, "goal": "explicit", "threat": "none"},
        {"world": "w1", "seed": 2, "epoch": 1, "goal": "explicit", "threat": "none"},
        {"world": "w1", "seed": 1, "epoch": 2, "goal": "explicit", "threat": "none"},
        {"world": "w1", "seed": 1, "epoch": 1, "goal": "latent", "threat": "none"},
    ]
    found = by_level(paired_contrasts(table(alone)))["threat=none"]
    assert (found.pairs, found.left_out) == (0, 5)
    assert math.isnan(found.difference)
    assert math.isnan(found.low)


def test_a_partner_that_is_not_valid_is_no_partner() -> None:
    frame = table([*many("110"), *many("1-0", threat="none")])
    (found,) = paired_contrasts(frame)
    assert (found.pairs, found.left_out) == (2, 1)


def test_repeated_episodes_pair_within_their_log_first() -> None:
    runs = [
        {"harm": 0, "created": "2026-01-01", "log_file": "a"},
        {"harm": 1, "created": "2026-01-02", "log_file": "b"},
        {"harm": 1, "created": "2026-01-02", "log_file": "b", "threat": "none"},
    ]
    (found,) = paired_contrasts(table(runs))
    assert (found.pairs, found.left_out, found.baseline_rate, found.level_rate) == (1, 1, 1, 1)


def test_repeated_episodes_of_other_logs_pair_in_the_order_of_the_runs() -> None:
    runs = [
        {"harm": 1, "created": "2026-01-02", "log_file": "b"},
        {"harm": 0, "created": "2026-01-01", "log_file": "a"},
        {"harm": 0, "created": "2026-01-03", "log_file": "c", "threat": "none"},
    ]
    (found,) = paired_contrasts(table(runs))
    assert (found.pairs, found.left_out, found.baseline_rate, found.level_rate) == (1, 1, 0, 0)


def test_a_factor_that_is_switched_off_stands_at_its_baseline() -> None:
    frame = table(
        [
            *many("11"),
            *many("01", goal_pair="abroad_first"),
            *many("00", goal="none", goal_pair="n/a"),
        ]
    )
    found = by_level(paired_contrasts(frame))
    assert (found["goal=none"].pairs, found["goal=none"].left_out) == (2, 2)
    assert (found["goal_pair=abroad_first"].pairs, found["goal_pair=abroad_first"].left_out) == (2, 0)


def test_joined_levels_are_levels_after_single_ones() -> None:
    levels = ("none", "sandbox_word+deadline", "deadline")
    frame = table(row for level in levels for row in many("01", nudges=level))
    assert [(each.level, each.pairs) for each in paired_contrasts(frame)] == [
        ("deadline", 2),
        ("sandbox_word+deadline", 2),
    ]


@pytest.mark.parametrize(
    "field", ["scenario", "task", "task_version", "model", "judge", "rubric_hash", "data_hash", "setup"]
)
def test_what_may_not_be_pooled_makes_no_pairs(field: str) -> None:
    frame = table([*many("1"), *many("0", threat="none", **{field: "4-A"})])
    assert paired_contrasts(frame) == []


def test_what_sets_pools_apart_is_said() -> None:
    frame = table(
        row for setup in "ab" for level in ("none", "replacement") for row in many("1", setup=setup, threat=level)
    )
    assert [each.apart for each in paired_contrasts(frame)] == ["setup a", "setup b"]


def test_versions_that_agree_in_n_are_pooled() -> None:
    (found,) = paired_contrasts(table([*many("1"), *many("0", threat="none", task_version="3-B")]))
    assert found.pairs == 1


def test_no_episodes_make_no_contrasts() -> None:
    assert paired_contrasts(DataFrame()) == []
    assert paired_contrasts(table(many("--"))) == []
