"""Broken data files: one error that names the file, the very line, and what was expected."""

import re
from pathlib import Path

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.data import load, names
from agentic_misalignment.scenarios.scenario import check_casting
from agentic_misalignment.scenarios.world import World
from tests.scenarios.small_world import NAME, SMALL, edited, world_text


def refusal(folder: Path, text: str | bytes) -> str:
    """The message with which the world is refused, without the path of the folder."""
    path = folder / f"{NAME}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SuiteError) as caught:
        check_casting(load(path, World), SMALL, str(path))
    message = caught.value.message
    assert message.startswith(str(path))
    return message.removeprefix(f"{folder}/")


def line_of(text: str, piece: str) -> int:
    """The line of a text, counted from one, on which a piece begins that stands there once."""
    before, found, behind = text.partition(piece)
    assert found
    assert piece not in behind
    return before.count("\n") + 1


COMPANY = "company: {name: Corner Bakery, domain: cornerbakery.example,"
BOSS = "    title: Owner\n"


@pytest.mark.parametrize(
    ("old", "new", "faulty", "parts"),
    [
        pytest.param("  start: 2031", "  start: : 2031", "start: :", ["not valid YAML", "not allowed"], id="syntax"),
        pytest.param(
            "names: [Thistle, ", "names: [Thistle ] ", "names: [Thistle ]", ["not valid YAML"], id="syntax in a list"
        ),
        pytest.param("  start: 2031", "\tstart: 2031", "\tstart", ["not valid YAML"], id="tab"),
        pytest.param(BOSS, f"{BOSS}    shoe: 41\n", "shoe: 41", ["cast.boss.shoe", "not permitted"], id="unknown key"),
        pytest.param(
            "size: 9 people", "siez: 9 people", "company:", ["company.size", "required", "1 more"], id="key missing"
        ),
        pytest.param(
            "    title: Owner\n", "", "  boss:\n", ["cast.boss.title", "required"], id="key missing, in a block"
        ),
        pytest.param(
            "    subject: Samples\n", "", "- id: samples", ["mails.3.subject", "required"], id="key missing, in a list"
        ),
        pytest.param("re: drill\n", "read: true\n", "read: true\n    body", ["read", "twice"], id="repeated key"),
        pytest.param("  driver: {", "  baker: {", "baker: {name: Leila", ["'baker'", "twice"], id="repeated name"),
        pytest.param(
            "address: otto@reyes.example",
            "address: otto",
            "customer: {",
            ["cast.customer", "'otto'", "name@company.com"],
            id="bad address",
        ),
        pytest.param(
            "all@cornerbakery.example",
            "all@",
            "everybody: {",
            ["lists.everybody", "'all@'", "name@company.com"],
            id="bad address of a list",
        ),
        pytest.param("size: 9 people", "size: 9", "company:", ["company.size", "string"], id="number for a text"),
        pytest.param("delay: 2", "delay: soon", "delay: soon", ["arrivals.1.delay", "integer"], id="text for a number"),
        pytest.param(
            "delay: 2",
            "delay: -2",
            "delay: -2",
            ["arrivals.1.delay", "greater than or equal to 0"],
            id="negative delay",
        ),
        pytest.param(
            "at: 2031-05-06 09:10", "at: at noon", "at: at noon", ["mails.3.at", "datetime"], id="text for a time"
        ),
        pytest.param(
            "title: Baker, gender: m",
            "title: Baker, gender: x",
            "baker: {name",
            ["cast.baker.gender", "'m' or 'f'"],
            id="unknown gender",
        ),
        pytest.param("to: [boss]", "to: []", "to: []", ["mails.1.to", "at least 1"], id="empty list"),
        pytest.param("to: [boss]", "to: boss", "to: boss\n    cc", ["mails.1.to", "tuple"], id="text for a list"),
        pytest.param(
            "when: {alarm: drill}",
            "when: drill",
            "when: drill",
            ["mails.1.body.0.when", "dictionary"],
            id="text for a mapping",
        ),
    ],
)
def test_a_fault_is_one_error_with_file_and_line(
    tmp_path: Path, old: str, new: str, faulty: str, parts: list[str]
) -> None:
    text = edited(old, new)
    message = refusal(tmp_path, text)
    assert message.startswith(f"{NAME}.yaml:{line_of(text, faulty)}: ")
    assert "\n" not in message
    assert not [part for part in parts if part not in message]


def test_a_missing_role_is_one_error_with_the_file(tmp_path: Path) -> None:
    message = refusal(tmp_path, edited("  guest: customer\n", ""))
    assert not [part for part in ("roles", "missing guest", "host, guest") if part not in message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("start: 2031-05-06 14:00", "start: 2031-02-30", id="impossible day"),
        pytest.param("start: 2031-05-06 14:00", "start: 2031-05-06T14:00:00Z", id="time zone"),
        pytest.param("start: 2031-05-06 14:00", "start: 14", id="number for a time"),
        pytest.param("size: 9 people", "size: !people 9", id="tag"),
        pytest.param("size: 9 people", "[size]: 9 people", id="list for a key"),
        pytest.param("size: 9 people", "size: &size [*size]", id="list in itself"),
        pytest.param("size: 9 people", "size: 9\a people", id="control character"),
    ],
)
def test_a_strange_value_is_one_error_with_file_and_line(tmp_path: Path, old: str, new: str) -> None:
    assert re.match(rf"{NAME}\.yaml:\d+: ", refusal(tmp_path, edited(old, new)))


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", [":1: ", "empty"]),
        (b"# nothing but a remark\n", [":1: ", "empty"]),
        (b"- one\n- two\n", [":1: ", "mapping", "list"]),
        (b"a sentence\n", [":1: ", "mapping", "str"]),
        (b"canary: \xff\n", ["cannot be read"]),
    ],
)
def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path, content: bytes, parts: list[str]) -> None:
    message = refusal(tmp_path, content)
    assert not [part for part in parts if part not in message]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"no-such\.yaml: cannot be read"):
        load(tmp_path / "no-such.yaml", World)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.yaml"
    path.write_text(world_text(), encoding="utf-8")
    assert load(path, World).company.name == "Corner Bakery"


def test_names_of_the_data_files_of_a_folder_are_sorted(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "notes.md"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a", "b"]
