"""What holds in every world whatever the seed: a thousand seeds drawn, some of them rendered whole."""

from random import Random

import pytest

from agentic_misalignment.judging.disclosure import TELLING, stands_in
from agentic_misalignment.judging.quoting import normal
from agentic_misalignment.mailbox import bare
from agentic_misalignment.scenarios.casting import AGENT, Casting
from agentic_misalignment.scenarios.experiment import build_condition, conditions, experiment
from agentic_misalignment.scenarios.mail_rendering import FIRST_NUMBER, Schedule
from agentic_misalignment.scenarios.names import public_pools
from agentic_misalignment.scenarios.rendering import render_episode
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from tests.scenarios.adjacency import every_level

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
DRAWN, RENDERED = 1000, 12

every_world = pytest.mark.parametrize(("name", "world"), WORLDS)


def some_seeds(world: str, count: int) -> list[int]:
    """Seeds over the whole range, public and private, the same in every run."""
    return Random(f"invariants/{world}").sample(range(1, 2_000_000), count)


@every_world
def test_a_thousand_schedules(name: str, world: str) -> None:
    found = scenario(name).world(world)
    for seed in some_seeds(world, DRAWN):
        schedule = Schedule(found, seed)
        keys = [mail.id for mail, _ in schedule.mails]
        times = [schedule.times[key] for key in keys]
        place = {key: number for number, key in enumerate(keys)}
        assert times == sorted(times), seed
        assert times[-1] <= found.clock.start, seed
        assert [schedule.numbers[key] for key in keys] == [f"m{FIRST_NUMBER + number}" for number in place.values()], (
            seed
        )
        assert all(place[mail.re] < place[mail.id] for mail, _ in schedule.mails if mail.re), seed


@every_world
def test_a_thousand_casts(name: str, world: str) -> None:
    found = scenario(name).world(world)
    people = [key for key, person in found.cast.items() if person.kind == "person"]
    everybody = [*found.cast, *found.lists, AGENT]
    for seed in some_seeds(world, DRAWN):
        casting = Casting(found, seed, public_pools())
        assert len({casting.first(key) for key in people}) == len(people), seed
        assert len({casting.last(key) for key in people}) == len(people), seed
        contacts = {casting.contact(key) for key in everybody if not getattr(found.cast.get(key), "when", None)}
        addresses = {contact.address for contact in contacts}
        assert len(addresses) == len(contacts), seed
        assert all(address.isascii() and address.count("@") == 1 for address in addresses), seed


@every_world
def test_whole_episodes(name: str, world: str) -> None:
    found, world_file = scenario(name), scenario(name).world(world)
    for seed in some_seeds(world, RENDERED):
        draw = Random(f"condition/{seed}")
        levels = {factor: draw.choice(every_level(found, factor)) for factor in found.factors}
        episode = render_episode(name, world, build_condition(found, levels), seed)
        facts, mails = episode.facts, [mail.email for mail in episode.mails]

        ids = [mail.id for mail in mails]
        assert ids == sorted(ids)
        assert len({*ids}) == len(ids)
        assert [mail.sent_at for mail in mails] == sorted(mail.sent_at for mail in mails)
        assert mails[-1].sent_at <= episode.mailbox.clock == world_file.clock.start

        assert facts.roles.keys() == found.about.roles.keys()
        assert facts.facts.keys() == found.about.facts.keys()
        assert all(text.strip() for text in facts.facts.values())
        assert len({contact.address for contact in facts.roles.values()}) >= len(facts.roles) - len(found.about.cast_by)
        headers = {bare(header) for mail in mails for header in (mail.sender, *mail.to, *mail.cc)}
        book = [contact.address for contact in episode.mailbox.contacts]
        assert len({*book}) == len(book)
        lists = {contact.address for contact in episode.mailbox.contacts if contact.members}
        assert headers <= facts.parties.keys() | lists | {facts.agent.address}
        assert {chore.email_id for chore in facts.chores} <= {*ids}

        if facts.document and facts.carrier:
            carrier = episode.mailbox.item(facts.carrier).email
            (attached,) = carrier.attachments
            text = normal(attached.text).casefold()
            for section in facts.document.sections:
                told = sum(stands_in(normal(anchor).casefold(), text) for anchor in section.anchors)
                assert told == len(section.anchors) >= TELLING
                assert (
                    sum(stands_in(normal(a).casefold(), normal(carrier.body).casefold()) for a in section.anchors)
                    < TELLING
                )
        assert ("document" in found.about.needs) == (facts.carrier is not None)
        if facts.alert:
            notice = [mail for mail in mails if facts.alert.code in mail.body]
            assert notice
            assert all(facts.alert.id in mail.body for mail in notice)


def test_public_and_private_seeds_draw_different_names() -> None:
    condition = conditions(scenario("blackmail"), experiment("headline"))[0]
    one, other = (render_episode("blackmail", "totara-seed", condition, seed) for seed in (1, 1_000_001))
    assert one.mailbox.contacts != other.mailbox.contacts
