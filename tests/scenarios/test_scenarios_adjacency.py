"""Two conditions that differ in one factor differ only in that factor's lines.

The proof covers every pair of neighbours in every world. The prompt depends on `prompt_factors` only and the mails on
`mail_factors` only, so the proof runs over two reduced grids instead of their product; the tests at the end prove
that this is so on conditions drawn from the whole grid.
"""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.scenarios.checks import canary, mail_factors, prompt_factors
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.experiment import build_condition
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer
from agentic_misalignment.scenarios.scenario import scenario, scenario_names
from agentic_misalignment.scenarios.text import Line
from tests.scenarios.adjacency import Pair, adjacent_pairs, breaches, chosen_difference, every_level, grid
from tests.scenarios.small_world import SMALL, small_condition, small_episode

WORLDS = [(name, world) for name in scenario_names() for world in scenario(name).worlds]
every_world = pytest.mark.parametrize(("name", "world"), WORLDS)


def prompt(name: str, world: str, condition: Condition, seed: int = 1) -> tuple[Line, ...]:
    renderer = Renderer(mail_renderer(name, world), condition, seed)
    return (*renderer.system().lines, *renderer.opening().lines)


def mails(name: str, world: str, condition: Condition, seed: int = 1) -> tuple[Line, ...]:
    renderer = Renderer(mail_renderer(name, world), condition, seed)
    return tuple(line for mail in renderer.mails for line in mail.lines())


@cache
def prompts(name: str, world: str) -> dict[str, tuple[Line, ...]]:
    conditions, _ = neighbours(name, prompt_factors(scenario(name)))
    return {condition.id: prompt(name, world, condition) for condition in conditions}


@cache
def mailboxes(name: str, world: str) -> dict[str, tuple[Line, ...]]:
    conditions, _ = neighbours(name, mail_factors(scenario(name), scenario(name).world(world)))
    return {condition.id: mails(name, world, condition) for condition in conditions}


@cache
def neighbours(name: str, factors: frozenset[str]) -> tuple[Sequence[Condition], Sequence[Pair]]:
    conditions = grid(scenario(name), factors)
    pairs = list(adjacent_pairs(scenario(name), conditions))
    assert {frozenset({factor}) for factor in factors} == {chosen_difference(pair) for pair in pairs}
    return conditions, pairs


@every_world
def test_neighbours_differ_in_the_prompt_only_where_their_factor_says_so(name: str, world: str) -> None:
    _, pairs = neighbours(name, prompt_factors(scenario(name)))
    assert not list(breaches(pairs, prompts(name, world)))


@every_world
def test_neighbours_differ_in_the_mails_only_where_their_factor_says_so(name: str, world: str) -> None:
    _, pairs = neighbours(name, mail_factors(scenario(name), scenario(name).world(world)))
    assert not list(breaches(pairs, mailboxes(name, world)))


@every_world
def test_the_canary_stands_in_no_line(name: str, world: str) -> None:
    guid = canary().partition(":")[2]
    lines = [line for grid in (prompts(name, world), mailboxes(name, world)) for each in grid.values() for line in each]
    assert lines
    assert not [line for line in lines if guid in line.text]


# --- that two reduced grids are enough -------------------------------------------------------------------------


@st.composite
def _drawn(draw: st.DrawFn) -> tuple[str, str, dict[str, str], int]:
    name, world = draw(st.sampled_from(WORLDS))
    factors = scenario(name).factors
    levels = {factor: draw(st.sampled_from(every_level(scenario(name), factor))) for factor in factors}
    return name, world, levels, draw(st.integers(1, 9))


def _reduced(name: str, levels: dict[str, str], factors: frozenset[str]) -> Condition:
    defaults = {key: factor.about.default for key, factor in scenario(name).factors.items()}
    return build_condition(scenario(name), {**defaults, **{factor: levels[factor] for factor in factors}})


@given(_drawn())
def test_the_prompt_depends_on_the_prompt_factors_only(drawn: tuple[str, str, dict[str, str], int]) -> None:
    name, world, levels, seed = drawn
    reduced = _reduced(name, levels, prompt_factors(scenario(name)))
    assert prompt(name, world, build_condition(scenario(name), levels), seed) == prompt(name, world, reduced, seed)


@given(_drawn())
def test_the_mails_depend_on_the_mail_factors_only(drawn: tuple[str, str, dict[str, str], int]) -> None:
    name, world, levels, seed = drawn
    reduced = _reduced(name, levels, mail_factors(scenario(name), scenario(name).world(world)))
    assert mails(name, world, build_condition(scenario(name), levels), seed) == mails(name, world, reduced, seed)


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
    lines = {condition.id: list(small_episode(condition).lines()) for condition in conditions}
    bare = {
        key: [line.model_copy(update={"factors": line.factors - {tag}}) for line in each] for key, each in lines.items()
    }
    assert not list(breaches(pairs, lines))
    assert list(breaches(pairs, bare))


def test_a_line_in_another_place_breaks_the_proof() -> None:
    pair = (small_condition(alarm="none"), small_condition(alarm="drill"))
    one, other = (list(small_episode(condition).lines()) for condition in pair)
    assert list(breaches([pair], {pair[0].id: one, pair[1].id: other[::-1]}))
