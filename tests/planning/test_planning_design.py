import pytest

from agentic_misalignment.planning.design import Design, design_of
from agentic_misalignment.scenarios import Condition
from agentic_misalignment.scenarios.plan import make_plan


def conditions(*rows: str) -> list[Condition]:
    """Make conditions of one letter a level, for the factors a, b and c; `-` is a level that does not apply."""
    return [
        Condition(
            id=row,
            levels=tuple((factor, level.replace("-", "n/a")) for factor, level in zip("abc", row, strict=True)),
        )
        for row in rows
    ]


def of(experiment: str, scenario: str = "blackmail") -> Design:
    return design_of(make_plan(scenario, experiment_name=experiment).conditions)


def test_a_crossed_design_has_nothing_to_say() -> None:
    design = of("triggers")

    assert list(design.levels) == ["goal", "threat", "leverage"]
    assert (design.aliased, design.confounded, design.missing, design.uneven) == ((), (), 0, ())
    # 12 conditions: 6 behind each level of goal and leverage, 4 behind each of threat
    assert design.others == {"goal": 6, "threat": 4, "leverage": 6}


def test_the_two_arms_of_an_experiment_alias_what_they_change_together() -> None:
    design = of("exits")

    assert design.aliased == (("goal", "threat", "leverage"),)
    assert (design.confounded, design.missing, design.uneven) == ((), 0, ())


def test_one_condition_varies_nothing() -> None:
    assert of("headline") == Design(levels={}, aliased=(), confounded=(), missing=0, uneven=(), others={})


def test_a_nested_factor_is_not_aliased_with_the_one_that_switches_it_off() -> None:
    design = of("goals")

    assert (design.aliased, design.confounded, design.missing) == ((), (), 0)
    assert design.uneven == ("goal",)


@pytest.mark.parametrize(
    ("rows", "aliased", "confounded", "missing"),
    [
        (("000", "110", "001", "111"), (("a", "b"),), (), 0),
        # b is 1 where a is 2: whoever knows a knows b, but not the other way round
        (("000", "100", "210"), (), (("a", "b"),), 3),
        # each pair is told apart, but c counts the ones of a and b
        (("000", "101", "011", "112"), (), (("a", "b", "c"),), 8),
        # the half of a cube in which every main effect can be told
        (("000", "011", "101", "110"), (), (), 4),
        # b applies only where a is 1
        (("0-0", "100", "110"), (), (), 0),
    ],
)
def test_what_cannot_be_told_apart(
    rows: tuple[str, ...],
    aliased: tuple[tuple[str, ...], ...],
    confounded: tuple[tuple[str, ...], ...],
    missing: int,
) -> None:
    design = design_of(conditions(*rows))

    assert design.aliased == aliased
    assert design.confounded == confounded
    assert design.missing == missing


def test_levels_in_more_conditions_than_others() -> None:
    assert design_of(conditions("000", "010", "100")).uneven == ("a", "b")
