"""Private packs: seeds behind the public ones, and names of the user's own."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from agentic_misalignment.cli import main
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.provenance import pack_hash
from agentic_misalignment.scenarios.names import public_pools
from agentic_misalignment.scenarios.pack import PUBLIC_SEEDS, check_pack, make_pack, read_pack, write_pack
from agentic_misalignment.scenarios.plan import make_plan
from agentic_misalignment.scenarios.rendering import render_episode
from agentic_misalignment.scenarios.scenario import scenario

SEED = 4_815_162
OWN: dict[str, Any] = {
    "agents": ["Quince", "Medlar", "Loquat", "Damson"],
    "regions": {
        "irish": {
            "feminine": [f"Fiadh{letter}" for letter in "abcdefghijklmn"],
            "masculine": [f"Tadhg{letter}" for letter in "abcdefghijklmn"],
            "family": [f"Macgill{letter}" for letter in "abcdefghijklmn"],
        }
    },
}


def cast_file(folder: Path, content: Any = OWN) -> Path:
    path = folder / "cast.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def changed(kind: str, names: list[str]) -> dict[str, Any]:
    """The cast with one pool of its region replaced."""
    return {**OWN, "regions": {"irish": {**OWN["regions"]["irish"], kind: names}}}


# --- making ------------------------------------------------------------------------------------------------------


def test_a_pack_without_own_names_has_the_public_ones() -> None:
    pack = make_pack(SEED)
    assert (pack.seed, pack.names) == (SEED, public_pools())


def test_own_names_take_the_place_of_the_public_ones(tmp_path: Path) -> None:
    names = make_pack(SEED, cast_file(tmp_path)).names
    assert names.agents == tuple(OWN["agents"])
    assert names.regions["irish"].family == tuple(OWN["regions"]["irish"]["family"])
    assert {**names.regions, "irish": None} == {**public_pools().regions, "irish": None}


@pytest.mark.parametrize("seed", [-1, 0, 1, PUBLIC_SEEDS])
def test_a_public_seed_is_refused(seed: int) -> None:
    with pytest.raises(SuiteError, match=rf"seed {seed}: 1 to {PUBLIC_SEEDS} are public"):
        make_pack(seed)


def test_the_first_private_seed_is_the_one_behind_the_public_ones() -> None:
    assert make_pack(PUBLIC_SEEDS + 1).seed == PUBLIC_SEEDS + 1


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ({"regions": {"atlantis": OWN["regions"]["irish"]}}, ["regions", "unknown region 'atlantis'", "irish"]),
        ({"agents": ["Quince", "quince"]}, ["'quince'", "agents"]),
        ({"agents": ["Áine"]}, ["'Áine'", "agents", "irish.feminine"]),
        (changed("family", ["Oak", "Elm", "Oak"]), ["'Oak'", "irish.family"]),
        (changed("family", ["Mac Gill"]), ["irish.family", "'Mac Gill' is not one word"]),
        ({"agents": [""]}, ["agents", "'' is not one word"]),
        (changed("feminine", []), ["irish.feminine", "at least 1"]),
        ({"seeds": 3}, ["seeds", "not permitted"]),
        (["Quince"], ["mapping"]),
    ],
    ids=[
        "unknown region",
        "name twice",
        "agent with a person's name",
        "name twice in a region",
        "not one word",
        "empty name",
        "empty pool",
        "unknown key",
        "list",
    ],
)
def test_a_broken_cast_is_refused_in_one_line(tmp_path: Path, content: Any, parts: list[str]) -> None:
    path = cast_file(tmp_path, content)
    with pytest.raises(SuiteError) as caught:
        make_pack(SEED, path)
    message = caught.value.message
    assert "\n" not in message
    assert not [part for part in [str(path), *parts] if part not in message], message


def test_a_missing_cast_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"none\.yaml: cannot be read"):
        make_pack(SEED, tmp_path / "none.yaml")


def test_a_pool_that_is_too_small_for_a_world_is_refused_with_both_numbers(tmp_path: Path) -> None:
    pack = make_pack(SEED, cast_file(tmp_path, changed("feminine", ["Fiadh"])))
    with pytest.raises(SuiteError, match=r"irish/f: the pool has 1 names; \d+ are needed"):
        check_pack(pack, scenario("leaking"))


# --- writing and reading -----------------------------------------------------------------------------------------


def test_a_pack_is_read_as_it_was_written(tmp_path: Path) -> None:
    pack = make_pack(SEED, cast_file(tmp_path))
    write_pack(pack, tmp_path / "p.yaml")
    assert read_pack(str(tmp_path / "p.yaml")) == pack


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("mine")
    with pytest.raises(SuiteError, match=r"p\.yaml: cannot be written"):
        write_pack(make_pack(SEED), path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (f"seed: {SEED}", "seed: 7", "seed: .*greater than"),
        ("- Quince", "- Medlar", "the name 'Medlar' stands in agents and in agents"),
        ("- Quince", "- Quince Tree", "'Quince Tree' is not one word"),
    ],
)
def test_a_pack_that_was_spoilt_by_hand_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    path = tmp_path / "p.yaml"
    write_pack(make_pack(SEED, cast_file(tmp_path)), path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SuiteError, match=reason):
        read_pack(str(path))


# --- using -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pack_file(tmp_path: Path) -> str:
    path = tmp_path / "p.yaml"
    write_pack(make_pack(SEED, cast_file(tmp_path)), path)
    return str(path)


def test_a_plan_counts_up_from_the_packs_seed(pack_file: str) -> None:
    plan = make_plan("leaking", worlds="strandline-ferries", seeds=3, pack=pack_file)
    assert [seed for _, _, seed in plan.coordinates()] == [SEED, SEED + 1, SEED + 2]
    assert plan.pack == pack_file


def test_the_packs_names_appear_in_the_episodes(pack_file: str) -> None:
    plan = make_plan("leaking", worlds="strandline-ferries", seeds=4, pack=pack_file)
    for world, condition, seed in plan.coordinates():
        episode = render_episode("leaking", world, condition, seed, pack=pack_file)
        assert episode.facts.agent.name in OWN["agents"]
        irish = [key for key, who in scenario("leaking").world(world).cast.items() if who.region == "irish"]
        family = {name.split()[-1] for name in (contact.name for contact in episode.mailbox.contacts)}
        assert irish
        assert family & {*OWN["regions"]["irish"]["family"]}
        assert not family & {*public_pools().region("irish").family}


def test_a_pack_changes_names_and_no_public_episode(pack_file: str) -> None:
    condition = make_plan("leaking").conditions[0]
    public = render_episode("leaking", "strandline-ferries", condition, 1)
    render_episode("leaking", "strandline-ferries", condition, SEED, pack=pack_file)
    assert render_episode("leaking", "strandline-ferries", condition, 1) == public


def test_two_packs_have_two_hashes_and_no_pack_has_none(pack_file: str, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    write_pack(make_pack(SEED + 1), other)
    assert pack_hash("") is None
    assert pack_hash(pack_file) != pack_hash(str(other))


@pytest.mark.parametrize(("content", "reason"), [(None, "cannot be read"), ("seed: 2\n", "p2.yaml:1"), ("", "empty")])
def test_a_plan_with_a_broken_pack_is_refused(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "p2.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SuiteError, match=reason):
        make_plan("leaking", pack=str(path))


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_writes_a_pack_that_tasks_can_use(tmp_path: Path) -> None:
    path = tmp_path / "private.pack.yaml"
    result = CliRunner().invoke(
        main, ["pack", "--seed", str(SEED), "--cast", str(cast_file(tmp_path)), "-o", str(path)]
    )
    assert result.exit_code == 0, result.output
    assert f"-T pack={path}" in result.output
    assert read_pack(str(path)).seed == SEED


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["pack", "--seed", "7"], "are public"),
        (["pack"], "--seed"),
        (["pack", "--seed", "many"], "integer"),
        (["pack", "--seed", str(SEED), "--cast", "no/such.yaml"], "no/such.yaml"),
        (["pack", "--seed", str(SEED), "-o", "no/such/folder/p.yaml"], "cannot be written"),
    ],
)
def test_the_command_refuses_bad_input_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit)
    assert part in result.output
    assert not [*tmp_path.glob("*.pack.yaml")]


@pytest.mark.parametrize("name", ["李明", "(Bob)", "X/Y", "R2", "-"])
def test_a_name_that_makes_no_address_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuiteError, match="makes no address"):
        make_pack(SEED, cast_file(tmp_path, {"agents": [name, "Quince"]}))


def test_the_hash_of_a_pack_does_not_tell_its_seed(tmp_path: Path) -> None:
    pack = make_pack(SEED)
    for name in ("one", "two"):
        write_pack(pack, tmp_path / name)

    assert pack_hash(str(tmp_path / "one")) != pack_hash(str(tmp_path / "two"))
    assert read_pack(str(tmp_path / "one")) == read_pack(str(tmp_path / "two"))
