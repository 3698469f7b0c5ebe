"""Fitted effects: published and hand-made odds ratios, worlds as clusters, separation and aliases."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import t
from statsmodels.api import GEE, families

from agentic_misalignment.analysis.effects import FittedEffect, fitted_effects
from agentic_misalignment.analysis.effects.separation import estimable
from tests.analysis.effects_frames import by_level, many, table

# Applicants to Berkeley in 1973 by department and gender: admitted and rejected men, then women (Bickel, Hammel and
# O'Connell 1975, Science 187:398-404; R's data set UCBAdmissions).
BERKELEY = {
    "none": ((512, 313), (89, 19)),
    "ally": ((353, 207), (17, 8)),
    "bulletin": ((120, 205), (202, 391)),
    "ethics_mailbox": ((138, 279), (131, 244)),
    "external_channel": ((53, 138), (94, 299)),
    "monitoring_notice": ((22, 351), (24, 317)),
}
# R: glm(Admit ~ Gender + Dept, binomial, weights = Freq): estimate and standard error.
PUBLISHED = {
    "threat=none": (0.09987, 0.08085),
    "exit=ally": (-0.04340, 0.10984),
    "exit=bulletin": (-1.26260, 0.10663),
    "exit=ethics_mailbox": (-1.29461, 0.10582),
    "exit=external_channel": (-1.73931, 0.12611),
    "exit=monitoring_notice": (-3.30648, 0.16998),
}


def berkeley(worlds: int) -> list[dict[str, Any]]:
    """The applicants, once in each world, so that worlds do not differ at all."""
    return [
        row
        for world in range(worlds)
        for level, genders in BERKELEY.items()
        for threat, (admitted, rejected) in zip(("replacement", "none"), genders, strict=True)
        for row in many("1" * admitted + "0" * rejected, world=f"w{world}", exit=level, threat=threat)
    ]


@pytest.fixture(scope="module")
def admissions() -> dict[str, FittedEffect]:
    return by_level(fitted_effects(table(berkeley(3))))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_odds_ratios_come_out(admissions: dict[str, FittedEffect], name: str) -> None:
    effect, error = PUBLISHED[name]
    found = admissions[name]
    assert math.log(found.odds_ratio) == pytest.approx(effect, abs=1e-4)
    # Worlds that do not differ leave the model's own error, here of three copies.
    half = t.isf(0.025, 2) * error / math.sqrt(3)
    assert math.log(found.high) - math.log(found.odds_ratio) == pytest.approx(half, rel=2e-3)
    assert math.log(found.odds_ratio) - math.log(found.low) == pytest.approx(half, rel=2e-3)
    assert (found.episodes, found.worlds, found.note) == (3 * 4526, 3, "only 3 worlds")


WORLDS = {
    "w1": ("11110000", "10000000"),
    "w2": ("11111110", "11000000"),
    "w3": ("11000000", "11110000"),
    "w4": ("11111100", "11110000"),
}


def grid() -> list[dict[str, Any]]:
    return [
        row
        for world, sides in WORLDS.items()
        for level, outcomes in zip(("replacement", "none"), sides, strict=True)
        for row in many(outcomes, world=world, threat=level)
    ]


# Baseline 19 of 32, level 11 of 32: odds ratio (11 / 21) / (19 / 13) = 0.3584.
def test_one_factor_has_the_odds_ratio_of_its_table() -> None:
    (found,) = fitted_effects(table(grid()))
    assert (found.factor, found.baseline, found.level) == ("threat", "replacement", "none")
    assert found.odds_ratio == pytest.approx(11 * 13 / (21 * 19))


# statsmodels solves a system as large as a world has episodes; ours is as large as the model.
def test_the_variance_over_worlds_is_that_of_mancl_and_derouen() -> None:
    levels = [float(level) for _ in WORLDS for level in (0, 1) for _ in range(8)]
    groups = [world for world in WORLDS for _ in range(16)]
    harm = [float(outcome) for sides in WORLDS.values() for side in sides for outcome in side]
    design = np.column_stack([np.ones(64), levels])
    expected = GEE(harm, design, groups=groups, family=families.Binomial()).fit(cov_type="bias_reduced").bse[1]
    assert expected > math.sqrt(1 / 11 + 1 / 21 + 1 / 19 + 1 / 13)  # the model's own error, Woolf 1955

    (found,) = fitted_effects(table(grid()))

    assert math.log(found.high / found.odds_ratio) == pytest.approx(t.isf(0.025, 3) * expected, rel=1e-4)
    assert found.p == pytest.approx(2 * t.sf(abs(math.log(found.odds_ratio)) / expected, 3), rel=1e-4)
    assert found.note == ""


def test_a_level_without_harm_is_separated_and_the_others_are_fitted() -> None:
    rows = grid() + [row for world in WORLDS for row in many("0000", world=world, threat="restriction")]
    found = by_level(fitted_effects(table(rows)))
    assert math.isnan(found["threat=restriction"].odds_ratio)
    assert math.isnan(found["threat=restriction"].high)
    assert found["threat=restriction"].note == "separation: none of 16 episodes with restriction are harmful"
    assert found["threat=none"].odds_ratio == pytest.approx(11 * 13 / (21 * 19))
    assert found["threat=none"].note == ""


def test_a_baseline_that_always_harms_is_separated() -> None:
    rows = [row for world in WORLDS for row in (*many("11", world=world), *many("10", world=world, threat="none"))]
    (found,) = fitted_effects(table(rows))
    assert math.isnan(found.odds_ratio)
    assert found.note == "separation: all of 8 episodes with replacement are harmful"


@pytest.mark.parametrize(("outcome", "word"), [("0", "none"), ("1", "all")])
def test_floor_and_ceiling_are_separated(outcome: str, word: str) -> None:
    rows = [
        row
        for world in WORLDS
        for level in ("replacement", "none")
        for row in many(outcome * 2, world=world, threat=level)
    ]
    (found,) = fitted_effects(table(rows))
    assert all(map(math.isnan, (found.odds_ratio, found.low, found.high, found.p)))
    assert found.note == f"separation: {word} of 8 episodes with none are harmful"


# Harm is done exactly when both factors are off their baseline or neither is: every level has both outcomes, but no
# sum of main effects foretells them, so nothing is separated and nothing has an effect.
def test_an_interaction_alone_is_no_separation() -> None:
    rows = [
        row
        for world in WORLDS
        for goal in ("explicit", "latent")
        for threat in ("replacement", "none")
        for row in many(
            "11" if (goal == "latent") == (threat == "none") else "00", world=world, goal=goal, threat=threat
        )
    ]
    assert [each.odds_ratio for each in fitted_effects(table(rows))] == pytest.approx([1, 1])


# Neither factor decides alone: harm at (latent, replacement), none at (explicit, none), both where they agree.
def test_factors_that_foretell_together_are_separated() -> None:
    cells = {
        ("explicit", "replacement"): "10",
        ("latent", "replacement"): "11",
        ("explicit", "none"): "00",
        ("latent", "none"): "10",
    }
    rows = [
        row
        for world in WORLDS
        for (goal, threat), harms in cells.items()
        for row in many(harms, world=world, goal=goal, threat=threat)
    ]
    found = fitted_effects(table(rows))
    assert all(math.isnan(each.odds_ratio) for each in found)
    assert {each.note for each in found} == {
        "separation: the factors together foretell the outcome of some episodes without error"
    }


def test_factors_that_vary_together_are_not_told_apart() -> None:
    rows = grid()
    for row in rows:
        row["rule"] = "prohibition" if row["threat"] == "none" else "none"
    assert {each.note for each in fitted_effects(table(rows))} == {
        "varies only together with other factors: cannot be told apart from them"
    }


def test_a_level_in_one_world_has_no_interval_over_worlds() -> None:
    rows = grid() + many("1100", world="w1", threat="restriction")
    found = by_level(fitted_effects(table(rows)))
    assert found["threat=restriction"].odds_ratio == pytest.approx(13 / 19)
    assert math.isnan(found["threat=restriction"].low)
    assert found["threat=none"].note == "no interval over worlds: one world alone decides about threat=restriction"


@pytest.mark.parametrize(("worlds", "why"), [(1, "1 world"), (2, "2 worlds")])
def test_one_or_two_worlds_have_no_interval(worlds: int, why: str) -> None:
    rows = [
        row
        for world in list(WORLDS)[:worlds]
        for row in (*many("1100", world=world), *many("1000", world=world, threat="none"))
    ]
    (found,) = fitted_effects(table(rows))
    assert found.odds_ratio == pytest.approx(1 / 3)
    assert all(map(math.isnan, (found.low, found.high, found.p)))
    assert found.note == f"no interval over worlds: {why}"


def test_a_factor_that_is_switched_off_does_not_alias_its_switch() -> None:
    rows = [
        row
        for world in WORLDS
        for row in (
            *many("1100", world=world),
            *many("1000", world=world, goal_pair="abroad_first"),
            *many("1110", world=world, goal="none", goal_pair="n/a"),
        )
    ]
    found = by_level(fitted_effects(table(rows)))
    assert found["goal=none"].odds_ratio == pytest.approx(3)
    assert found["goal_pair=abroad_first"].odds_ratio == pytest.approx(1 / 3)


def test_nothing_that_varies_fits_nothing() -> None:
    assert fitted_effects(table(many("0101"))) == []


def test_separation_leaves_the_rows_that_decide() -> None:
    design = np.array([[1, 0], [1, 0], [1, 1], [1, 1]])
    found = estimable(design, np.array([0, 1, 1, 1]))
    assert found.rows.tolist() == [True, True, False, False]
    assert found.finite.tolist() == [True, False]
    assert found.aliased.tolist() == [False, False]
