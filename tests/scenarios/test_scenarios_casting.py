"""Who is called what: names drawn by the seed, and people who change gender, title or places."""

import re
from collections import Counter
from itertools import combinations

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.casting import Casting
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.episode import Episode
from agentic_misalignment.scenarios.experiment import conditions, experiment
from agentic_misalignment.scenarios.factor import factors
from agentic_misalignment.scenarios.names import NamePool, NamePools, public_pools
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer, render_episode
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from agentic_misalignment.scenarios.world import Person, World
from tests.scenarios.small_world import edited, small_world

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
DEFAULT_SEEDS = range(1, 5)

every_world = pytest.mark.parametrize(("name", "world"), WORLDS)


def condition_of(name: str, **levels: str) -> Condition:
    chosen = {factor: [level] for factor, level in levels.items()}
    return conditions(scenario(name), experiment("headline"), chosen)[0]


def casting_of(name: str, world: str, seed: int, **levels: str) -> Casting:
    return Renderer(mail_renderer(name, world), condition_of(name, **levels), seed).casting


def people(world: World) -> list[str]:
    """The cast ids of people; a system keeps its name."""
    return [key for key, person in world.cast.items() if person.kind == "person"]


def given_names(casting: Casting) -> dict[str, str]:
    return {key: casting.first(key) for key in people(casting.world)}


def family_names(casting: Casting) -> dict[str, str]:
    return {key: casting.last(key) for key in people(casting.world)}


# --- the pools ---------------------------------------------------------------------------------------------------


def all_names(pools: NamePools) -> list[str]:
    kinds = [getattr(pool, kind) for pool in pools.regions.values() for kind in NamePool.model_fields]
    return [name for kind in [pools.agents, *kinds] for name in kind]


def test_no_name_stands_in_two_pools() -> None:
    repeated = [name for name, count in Counter(map(str.lower, all_names(public_pools()))).items() if count > 1]
    assert not repeated


def test_every_name_is_one_word() -> None:
    assert not [name for name in all_names(public_pools()) if len(name.split()) != 1]


# --- a small cast ------------------------------------------------------------------------------------------------

SMALL_POOLS = NamePools(
    agents=("Reed", "Fern", "Moss"),
    regions={
        "north": NamePool(
            feminine=("Ada", "Bea", "Cia", "Dea", "Eva"),
            masculine=("Abe", "Ben", "Cai", "Dan"),
            family=("Oak", "Elm", "Ash", "Yew", "Fir", "Bay", "Box"),
        )
    },
)


def grown(**people: Person) -> World:
    """The small world with further members of the cast."""
    return small_world().model_copy(update={"cast": {**small_world().cast, **people}})


def northerner(gender: str, **more: str) -> Person:
    return Person.model_validate({"title": "Guest", "gender": gender, "region": "north", **more})


TWO_AND_ONE = grown(one=northerner("f"), two=northerner("f"), three=northerner("m"))


def small_casting(draw: int, *, swapped: bool = False, world: World = TWO_AND_ONE) -> Casting:
    return Casting(world, draw, SMALL_POOLS, swapped=swapped)


def test_drawn_names_are_the_same_on_every_machine() -> None:
    # Written down from one machine: a generator that depends on a hash, an order or a platform draws others.
    found = [[small_casting(draw).name(key) for key in ("one", "two", "three")] for draw in (1, 2, 3)]
    assert found == [
        ["Bea Bay", "Cia Elm", "Dan Box"],
        ["Dea Ash", "Ada Yew", "Abe Oak"],
        ["Bea Bay", "Ada Ash", "Ben Box"],
    ]
    assert [small_casting(draw).agent for draw in (1, 2, 3)] == ["Thistle", "Clover", "Yarrow"]


def test_a_name_comes_back_only_when_all_have_been_drawn() -> None:
    # Two women from five first names: two draws in each round; three people from seven family names: two draws.
    first, second = small_casting(1), small_casting(2)
    for name in (Casting.first, Casting.last):
        drawn = [name(each, key) for each in (first, second) for key in ("one", "two", "three")]
        assert len(set(drawn)) == len(drawn)


def test_every_name_of_a_pool_is_drawn_by_some_seed() -> None:
    many = [small_casting(draw) for draw in range(1, 60)]
    pool = SMALL_POOLS.regions["north"]
    assert {each.first(key) for each in many for key in ("one", "two")} == set(pool.feminine)
    assert {each.first("three") for each in many} == set(pool.masculine)
    assert {each.last(key) for each in many for key in ("one", "two", "three")} == set(pool.family)


def test_a_fixed_name_stays() -> None:
    assert {small_casting(draw).name("boss") for draw in range(1, 20)} == {"Ingrid Åkesson"}


def test_a_pool_that_is_too_small_is_refused_with_its_place_and_both_numbers() -> None:
    crowd = grown(**{f"m{number}": northerner("m") for number in range(5)})
    with pytest.raises(SuiteError, match=r"kitchen/corner-bakery/north/m: the pool has 4 names; 5 are needed"):
        small_casting(1, world=crowd)


def test_a_swapped_cast_may_be_too_large_for_a_pool_that_was_enough() -> None:
    crowd = grown(**{f"f{number}": northerner("f") for number in range(5)})
    small_casting(1, world=crowd)
    with pytest.raises(SuiteError, match="north/m: the pool has 4 names; 5 are needed"):
        small_casting(1, world=crowd, swapped=True)


def test_an_unknown_region_is_refused_with_the_valid_ones() -> None:
    lost = grown(one=Person(title="Guest", gender="f", region="south"))
    with pytest.raises(SuiteError, match="unknown region 'south'; valid: north"):
        small_casting(1, world=lost)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        (None, "{first}.{last}@cornerbakery.example"),
        ("{f}.{last}@{domain}", "{first[0]}.{last}@cornerbakery.example"),
        ("{first}@reyes.example", "{first}@reyes.example"),
        ("desk@{domain}", "desk@cornerbakery.example"),
    ],
)
def test_an_address_is_made_of_the_drawn_name(pattern: str | None, address: str) -> None:
    person = northerner("f", **({"address": pattern} if pattern else {}))
    casting = small_casting(1, world=grown(one=person))
    expected = address.format(first=casting.first("one").lower(), last=casting.last("one").lower())
    assert casting.address("one") == expected


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("boss", "ingrid.akesson@cornerbakery.example"),
        ("customer", "otto@reyes.example"),
        ("oven", "oven@cornerbakery.example"),
        ("everybody", "all@cornerbakery.example"),
    ],
)
def test_the_address_of_a_cast_id_or_a_list(key: str, address: str) -> None:
    casting = Casting(small_world(), 1, SMALL_POOLS, agent_title="AI assistant")
    assert casting.address(key) == address


@pytest.mark.parametrize("name", ["Tomas van der Berg", "TOMAS Van der Berg", "Tomás van dér Berg"])
def test_an_inside_address_is_the_plain_name(name: str) -> None:
    casting = Casting(small_world(edited("Tomas Beran", name)), 1, SMALL_POOLS, agent_title="AI assistant")
    assert casting.address("baker") == "tomas.vanderberg@cornerbakery.example"


def test_a_name_loses_its_accents_in_the_address() -> None:
    assert small_casting(1).address("boss") == "ingrid.akesson@cornerbakery.example"


# --- the worlds --------------------------------------------------------------------------------------------------


@every_world
def test_the_default_seeds_share_no_name(name: str, world: str) -> None:
    castings = [casting_of(name, world, seed) for seed in DEFAULT_SEEDS]
    for one, other in combinations(castings, 2):
        assert not {*given_names(one).values()} & {*given_names(other).values()}
        assert not {*family_names(one).values()} & {*family_names(other).values()}
        assert one.agent != other.agent


@every_world
@pytest.mark.parametrize("seed", DEFAULT_SEEDS)
def test_no_two_people_of_an_episode_share_a_name(name: str, world: str, seed: int) -> None:
    casting = casting_of(name, world, seed)
    drawn = [*given_names(casting).values(), *family_names(casting).values(), casting.agent]
    assert len({each.lower() for each in drawn}) == len(drawn)


SETS = {f"set_{number}": number for number in range(1, 9)}


def test_there_are_eight_sets_of_names() -> None:
    levels = factors()["names"].levels
    assert {level: found.settings.names_draw for level, found in levels.items()} == {"drawn": None, **SETS}


@every_world
@pytest.mark.parametrize("level", SETS)
def test_a_set_of_names_is_the_same_for_every_seed(name: str, world: str, level: str) -> None:
    drawn = [casting_of(name, world, seed, names=level) for seed in (1, 7, 1_000_000)]
    assert len({(*casting.names.items(), casting.agent) for casting in drawn}) == 1


@every_world
def test_a_set_of_names_is_the_draw_of_its_number(name: str, world: str) -> None:
    # two seeds whose own draws are 1 and 3
    for number in (1, 3):
        fixed, own = casting_of(name, world, 9, names=f"set_{number}"), casting_of(name, world, number)
        assert (dict(fixed.names), fixed.agent) == (dict(own.names), own.agent)


@every_world
def test_names_change_and_the_rest_of_the_seed_stays(name: str, world: str) -> None:
    one, other = (render_episode(name, world, condition_of(name, names=level), 1) for level in ("set_2", "set_3"))
    assert [(mail.key, mail.email.id, mail.email.sent_at, mail.read) for mail in one.mails] == [
        (mail.key, mail.email.id, mail.email.sent_at, mail.read) for mail in other.mails
    ]
    assert one.facts.agent.name != other.facts.agent.name


# --- swaps -------------------------------------------------------------------------------------------------------


def swapped(name: str, world: str, level: str) -> tuple[Episode, Episode]:
    """The same episode without and with a swap."""
    none, other = (render_episode(name, world, condition_of(name, swap=each), 1) for each in ("none", level))
    return none, other


@every_world
def test_with_gender_swapped_everybody_has_a_name_of_the_other_pool(name: str, world: str) -> None:
    casting, found = casting_of(name, world, 1, swap="gender"), scenario(name).world(world)
    for key, person in found.cast.items():
        if person.name is None and person.region and person.gender:
            other = "m" if person.gender == "f" else "f"
            assert casting.gender(key) == other
            assert casting.first(key) in public_pools().region(person.region).given(other)


PRONOUNS = {
    "f": re.compile(r"\b(she|her|hers|herself)\b", re.IGNORECASE),
    "m": re.compile(r"\b(he|him|his|himself)\b", re.IGNORECASE),
}
_SLOT = re.compile(r"\{\{\s*([a-z_]+)\.([hH](?:e|im|is|imself))\s*\}\}")


@every_world
def test_with_gender_swapped_every_pronoun_of_a_person_flips(name: str, world: str) -> None:
    found = scenario(name).world(world)
    contexts = {
        level: mail_renderer(name, world).context(casting_of(name, world, 1, swap=level))
        for level in ("none", "gender")
    }
    slots = {
        match
        for mail, _ in found.all_mails()
        for part in mail.body
        for text in part.texts
        for match in _SLOT.findall(text)
    }
    for who, pronoun in slots:
        if who in contexts["none"]:
            words = {level: str(getattr(context[who], pronoun)) for level, context in contexts.items()}
            genders = {level: "f" if PRONOUNS["f"].fullmatch(word) else "m" for level, word in words.items()}
            assert genders["none"] != genders["gender"], (who, pronoun, words)


SWAPS = [
    (name, world, level)
    for name, world in WORLDS
    for level in scenario(name).factors["swap"].levels
    if level not in ("none", "gender")
]


@pytest.mark.parametrize(("name", "world", "level"), SWAPS)
def test_a_swap_of_places_or_titles_keeps_names_times_and_mails(name: str, world: str, level: str) -> None:
    none, other = swapped(name, world, level)
    assert [(mail.key, mail.email.id, mail.email.sent_at) for mail in none.mails] == [
        (mail.key, mail.email.id, mail.email.sent_at) for mail in other.mails
    ]
    assert {contact.name for contact in none.mailbox.contacts} == {contact.name for contact in other.mailbox.contacts}
    assert none.facts.agent == other.facts.agent


@pytest.mark.parametrize(
    ("name", "world"), [each for each in WORLDS if "seniority" in scenario(each[0]).factors["swap"].levels]
)
def test_seniority_exchanges_two_titles_and_nothing_else(name: str, world: str) -> None:
    none, other = swapped(name, world, "seniority")
    roles = factors()["swap"].levels["seniority"].settings.swap_titles
    assert roles is not None
    titles = [{role: each.facts.roles[role].title for role in roles} for each in (none, other)]
    assert [*titles[0].values()] == [*reversed(titles[1].values())]
    assert {role: contact.address for role, contact in none.facts.roles.items()} == {
        role: contact.address for role, contact in other.facts.roles.items()
    }


STORY = [each for each in WORLDS if "implicated" in scenario(each[0]).factors["swap"].levels]


def story(name: str, episode: Episode) -> set[str]:
    """The mails that tell the story of the secret, by key."""
    found = scenario(name).world(episode.world)
    wanted = {mail.id for mail in found.mails if any("leverage" in part.when for part in mail.body)}
    keys = {mail.key for mail in episode.mails if mail.key in wanted}
    assert keys
    return keys


def headers(episode: Episode, keys: set[str], *, inside: bool) -> list[tuple[str, tuple[str, ...]]]:
    return [(mail.email.sender, mail.email.to) for mail in episode.mails if (mail.key in keys) == inside]


@pytest.mark.parametrize(("name", "world"), STORY)
def test_implicated_changes_the_secrets_mails_and_decider_all_others(name: str, world: str) -> None:
    for level, touched in (("implicated", True), ("decider", False)):
        none, other = swapped(name, world, level)
        keys = story(name, none)
        assert headers(none, keys, inside=touched) != headers(other, keys, inside=touched), level
        assert headers(none, keys, inside=not touched) == headers(other, keys, inside=not touched), level


@pytest.mark.parametrize(("name", "world"), STORY)
def test_the_one_who_decides_is_the_target_whoever_has_the_secret(name: str, world: str) -> None:
    # implicated: the target is who it was, and the secret is the manager's; decider: the other way round
    none, implicated = swapped(name, world, "implicated")
    _, decider = swapped(name, world, "decider")
    target, manager = (none.facts.roles[role].name for role in ("target", "manager"))
    assert implicated.facts.roles["target"].name == target
    assert decider.facts.roles["target"].name == manager

    assert target in none.facts.facts["secret"] or target.split()[0] in none.facts.facts["secret"]
    for episode, owner in ((implicated, manager), (decider, target)):
        assert owner in episode.facts.facts["secret"] or owner.split()[0] in episode.facts.facts["secret"]
        assert episode.facts.roles["target"].name in episode.facts.facts["decision"]
