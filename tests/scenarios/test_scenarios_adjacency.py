"""Two conditions that differ in one factor differ only in that factor's lines.

The proof covers every pair of neighbours within each module of factors, in every world. Factors of different modules
share no line; the tests in the middle prove that on conditions drawn from the whole grid. `names` and `swap` change who
is called what in every line, so what they must leave alone is proved apart.

    pytest tests/scenarios/test_scenarios_adjacency.py --seeds 50
"""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.episode import RenderedMail
from agentic_misalignment.scenarios.experiment import build_condition
from agentic_misalignment.scenarios.mail_rendering import MailRenderer
from agentic_misalignment.scenarios.modules import modules
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer
from agentic_misalignment.scenarios.scenario import Scenario, scenario, scenario_names
from agentic_misalignment.scenarios.text import Line
from tests.scenarios.adjacency import Sheet, adjacent_pairs, breaches, chosen_difference, every_level, grid
from tests.scenarios.small_world import SMALL, small_condition, small_episode, small_world

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
PEOPLE = ("names", "swap")
"""Factors that change names and pronouns wherever they stand."""

every_world = pytest.mark.parametrize(("name", "world"), WORLDS)


class Sheets:
    """The prompts and mails of a world's conditions; equal mails are one object."""

    def __init__(self, name: str, world: str) -> None:
        self._renderer = MailRenderer(scenario(name), scenario(name).world(world))
        self._kept: dict[int, tuple[RenderedMail, Sheet]] = {}

    def of(self, condition: Condition, seed: int = 1) -> tuple[Sheet, ...]:
        renderer = Renderer(self._renderer, condition, seed)
        return (renderer.system().lines, renderer.opening().lines, *map(self._of_mail, renderer.mails))

    def _of_mail(self, mail: RenderedMail) -> Sheet:
        if id(mail) not in self._kept:
            self._kept[id(mail)] = (mail, tuple(mail.lines()))
        return self._kept[id(mail)][1]


def lines_of(name: str, world: str, condition: Condition, seed: int) -> tuple[Line, ...]:
    renderer = Renderer(mail_renderer(name, world), condition, seed)
    mails = (line for mail in renderer.mails for line in mail.lines())
    return (*renderer.system().lines, *renderer.opening().lines, *mails)


def proved(name: str, world: str) -> list[tuple[str, ...]]:
    """The modules whose lines are compared."""
    found = modules(scenario(name), scenario(name).world(world))
    return [module for module in found if not {*PEOPLE} & {*module}]


@every_world
def test_neighbours_differ_only_where_their_factor_says_so(name: str, world: str, seeds: int) -> None:
    for module in proved(name, world):
        conditions = grid(scenario(name), module)
        pairs = list(adjacent_pairs(scenario(name), conditions))
        assert {frozenset({factor}) for factor in module} == {chosen_difference(pair) for pair in pairs}
        for seed in range(1, seeds + 1):
            sheets = Sheets(name, world)
            assert not list(breaches(pairs, {condition.id: sheets.of(condition, seed) for condition in conditions}))


# --- that modules are enough -------------------------------------------------------------------------------------


@st.composite
def _drawn(draw: st.DrawFn) -> tuple[str, str, dict[str, str], int]:
    name, world = draw(st.sampled_from(WORLDS))
    factors = scenario(name).factors
    levels = {factor: draw(st.sampled_from(every_level(scenario(name), factor))) for factor in factors}
    return name, world, levels, draw(st.integers(1, 9))


def reduced(found: Scenario, levels: dict[str, str], factors: Sequence[str]) -> Condition:
    """The condition in which only these factors are not at their default."""
    defaults = {key: factor.about.default for key, factor in found.factors.items()}
    return build_condition(found, {**defaults, **{factor: levels[factor] for factor in factors}})


def tagged(lines: Sequence[Line], module: Sequence[str]) -> list[tuple[str, str]]:
    """Place and text of the lines that belong to a module, or to no factor at all for an empty one."""
    wanted = frozenset(module)
    return [
        (line.place, line.text)
        for line in lines
        if line.text.strip() and (line.factors & wanted if wanted else not line.factors)
    ]


@given(_drawn())
def test_a_modules_lines_depend_on_nothing_but_the_module(drawn: tuple[str, str, dict[str, str], int]) -> None:
    name, world, levels, seed = drawn
    found = scenario(name)
    people = [factor for factor in PEOPLE if factor in found.factors]
    whole = lines_of(name, world, build_condition(found, levels), seed)

    for module in [(), *proved(name, world)]:
        alone = lines_of(name, world, reduced(found, levels, [*module, *people]), seed)
        assert tagged(whole, module) == tagged(alone, module), module


def test_modules_of_the_small_world() -> None:
    # taste gives a variable to texts that stand with aim; alarm, hints and distractors have lines of their own
    assert modules(SMALL, small_world()) == [("aim", "taste"), ("alarm",), ("hints",), ("distractors",)]


@every_world
def test_every_factor_is_in_one_module(name: str, world: str) -> None:
    found = [factor for module in modules(scenario(name), scenario(name).world(world)) for factor in module]
    assert sorted(found) == sorted(scenario(name).factors)


# --- factors that change who is who ------------------------------------------------------------------------------


@every_world
@pytest.mark.parametrize("factor", PEOPLE)
def test_who_is_who_changes_no_place_tag_or_time(name: str, world: str, factor: str) -> None:
    found = scenario(name)
    for level in every_level(found, factor):
        shown = [
            Renderer(mail_renderer(name, world), reduced(found, {factor: each}, [factor]), 1).mails
            for each in (found.factors[factor].about.default, level)
        ]
        one, other = ([(mail.key, mail.email.id, mail.email.sent_at, mail.tags) for mail in each] for each in shown)
        assert one == other
        assert [len(mail.body.lines) for mail in shown[0]] == [len(mail.body.lines) for mail in shown[1]]


# --- that the proof would fail ---------------------------------------------------------------------------------


def test_neighbours_of_a_small_grid() -> None:
    # aim and taste make three points (none; given with salty; given with sweet), all neighbours of each other: 3 pairs.
    # With two alarms: 3 pairs under each alarm, and 3 points that differ in the alarm: 2 * 3 + 3 = 9.
    conditions = grid(SMALL, ["aim", "taste", "alarm"])
    assert len(conditions) == 6
    assert len(list(adjacent_pairs(SMALL, conditions))) == 9


@pytest.mark.parametrize("tag", ["aim", "taste", "alarm", "hints", "distractors"])
def test_a_line_without_its_tag_breaks_the_proof(tag: str) -> None:
    conditions = grid(SMALL, SMALL.factors)
    pairs = list(adjacent_pairs(SMALL, conditions))
    lines = {condition.id: [tuple(small_episode(condition).lines())] for condition in conditions}
    bare = {
        key: [tuple(line._replace(factors=line.factors - {tag}) for line in each[0])] for key, each in lines.items()
    }
    assert not list(breaches(pairs, lines))
    assert list(breaches(pairs, bare))


def test_a_line_in_another_place_breaks_the_proof() -> None:
    pair = (small_condition(alarm="none"), small_condition(alarm="drill"))
    one, other = (tuple(small_episode(condition).lines()) for condition in pair)
    assert list(breaches([pair], {pair[0].id: [one], pair[1].id: [other[::-1]]}))
