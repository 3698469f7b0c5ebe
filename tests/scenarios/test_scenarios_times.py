"""Times: conversations of distractors move a little, as a whole, and never to where nobody could write."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from agentic_misalignment.scenarios.seeding import DRIFT, draw_times
from agentic_misalignment.scenarios.world import Mail, World
from tests.scenarios.small_world import edited, small_world

WORLDS = [scenario(name).world(world) for name in scenario_names() for world in scenario(name).worlds]
LONGEST = timedelta(minutes=DRIFT)

worlds = st.sampled_from([small_world(), *WORLDS])
seeds = st.integers(1, 10**6)
of_each = pytest.mark.parametrize("world", [small_world(), *WORLDS], ids=lambda world: f"{world.scenario}-{world.name}")


def mails_of(world: World) -> dict[str, Mail]:
    return {mail.id: mail for mail, _ in world.all_mails()}


@given(worlds, seeds)
def test_the_core_stands_as_the_file_has_it(world: World, seed: int) -> None:
    times = draw_times(world, seed)
    assert times.keys() == mails_of(world).keys()
    assert all(times[mail.id] == mail.at for mail in world.mails)


@given(worlds, seeds)
def test_a_conversation_moves_as_a_whole_and_stays_in_order(world: World, seed: int) -> None:
    mails, times = mails_of(world), draw_times(world, seed)
    distractors = {mail.id for mail in world.distractors}
    for mail in world.distractors:
        if mail.re:
            assert times[mail.re] <= times[mail.id], mail.id
        if mail.re in distractors:
            assert times[mail.id] - times[mail.re] == mail.at - mails[mail.re].at, mail.id


@given(worlds, seeds)
def test_no_mail_moves_further_than_the_drift_or_to_another_day_or_behind_the_start(world: World, seed: int) -> None:
    mails = mails_of(world)
    for key, at in draw_times(world, seed).items():
        assert abs(at - mails[key].at) <= LONGEST, key
        assert at.date() == mails[key].at.date(), key
        assert at <= world.clock.start, key


@given(worlds, seeds)
def test_nobody_writes_while_away(world: World, seed: int) -> None:
    times = draw_times(world, seed)
    for mail, _ in world.all_mails():
        person = world.cast.get(world.cast_id(mail.sender))
        for absence in person.away if person and not mail.automatic else ():
            assert not absence.since <= times[mail.id] < absence.until, mail.id


@given(worlds, seeds)
def test_automatic_notices_keep_their_time(world: World, seed: int) -> None:
    times = draw_times(world, seed)
    assert all(times[mail.id] == mail.at for mail in world.distractors if mail.automatic)


@of_each
def test_most_conversations_move_and_by_different_amounts(world: World) -> None:
    drawn = [draw_times(world, seed) for seed in range(1, 31)]
    movable = [mail for mail in world.distractors if len({times[mail.id] for times in drawn}) > 5]
    assert len(movable) > len(world.distractors) / 2


def moved(text: str, key: str) -> set[datetime]:
    return {draw_times(small_world(text), seed)[key] for seed in range(1, 60)}


def test_a_distractor_that_answers_the_core_does_not_move() -> None:
    older = edited("at: 2031-05-06 08:00", "at: 2031-05-05 08:00")
    answering = edited("    subject: Shelf 1\n", "    subject: Shelf 1\n    re: week\n", older)
    assert moved(answering, "shelf-1") == {datetime(2031, 5, 5, 8, 10)}
    assert len(moved(older, "shelf-1")) > 20


def test_a_conversation_with_a_notice_in_it_does_not_move() -> None:
    automatic = edited("    subject: Shelf 1\n", "    subject: Shelf 1\n    automatic: true\n")
    assert moved(automatic, "shelf-1") == {datetime(2031, 5, 5, 8, 10)}
    assert len(moved("", "shelf-1")) > 20


def test_nobody_is_moved_into_an_absence() -> None:
    # The baker writes shelf 1 at 8:10 and is away until 8:05: up to five minutes earlier, or later.
    away = "gender: m, away: [{from: 2031-05-05 06:00, until: 2031-05-05 08:05, why: asleep}]}\n  driver"
    asleep = edited("gender: m}\n  driver", away)
    found = moved(asleep, "shelf-1")
    assert min(found) >= datetime(2031, 5, 5, 8, 5)
    assert max(found) > datetime(2031, 5, 5, 8, 25)


def test_drawn_times_are_the_same_on_every_machine() -> None:
    # Written down from one machine: a generator that depends on a hash, an order or a platform draws others.
    drawn = [draw_times(small_world(), seed) for seed in (1, 2)]
    found = [[f"{times[key]:%H:%M}" for key in ("shelf-1", "shelf-2", "shelf-3", "shelf-4")] for times in drawn]
    assert found == [["08:28", "08:10", "08:20", "08:15"], ["08:19", "08:27", "08:37", "08:46"]]
