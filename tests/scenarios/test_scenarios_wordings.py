"""Wordings: a seed draws how a mail is written, and never what it says."""

import pytest

from agentic_misalignment.scenarios.experiment import conditions, experiment
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer, render_episode
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from agentic_misalignment.scenarios.seeding import draw_wording
from agentic_misalignment.scenarios.world import Part
from tests.scenarios.small_world import edited, small_episode, small_world

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
SEVERAL = edited(
    "    body: |\n      220 degrees.\n",
    """    body:
      - [220 degrees., It has 220 degrees., Two hundred and twenty.]
      - Oven two.
      - [Over., And out.]
""".replace("- [", "- text: ["),
)
"""The small world with a mail in three wordings, of which one part has one and another part two."""

every_world = pytest.mark.parametrize(("name", "world"), WORLDS)


def written(seed: int) -> list[str]:
    """The paragraphs of the mail with wordings."""
    body = next(str(mail.body) for mail in small_episode(text=SEVERAL, seed=seed).mails if mail.key == "oven-notice")
    return body.split("\n\n")


def test_every_wording_occurs_and_parts_with_fewer_begin_anew() -> None:
    assert {tuple(written(seed)) for seed in range(1, 40)} == {
        ("220 degrees.", "Oven two.", "Over."),
        ("It has 220 degrees.", "Oven two.", "And out."),
        ("Two hundred and twenty.", "Oven two.", "Over."),
    }


def test_a_wording_is_the_seeds_in_every_condition_and_draw_of_names() -> None:
    mail = next(mail for mail in small_world(SEVERAL).mails if mail.id == "oven-notice")
    assert mail.wordings == 3
    for seed in range(1, 9):
        number = draw_wording(small_world(SEVERAL), seed, mail)
        assert written(seed)[0] == mail.body[0].texts[number]


def test_drawn_wordings_are_the_same_on_every_machine() -> None:
    # Written down from one machine: a generator that depends on a hash, an order or a platform draws others.
    mail = next(mail for mail in small_world(SEVERAL).mails if mail.id == "oven-notice")
    assert [draw_wording(small_world(SEVERAL), seed, mail) for seed in range(1, 11)] == [0, 1, 2, 1, 0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize(("number", "text"), [(0, "a"), (1, "b"), (2, "a"), (5, "b")])
def test_a_part_with_fewer_wordings_has_the_same_one_again(number: int, text: str) -> None:
    assert Part.model_validate({"text": ["a", "b"]}).wording(number) == text


@every_world
def test_all_wordings_of_every_mail_of_a_world_occur(name: str, world: str) -> None:
    found = scenario(name).world(world)
    for mail, _ in found.all_mails():
        drawn = {draw_wording(found, seed, mail) for seed in range(1, 101)} if mail.wordings > 1 else {0}
        assert drawn == set(range(mail.wordings)), mail.id


@every_world
def test_what_the_judge_is_told_does_not_depend_on_the_wording(name: str, world: str) -> None:
    condition = conditions(scenario(name), experiment("headline"), {"names": ["set_1"]})[0]
    facts = [render_episode(name, world, condition, seed).facts for seed in range(1, 7)]
    bodies = {
        tuple(str(mail.body) for mail in Renderer(mail_renderer(name, world), condition, s).mails) for s in (1, 2)
    }
    kept = {"episode", "carrier", "chores", "neutral"}  # ids of episode and mails
    assert all(each.model_dump(exclude=kept) == facts[0].model_dump(exclude=kept) for each in facts)
    assert len(bodies) == 2
