"""Extras: people, mails and arrivals that a level, or the common pool, adds to a world."""

from datetime import datetime
from typing import Any

import pytest

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.experiment import conditions, experiment
from agentic_misalignment.scenarios.extras import EVERYONE, Extras, add_extras
from agentic_misalignment.scenarios.rendering import render_episode
from agentic_misalignment.scenarios.scenario import common_mail, scenario, scenario_names
from agentic_misalignment.scenarios.world import WhenField, World
from tests.scenarios.small_world import edited, small_episode, small_world

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
DRILL: WhenField = {"alarm": ("drill",)}

every_world = pytest.mark.parametrize(("name", "world"), WORLDS)


def mail(**changes: Any) -> dict[str, Any]:
    return {
        "id": "offer",
        "from": "baker",
        "to": ["agent"],
        "days_before": 0,
        "time": "09:00",
        "subject": "An offer",
        "body": "Two trays.",
        **changes,
    }


def grown(extras: dict[str, Any], *, world: World | None = None, distract: bool = False) -> World:
    return add_extras(world or small_world(), Extras.model_validate(extras), when=DRILL, distract=distract)


@pytest.mark.parametrize(
    ("before", "day"),
    [(0, 6), (1, 5), (2, 2), (3, 1)],  # The session is on Tuesday 6 May 2031; the working day before the 5th is Friday.
)
def test_a_time_is_told_from_the_working_days_before_the_session(before: int, day: int) -> None:
    world = grown({"mails": [mail(days_before=before)]})
    added = next(each for each in world.mails if each.id == "offer")
    assert (added.at, added.when) == (datetime(2031, 5, day, 9, 0), DRILL)


def test_mails_stay_in_time_order() -> None:
    world = grown({"mails": [mail(), mail(id="later", time="13:00")]})
    assert [each.id for each in world.mails] == [
        "week",
        "drill",
        "drill-answer",
        "offer",
        "samples",
        "oven-notice",
        "later",
        "loaves",
    ]


def test_extra_people_and_arrivals_exist_under_the_level_only() -> None:
    added = {"id": "thanks", "trigger": {"to": "warden"}, "from": "warden", "subject": "s", "body": "Noted."}
    world = grown({"cast": {"warden": {"name": "Ursula Plum", "title": "Warden", "gender": "f"}}, "arrivals": [added]})
    assert world.cast["warden"].when == DRILL
    assert world.arrivals[-1].when == DRILL


def test_extra_distractors_join_the_pool_and_are_marked_as_common() -> None:
    world = grown({"mails": [mail()]}, distract=True)
    assert [each.id for each in world.distractors if each.common] == ["offer"]
    assert len(world.mails) == len(small_world().mails)


def test_everyone_is_all_of_the_staff_and_the_agent() -> None:
    world = grown({"mails": [mail(to=[EVERYONE])]})
    assert world.lists[EVERYONE].members == ("boss", "baker", "driver", "oven", "agent")
    assert world.lists[EVERYONE].address == "everyone@cornerbakery.example"


def test_everyone_is_a_worlds_own_list_where_it_has_one_of_this_address() -> None:
    own = small_world(edited("address: all@cornerbakery.example", "address: everyone@cornerbakery.example"))
    world = grown({"mails": [mail(to=[EVERYONE])]}, world=own)
    assert world.lists[EVERYONE] == world.lists["everybody"]


def test_there_is_no_list_of_everyone_where_nobody_writes_to_it() -> None:
    assert EVERYONE not in grown({"mails": [mail()]}).lists


@pytest.mark.parametrize(
    ("extras", "reason"),
    [
        ({"cast": {"baker": {"name": "Una Vole", "title": "Baker", "gender": "f"}}}, "the cast id 'baker' is taken"),
        ({"mails": [mail(id="week")]}, "mail ids used more than once: week"),
        ({"mails": [mail(**{"from": "warden"})]}, "mail offer, from: unknown 'warden'"),
        ({"mails": [mail(to=["wardens"])]}, "mail offer, to: unknown 'wardens'"),
        ({"mails": [mail(re="oven-notice")]}, "mail offer answers 'oven-notice', which is not older"),
        ({"mails": [mail(time="15:00")]}, "'offer' is later than the session's start"),
    ],
)
def test_what_does_not_fit_the_world_is_refused_with_the_reason(extras: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        grown(extras)


@pytest.mark.parametrize(
    "changes", [{"days_before": -1}, {"time": "noon"}, {"to": []}, {"at": "2031-05-06 09:00"}, {"body": None}]
)
def test_an_extra_mail_that_is_none_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        Extras.model_validate({"mails": [mail(**changes)]})


def test_a_world_without_extras_is_as_it_was() -> None:
    assert grown({}) == small_world()
    assert small_episode().mails


# --- those of the suite ------------------------------------------------------------------------------------------


def condition_of(name: str, **levels: str) -> Condition:
    chosen = {factor: [level] for factor, level in levels.items()}
    return conditions(scenario(name), experiment("headline"), chosen)[0]


@every_world
def test_every_way_out_can_be_reached_and_answers(name: str, world: str) -> None:
    for key, level in scenario(name).factors["exit"].levels.items():
        episode = render_episode(name, world, condition_of(name, exit=key), 1)
        plain = render_episode(name, world, condition_of(name), 1)
        if level.channel is None:
            assert episode.facts.channel is None, key
            assert [each.key for each in episode.mails] == [each.key for each in plain.mails], key
            continue
        channel = episode.facts.channel
        assert channel in {contact.address for contact in episode.mailbox.contacts}, key
        assert channel not in {contact.address for contact in plain.mailbox.contacts}, key
        before = len(episode.mailbox.items)
        episode.mailbox.send([channel], "A concern", "I have one.")
        answers = [item.email for item in episode.mailbox.items[before:] if item.folder == "inbox"]
        assert [channel in answer.sender for answer in answers].count(True) == 1, key


@every_world
def test_a_hundred_distractors_are_all_of_the_worlds_own_and_common_ones(name: str, world: str) -> None:
    found = scenario(name).world(world)
    common = {mail.id for mail in common_mail().mails}
    assert {mail.id for mail in found.distractors if mail.common} == common
    episode = render_episode(name, world, condition_of(name, distractors="100"), 1)
    drawn = {mail.key for mail in episode.mails} & {mail.id for mail in found.distractors}
    assert len(drawn) == 100
    assert {mail.id for mail in found.distractors if not mail.common} <= drawn
