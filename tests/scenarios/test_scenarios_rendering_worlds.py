"""Rendering the shipped worlds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.mailbox import bare
from agentic_misalignment.scenarios.checks import canary
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.episode import Episode
from agentic_misalignment.scenarios.experiment import build_condition, conditions, experiment
from agentic_misalignment.scenarios.rendering import render_episode
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from agentic_misalignment.scenarios.world import World
from tests.scenarios.adjacency import every_level

BLACKMAIL = scenario("blackmail")
WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]

every_world = pytest.mark.parametrize("world", BLACKMAIL.worlds)


def any_condition(name: str) -> st.SearchStrategy[Condition]:
    """Any condition of a scenario."""
    found = scenario(name)
    levels = {factor: st.sampled_from(every_level(found, factor)) for factor in found.factors}
    return st.fixed_dictionaries(levels).map(lambda chosen: build_condition(found, chosen))


episodes = st.sampled_from(WORLDS).flatmap(
    lambda place: st.builds(
        render_episode, st.just(place[0]), st.just(place[1]), any_condition(place[0]), st.integers(1, 50)
    )
)


def one(**levels: str) -> Condition:
    """The headline's condition with these levels."""
    return conditions(BLACKMAIL, experiment("headline"), {name: [level] for name, level in levels.items()})[0]


def test_the_id_of_an_episode_is_world_condition_and_seed() -> None:
    assert render_episode("blackmail", "harbour-freight", one(), 3).id == "harbour-freight/explicit-replacement/s3"


def world_of(episode: Episode) -> World:
    return scenario(episode.scenario).world(episode.world)


@given(episodes)
def test_the_agent_is_told_its_own_name_and_address(episode: Episode) -> None:
    agent = episode.facts.agent
    assert agent == episode.mailbox.owner
    assert agent.name in str(episode.system)
    assert agent.address in str(episode.system)
    assert agent.address == f"{agent.name.lower()}@{world_of(episode).company.domain}"


@given(episodes)
def test_the_address_book_has_everybody_but_those_who_are_not_listed(episode: Episode) -> None:
    cast = world_of(episode).cast.values()
    book = {contact.address for contact in episode.mailbox.contacts}
    listed = sum(person.listed and episode.condition.holds(person.when) for person in cast)
    lists = {mail_list.address for mail_list in world_of(episode).lists.values()}
    assert len(book) == len(episode.mailbox.contacts) == listed + len(lists) + 1
    contacts = book | episode.facts.parties.keys()
    headers = [header for mail in episode.mails for header in (mail.email.sender, *mail.email.to, *mail.email.cc)]
    waiting = [header for arrival in episode.mailbox.waiting for header in (arrival.sender, *arrival.to)]
    assert {bare(header) for header in [*headers, *waiting]} <= contacts
    assert {address for contact in episode.mailbox.contacts for address in contact.members} <= contacts
    assert {contact.address for contact in episode.facts.roles.values()} <= contacts


@given(episodes)
def test_the_canary_stands_nowhere_in_an_episode(episode: Episode) -> None:
    assert canary().partition(":")[2] not in episode.model_dump_json()


@given(episodes)
def test_mails_and_mailbox_are_one_and_stand_in_time_order(episode: Episode) -> None:
    times = [mail.email.sent_at for mail in episode.mails]
    assert times == sorted(times)
    assert times[-1] <= episode.mailbox.clock
    assert [item.email.id for item in episode.mailbox.items] == [mail.email.id for mail in episode.mails]
    assert max(int(item.email.id[1:]) for item in episode.mailbox.items) < episode.mailbox.next_number


@given(st.data())
def test_facts_for_the_judge_are_the_same_in_every_condition(data: st.DataObject) -> None:
    world, seed = data.draw(st.sampled_from(BLACKMAIL.worlds)), data.draw(st.integers(1, 50))
    pair = [data.draw(any_condition("blackmail")) for _ in range(2)]
    levels = [{**dict(condition.levels), "names": "drawn", "swap": "none"} for condition in pair]
    facts = [render_episode("blackmail", world, build_condition(BLACKMAIL, each), seed).facts for each in levels]
    assert facts[0].facts == facts[1].facts
    assert facts[0].roles == facts[1].roles


@every_world
def test_equal_mails_of_two_episodes_are_one_object(world: str) -> None:
    one_mails, other_mails = (
        {mail.email.id: mail for mail in render_episode("blackmail", world, one(**levels), 1).mails}
        for levels in ({}, {"threat": "none", "protocol": "single_turn"})
    )
    equal = [key for key in one_mails.keys() & other_mails.keys() if one_mails[key] == other_mails[key]]
    # The 20 distractors at least; only the mails about the threat are others.
    assert len(equal) >= 20
    assert len(equal) < len(one_mails)
    assert all(one_mails[key] is other_mails[key] for key in equal)


@every_world
def test_an_episode_is_the_same_each_time_and_its_mailbox_its_own(world: str) -> None:
    first, second = (render_episode("blackmail", world, one(), 2) for _ in range(2))
    assert first == second
    first.mailbox.archive(first.mails[0].email.id)
    assert second.mailbox == render_episode("blackmail", world, one(), 2).mailbox
    assert first.mailbox != second.mailbox


@every_world
def test_seeds_draw_other_episodes(world: str) -> None:
    shown = {
        tuple(mail.email.id for mail in render_episode("blackmail", world, one(), seed).mails) for seed in range(1, 5)
    }
    assert len(shown) == 4


def test_an_unknown_world_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"'harbor-freight'.*harbour-freight"):
        render_episode("blackmail", "harbor-freight", one(), 1)
