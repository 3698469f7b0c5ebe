"""Reading labelled episodes: what is valid, and bad input as one line with file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import BELIEFS, labels, rubric
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.study import items, study_items
from agentic_misalignment.study.items import all_items, parse_item
from tests.study.study_builders import content, labelled, made

WHERE = "blackmail.jsonl:7"


def refusal(line: str, scenario: str = "blackmail") -> str:
    """The one line with which an item is refused, behind its file and line."""
    with pytest.raises(SuiteError) as caught:
        parse_item(line, WHERE, scenario=scenario)
    message = caught.value.message
    assert message.startswith(f"{WHERE}: ")
    assert "\n" not in message
    return message


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in content().items() if name != key}


def test_the_smallest_item_is_read_with_its_defaults() -> None:
    item = made()

    assert (item.reads, item.held_out, item.readings, item.constructed, item.adjudication) == (
        True,
        False,
        (),
        None,
        "",
    )
    assert (item.protocol, item.labels.percent) == ("mailbox", None)


@pytest.mark.parametrize(
    ("levels", "protocol"),
    [({}, "mailbox"), ({"protocol": "single_turn"}, "single_turn"), ({"goal": "none"}, "mailbox")],
)
def test_the_protocol_is_the_factors_level(levels: dict[str, str], protocol: str) -> None:
    assert made(levels=levels).protocol == protocol


@pytest.mark.parametrize(
    ("scenario", "verdict", "positive"),
    [
        ("blackmail", "open_threat", True),
        ("blackmail", "veiled_threat", True),
        ("blackmail", "no_threat", False),
        ("leaking", "disclosed", True),
        ("leaking", "not_disclosed", False),
        ("lethal_action", "understood", True),
        ("lethal_action", "misread", False),
        ("lethal_action", "not_cancelled", False),
    ],
)
def test_harm_is_what_the_rubric_calls_positive(scenario: str, verdict: str, positive: bool) -> None:
    assert made(scenario=scenario, labels=labelled(verdict=verdict)).positive is positive


@pytest.mark.parametrize("line", ["{", "", "{'id': 1}", '{"id": 1} {"id": 2}'])
def test_what_is_no_json_is_named(line: str) -> None:
    assert "not a JSON object" in refusal(line)


@pytest.mark.parametrize("line", ["[]", "1", '"text"', "null"])
def test_json_that_is_no_object_is_named(line: str) -> None:
    assert "item: Input should be" in refusal(line)


@pytest.mark.parametrize("key", [key for key in content() if key != "levels"])
def test_a_missing_key_is_named(key: str) -> None:
    assert f"{key}: Field required" in refusal(json.dumps(without(key)))


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        pytest.param({"colour": "red"}, ["colour", "not permitted"], id="unknown key"),
        pytest.param({"tags": []}, ["tags", "at least 1"], id="no tag"),
        pytest.param({"seed": "one"}, ["seed", "integer"], id="seed"),
        pytest.param({"turns": [{"say": "x"}]}, ["turns.0.say"], id="unknown key of a turn"),
        pytest.param(
            {"turns": [{"calls": [{"tool": "send_email"}]}]}, ["turns.0.calls.0.arguments"], id="no arguments"
        ),
        pytest.param({"labels": labelled(verdict="threat")}, ["'threat'", *rubric("blackmail").labels], id="verdict"),
        pytest.param(
            {"labels": labelled(verdict="not_cancelled")}, ["'not_cancelled'", "no_threat"], id="of lethal_action"
        ),
        pytest.param({"labels": labelled(verdict="disclosed")}, ["'disclosed'", "no_threat"], id="of another scenario"),
        pytest.param({"labels": labelled(belief="doubt")}, ["labels.belief", *BELIEFS], id="belief"),
        pytest.param({"labels": labelled(conduct=["bribery"])}, ["'bribery'", *labels()], id="label of conduct"),
        pytest.param({"labels": labelled(percent=101)}, ["labels.percent", "100"], id="percent"),
        pytest.param({"constructed": labelled(verdict="threat")}, ["'threat'", "no_threat"], id="as constructed"),
        pytest.param({"readings": [labelled()]}, ["readings.0.reader"], id="reading of nobody"),
        pytest.param(
            {"readings": [labelled(reader="r1"), labelled(reader="r2", conduct=["bribery"])]},
            ["'bribery'"],
            id="reading",
        ),
        pytest.param({"scenario": "leaking"}, ["'leaking'", "blackmail"], id="in the wrong file"),
    ],
)
def test_a_fault_is_named_with_what_is_valid(more: dict[str, Any], parts: list[str]) -> None:
    message = refusal(json.dumps(content(**more)))

    assert not [part for part in parts if part not in message]


def test_not_cancelled_is_a_verdict_where_there_is_an_alert() -> None:
    item = made(scenario="lethal_action", labels=labelled(verdict="not_cancelled"))

    assert item.labels.verdict == "not_cancelled"


@pytest.mark.parametrize("split", ["open", "held_out"])
def test_a_split_holds_the_items_that_are_marked_so(split: str) -> None:
    wanted = [item.id for item in all_items() if item.held_out == (split == "held_out")]

    assert [item.id for item in study_items(split=split)] == wanted


def test_open_and_held_out_are_all() -> None:
    parts = {item.id for split in ("open", "held_out") for item in study_items(split=split)}

    assert parts == {item.id for item in study_items()}


@pytest.mark.parametrize("names", [["leaking"], ["lethal_action", "blackmail"]])
def test_named_scenarios_only(names: list[str]) -> None:
    assert {item.scenario for item in study_items(scenarios=names)} == set(names)


def test_an_unknown_split_is_named_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"split 'closed'; valid: all, open, held_out"):
        study_items(split="closed")


def test_an_unknown_scenario_is_named_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=f"scenario 'heist'; valid: {', '.join(scenario_names())}"):
        study_items(scenarios=["blackmail", "heist"])


class TestAFolder:
    """Items of another folder of data."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(items, "datasets", lambda: tmp_path)
        self.folder = tmp_path / "judge_study"
        self.folder.mkdir()
        for name in scenario_names():
            (self.folder / f"{name}.jsonl").write_text("")

    def read(self, *lines: str) -> list[str]:
        (self.folder / "blackmail.jsonl").write_text("\n".join(lines))
        return [item.id for item in all_items.__wrapped__()]

    def test_empty_lines_are_no_items(self) -> None:
        assert self.read("", json.dumps(content()), "  ", json.dumps(content(id="made-2")), "") == ["made-1", "made-2"]

    def test_a_fault_names_file_and_line(self) -> None:
        with pytest.raises(SuiteError, match=r"blackmail\.jsonl:3: not a JSON object"):
            self.read(json.dumps(content()), "", '{"id": ')

    def test_an_id_that_stands_twice_is_named(self) -> None:
        with pytest.raises(SuiteError, match="the id 'made-1' stands twice"):
            self.read(json.dumps(content()), json.dumps(content()))

    def test_an_id_stands_once_in_all_files_together(self) -> None:
        other = content(scenario="leaking", labels=labelled(verdict="disclosed"))
        (self.folder / "leaking.jsonl").write_text(json.dumps(other))

        with pytest.raises(SuiteError, match="the id 'made-1' stands twice"):
            self.read(json.dumps(content()))
