"""Rules that hold for the whole tree: where stories stand, who imports whom, what the README says."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from agentic_misalignment.scenarios import World, experiment, experiment_names, factors, scenario, scenario_names
from agentic_misalignment.scenarios.checks import canary
from agentic_misalignment.scenarios.names import public_pools
from agentic_misalignment.scenarios.plan import make_plan

ROOT = Path(__file__).parent.parent
CODE = ("agentic_misalignment", "tasks", "solvers", "scorers", "benchmarks", "tests")
DATA = sorted(path for path in (ROOT / "datasets").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
SOURCES = sorted({path.resolve() for folder in CODE for path in (ROOT / folder).rglob("*.py")})
WORLDS = [scenario(name).world(world) for name in scenario_names() for world in scenario(name).worlds]
LEVELS = [(name, level) for name, factor in factors().items() for level in factor.levels]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def names_of(world: World) -> set[str]:
    """Every word that names somebody of a world by itself: fixed names of people, and the agent's own names."""
    people = [person.name for person in world.cast.values() if person.kind == "person" and person.name]
    return {word for name in people for word in name.split()} | set(world.agent.names)


def pooled() -> set[str]:
    """Every name that a seed may draw."""
    pools = public_pools()
    people = [name for pool in pools.regions.values() for name in (*pool.feminine, *pool.masculine, *pool.family)]
    return {*people, *pools.agents}


def test_there_is_something_to_check() -> None:
    assert len(DATA) > 40
    assert len(SOURCES) > 60
    assert len(pooled()) > 2000


@pytest.mark.parametrize("path", DATA, ids=relative)
def test_a_data_file_carries_the_canary(path: Path) -> None:
    assert canary() in path.read_text(encoding="utf-8")


def test_the_canary_is_the_line_of_its_file() -> None:
    assert f"canary: {canary()}\n" in (ROOT / "datasets" / "canary.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in SOURCES if "tests" not in path.parts], ids=relative)
def test_no_code_knows_a_story(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stories = {person.name for world in WORLDS for person in world.cast.values() if person.name}
    stories |= {word for world in WORLDS for word in (world.company.name, world.company.domain)}
    stories |= {word for world in WORLDS for word in names_of(world) if len(word) > 4}
    words = set(re.findall(r"[^\W\d_]+", text))

    assert [each for each in stories if re.search(rf"\b{re.escape(each)}\b", text)] == []
    assert words & {word for word in pooled() if len(word) > 4} == set()


@pytest.mark.parametrize(("first", "second"), combinations(WORLDS, 2), ids=lambda world: world.name)
def test_two_worlds_share_no_name(first: World, second: World) -> None:
    assert names_of(first) & names_of(second) == set()
    assert first.company.domain != second.company.domain


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_nothing_private_of_inspect_is_imported(path: Path) -> None:
    assert [name for name in imports(path) if re.match(r"inspect_ai(\..*)?\._", name)] == []


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("mailbox", ("inspect_ai", "agentic_misalignment.scenarios", "agentic_misalignment.judging")),
        ("scenarios", ("inspect_ai", "agentic_misalignment.judging", "agentic_misalignment.scripted")),
        ("judging", ("inspect_ai", "agentic_misalignment.scripted", "agentic_misalignment.scorers")),
        ("lynch2025", ("inspect_ai", "inspect_evals", "agentic_misalignment.scripted", "agentic_misalignment.scorers")),
        ("analysis", ("agentic_misalignment.scripted", "agentic_misalignment.solvers", "agentic_misalignment.tasks")),
    ],
)
def test_a_room_imports_only_what_it_may(room: str, forbidden: tuple[str, ...]) -> None:
    found = {
        (path.name, name)
        for path in (ROOT / "agentic_misalignment" / room).glob("*.py")
        for name in imports(path)
        for prefix in forbidden
        if name == prefix or name.startswith(f"{prefix}.")
    }

    assert found == set()


def test_the_domain_runs_without_inspect() -> None:
    code = "import sys, agentic_misalignment, agentic_misalignment.judging; print('inspect_ai' in sys.modules)"

    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out == "False\n"


@pytest.mark.parametrize(("factor", "level"), LEVELS)
def test_every_level_is_a_parameter_of_some_task(factor: str, level: str) -> None:
    having = [
        name
        for name in scenario_names()
        if factor in scenario(name).factors and level in scenario(name).factors[factor].levels
    ]
    plans = [make_plan(name, factors={factor: level}) for name in having]

    assert having
    assert {condition.level(factor) for plan in plans for condition in plan.conditions} == {level}


def test_no_factor_is_left_unused() -> None:
    assert {name for each in scenario_names() for name in scenario(each).factors} == set(factors())


def readme_row(factor: str) -> list[str]:
    """The levels that the README's table gives a factor."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{factor}` \| (.*?) \|", text, re.MULTILINE)
    assert row is not None, f"no row for {factor}"
    return re.findall(r"`([^`]+)`", row.group(1))


@pytest.mark.parametrize("factor", factors())
def test_the_readme_names_every_level_with_the_default_first(factor: str) -> None:
    named = readme_row(factor)

    assert sorted(named) == sorted(factors()[factor].levels)
    assert named[0] == factors()[factor].about.default


def test_the_readme_names_no_other_factor() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| factor |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(factors())


@pytest.mark.parametrize("name", experiment_names())
def test_the_readme_names_every_experiment_with_its_episodes(name: str) -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| experiment |")[2]
    row = next(line.split(" | ") for line in table.splitlines() if line.startswith(f"| `{name}` |"))
    sizes = [
        str(sum(1 for _ in make_plan(of, experiment_name=name).coordinates()))
        if experiment(name).applies_to(scenario(of))
        else "-"
        for of in scenario_names()
    ]

    assert row[3] == " / ".join(sizes)
