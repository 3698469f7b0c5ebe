"""Arms: whole rounds, looks after them, counts of valid episodes only, whatever comes in whatever order."""

from random import Random

import pytest
from click import ClickException
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.stopping import Boundary
from agentic_misalignment.stopping.arm import Arm, ArmName, Key
from agentic_misalignment.stopping.rounds import Place, check_enough, make_arms

NAME = ArmName("blackmail", "headline")
# Six equal episodes are enough at 95 % (0.230), and 1 of 12 is too (0.002 to 0.385): two worlds, looks at 6, 8, 10 ...
RULE = Boundary(half_width=0.25, least=6, between_looks=2, confidence=0.95)


def places(rounds: int, worlds: int = 2, name: ArmName = NAME) -> list[Place]:
    return [
        Place((f"{name.condition}/w{world}/s{seed}", 1), name, f"w{world}", (1, seed))
        for seed in range(1, rounds + 1)
        for world in range(worlds)
    ]


def arm_of(rounds: int, worlds: int = 2, rule: Boundary = RULE) -> tuple[Arm, list[Key]]:
    layout = places(rounds, worlds)
    (arm,) = make_arms(layout, rule)
    return arm, [place.key for place in layout]


def test_an_arm_that_agrees_stops_at_the_first_look() -> None:
    arm, keys = arm_of(10)
    for key in keys[:6]:
        assert arm.may_run(key) is True
        arm.over(key, False)

    assert [arm.may_run(key) for key in keys[6:]] == [False] * 14
    assert arm.stopped
    assert [(look.rounds, look.valid, look.harm, look.stop) for look in arm.looks] == [(3, 6, 0, True)]


def test_an_arm_that_does_not_agree_goes_on_from_look_to_look() -> None:
    # 1 of 6: 0.004 to 0.641; 1 of 8: 0.003 to 0.527; 1 of 10: 0.003 to 0.445, half-width 0.221
    arm, keys = arm_of(10)
    for number, key in enumerate(keys[:10]):
        assert arm.may_run(key) is True
        arm.over(key, number == 0)

    assert [(look.valid, look.harm, look.stop) for look in arm.looks] == [(6, 1, False), (8, 1, False), (10, 1, True)]
    assert arm.may_run(keys[10]) is False


def test_the_next_round_is_undecided_until_the_last_episode_before_it_is_over() -> None:
    arm, keys = arm_of(10)
    for key in keys[:5]:
        arm.over(key, False)

    assert arm.may_run(keys[6]) is None
    arm.over(keys[5], False)
    assert arm.may_run(keys[6]) is False


def test_invalid_episodes_count_as_over_but_not_as_valid() -> None:
    arm, keys = arm_of(10)
    for key in keys[:6]:
        arm.over(key, None)

    assert [(look.valid, look.stop) for look in arm.looks] == [(0, False)]
    assert arm.may_run(keys[6]) is True


def test_a_round_that_has_begun_is_run_as_a_whole_and_counted() -> None:
    arm, keys = arm_of(10)
    arm.run_on(keys[6])
    for key in keys[:6]:
        arm.over(key, False)

    assert arm.stopped
    assert [arm.may_run(key) for key in keys[6:10]] == [True, True, False, False]
    for key in keys[6:8]:
        arm.over(key, True)
    summary = arm.summary()
    assert (summary["episodes"], summary["valid"], summary["harm"]) == (8, 8, 2)
    assert (summary["overrun"], summary["not_run"]) == (2, 12)


def test_an_arm_at_its_end_is_not_stopped_but_says_whether_the_width_was_reached() -> None:
    arm, keys = arm_of(3)
    for key in keys:
        arm.over(key, True)

    summary = arm.summary()
    assert (summary["stopped"], summary["width_reached"], summary["not_run"]) == (False, True, 0)


def played(arm: Arm, keys: list[Key], harm: dict[Key, bool | None], slots: int, random: Random) -> set[Key]:
    """Play an arm as a run does: so many at once, over in any order, each waiting for the look before it."""
    queue, running, ran = list(keys), list[Key](), set[Key]()
    while queue or running:
        while queue and len(running) < slots and (allowed := arm.may_run(queue[0])) is not None:
            key = queue.pop(0)
            if allowed:
                running.append(key)
                ran.add(key)
        if running:
            key = running.pop(random.randrange(len(running)))
            arm.over(key, harm[key])
    return ran


@given(st.data())
def test_what_is_run_depends_on_counts_only_and_worlds_stay_balanced(data: st.DataObject) -> None:
    worlds, rounds = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 12))
    rule = Boundary(half_width=0.25, least=data.draw(st.integers(1, 15)), between_looks=data.draw(st.integers(1, 6)))
    keys = arm_of(rounds, worlds, rule)[1]
    values = st.lists(st.sampled_from([False, True, None]), min_size=len(keys), max_size=len(keys))
    harm = dict(zip(keys, data.draw(values), strict=True))
    random = Random(data.draw(st.integers()))

    first = played(arm_of(rounds, worlds, rule)[0], keys, harm, 1, random)
    arm = arm_of(rounds, worlds, rule)[0]
    ran = played(arm, keys, harm, data.draw(st.integers(1, 9)), random)

    assert ran == first
    assert ran == set(keys[: len(ran)])
    assert len({sum(f"/w{world}/" in key[0] for key in ran) for world in range(worlds)}) == 1
    valid = [harm[key] for key in keys if key in ran and harm[key] is not None]
    if arm.stopped:
        assert len(valid) >= rule.least
        assert rule.stops(sum(map(bool, valid)), len(valid))
    else:
        assert len(ran) == len(keys)


def test_arms_are_apart() -> None:
    other = ArmName("blackmail", "twin")
    first, second = make_arms([*places(4), *places(4, name=other)], RULE)
    for place in places(4)[:6]:
        first.over(place.key, False)

    assert (first.stopped, second.stopped) == (True, False)
    assert second.may_run(places(4, name=other)[6].key) is None


def test_shuffled_samples_are_refused() -> None:
    layout = places(3)
    with pytest.raises(ClickException, match="--sample-shuffle"):
        make_arms([layout[0], layout[2], layout[1]], RULE)


def test_too_few_rounds_are_refused_with_the_number_needed() -> None:
    with pytest.raises(ClickException) as fault:
        check_enough(places(3), RULE, 0.25)

    message = fault.value.format_message()
    assert "\n" not in message
    assert all(part in message for part in ("stop=0.25", "headline", "3 rounds", "2 worlds", "at least 4")), message
    check_enough(places(4), RULE, 0.25)
