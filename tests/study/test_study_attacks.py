"""Attacks: the texts that come with the suite, and where each is put."""

from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging import Record
from agentic_misalignment.judging.dossier import LONGEST
from agentic_misalignment.study import Attack, Item, apply_attack, attacks, replay, replay_attacked
from agentic_misalignment.study.attacks import Place
from tests.study.study_builders import TARGET, calling, made

PLACES = get_args(Place)
ITEM = calling(
    ("send_email", {"to": [TARGET], "subject": "First", "body": "One."}),
    ("reply_to_email", {"email_id": "m0", "body": "Two."}),
    ("read_email", {"email_id": "m0"}),
)


def attack(place: str, text: str = "Stop reading.", **more: object) -> Attack:
    return Attack.model_validate(
        {"id": "x", "technique": "order", "place": place, "wants": "negative", "text": text, **more}
    )


def arguments(item: Item, tool: str) -> dict[str, object]:
    return next(call.arguments for turn in item.turns for call in turn.calls if call.tool == tool)


def texts(record: Record) -> str:
    """Everything that the agent sent, tried, wrote for itself or is called."""
    sent = [f"{message.email.subject}\n{message.email.body}" for message in record.sent]
    tried = [str(value) for entry in record.rejected for value in entry.arguments.values()]
    return "\n".join([*sent, *tried, *(writing.text for writing in record.writings), record.facts.agent.name])


class TestTheData:
    """The attacks that come with the suite."""

    def test_there_are_enough(self) -> None:
        assert len(attacks()) >= 40

    def test_each_stands_there_once(self) -> None:
        assert len({each.id for each in attacks()}) == len({each.text for each in attacks()}) == len(attacks())

    def test_every_place_is_attacked(self) -> None:
        assert {each.place for each in attacks()} == set(PLACES)

    def test_both_verdicts_are_wanted(self) -> None:
        assert {each.wants for each in attacks()} == {"negative", "positive"}

    def test_one_is_too_long_to_be_judged(self) -> None:
        # behind the agent's own words, however few they are
        longest = LONGEST["messages"]
        assert [each for each in attacks() if each.place == "message_body" and len(each.written()) >= longest]

    def test_subjects_and_names_take_one_line(self) -> None:
        short = [each for each in attacks() if each.place in ("message_subject", "name")]

        assert not [each.id for each in short if "\n" in each.written()]

    @pytest.mark.parametrize("each", attacks(), ids=lambda each: each.id)
    def test_each_can_be_put_into_an_episode(self, each: Attack) -> None:
        record = replay_attacked(made(), each).record

        words = each.written()[:40].split()[0].replace("{{", "{ {")
        assert words in texts(record)


@pytest.mark.parametrize("repeat", [1, 12, 13, 14, 200_001])
def test_a_text_is_repeated_up_to_so_many_characters(repeat: int) -> None:
    written = attack("message_body", "Stop reading.", repeat=repeat).written()

    assert len(written) == repeat
    assert ("Stop reading." * 20_000).startswith(written)


def test_a_text_is_written_once_without_a_number() -> None:
    assert attack("message_body").written() == "Stop reading."


def test_the_body_of_every_message_is_attacked() -> None:
    item = apply_attack(ITEM, attack("message_body"))

    assert arguments(item, "send_email") == {"to": [TARGET], "subject": "First", "body": "One.\n\nStop reading."}
    assert arguments(item, "reply_to_email") == {"email_id": "m0", "body": "Two.\n\nStop reading."}
    assert arguments(item, "read_email") == {"email_id": "m0"}


def test_a_prefix_stands_before_the_agents_own_text() -> None:
    item = apply_attack(ITEM, attack("message_body", prefix=True))

    assert arguments(item, "send_email")["body"] == "Stop reading.\n\nOne."


def test_only_new_messages_have_a_subject_to_attack() -> None:
    item = apply_attack(ITEM, attack("message_subject"))

    assert arguments(item, "send_email")["subject"] == "First Stop reading."
    assert arguments(item, "reply_to_email") == {"email_id": "m0", "body": "Two."}


@pytest.mark.parametrize(
    ("place", "key"), [("reasoning", "reasoning"), ("scratchpad", "scratchpad"), ("visible_text", "text")]
)
def test_a_writing_of_the_first_turn_is_attacked(place: str, key: str) -> None:
    item = made(turns=[{key: "Mine."}, {key: "Later."}])

    assert [getattr(turn, key) for turn in apply_attack(item, attack(place)).turns] == [
        "Mine.\n\nStop reading.",
        "Later.",
    ]


def test_a_tool_argument_is_a_call_that_is_rejected() -> None:
    record = replay(apply_attack(made(), attack("tool_argument"))).record

    assert [(entry.tool, entry.arguments) for entry in record.rejected] == [
        ("archive_email", {"email_id": "Stop reading."})
    ]


def test_a_mail_that_is_received_is_read() -> None:
    record = replay(apply_attack(made(), attack("mail_body"))).record

    newest = record.mailbox.folder("inbox")[0].email
    assert newest.body == "Stop reading."
    assert newest.id in record.seen


def test_a_name_changes_no_turn() -> None:
    assert apply_attack(ITEM, attack("name")).turns == ITEM.turns


@pytest.mark.parametrize("place", PLACES)
def test_an_attacked_item_is_known_by_both_ids_and_keeps_the_rest(place: str) -> None:
    item = apply_attack(ITEM, attack(place))

    assert item.id == "made-1+x"
    assert item.model_copy(update={"id": ITEM.id, "turns": ITEM.turns}) == ITEM


@given(
    st.text(alphabet="{}% ax"), st.sampled_from([place for place in PLACES if place not in ("name", "message_subject")])
)
def test_no_attack_is_taken_for_a_slot(text: str, place: str) -> None:
    text = f"start {text} end"
    found = texts(replay(apply_attack(made(), attack(place, text))).record)

    assert text.replace("{{", "{ {").replace("{%", "{ %") in found


class TestAFile:
    """Attacks of another file."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(import_module("agentic_misalignment.study.attacks"), "datasets", lambda: tmp_path)
        (tmp_path / "judge_study").mkdir()
        return tmp_path / "judge_study"

    def refusal(self, folder: Path, text: str) -> str:
        (folder / "attacks.yaml").write_text(text)
        with pytest.raises(SuiteError) as caught:
            attacks.__wrapped__()
        assert "\n" not in caught.value.message
        return caught.value.message

    def test_an_id_that_stands_twice_is_named(self, folder: Path) -> None:
        one = "  - {id: a, technique: order, place: name, wants: negative, text: x}\n"

        assert "the attack 'a' stands twice" in self.refusal(folder, f"canary: c\nattacks:\n{one}{one}")

    @pytest.mark.parametrize(
        ("row", "parts"),
        [
            ("{id: a, technique: order, place: signature, wants: negative, text: x}", [":3:", "place", "message_body"]),
            ("{id: a, technique: order, place: name, wants: harm, text: x}", [":3:", "wants", "positive"]),
            ("{id: a, technique: order, place: name, wants: negative, text: x, repeat: -1}", ["repeat", "0"]),
            ("{id: a, technique: order, place: name, wants: negative}", ["text", "required"]),
        ],
    )
    def test_a_fault_is_named_with_what_is_valid(self, folder: Path, row: str, parts: list[str]) -> None:
        message = self.refusal(folder, f"canary: c\nattacks:\n  - {row}\n")

        assert not [part for part in parts if part not in message]
