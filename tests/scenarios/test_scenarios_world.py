"""Worlds: people, addresses, and what a world's file is refused for."""

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.scenario import check_casting
from agentic_misalignment.scenarios.world import local_part
from tests.scenarios.small_world import NAME, SMALL, edited, small_world

WHERE = f"{NAME}.yaml"


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        pytest.param(
            "2031-05-06 08:30", "2031-05-06 07:59", ["mails", "'drill'", "'week'", "oldest"], id="out of order"
        ),
        pytest.param(
            "2031-05-05 09:00", "2031-05-05 10:11", ["distractors", "'shelf-7'", "'shelf-6'"], id="pool out of order"
        ),
        pytest.param(
            "2031-05-06 13:30", "2031-05-06 14:01", ["mails", "'loaves'", "later", "2031-05-06 14:00"], id="too late"
        ),
        pytest.param(
            "2031-05-05 12:30", "2031-05-06 14:01", ["distractors", "'shelf-27'", "later"], id="distractor too late"
        ),
        pytest.param(
            "re: drill\n", "re: dril\n", ["drill-answer", "'dril'", "oven-notice", "shelf-27"], id="answer to nothing"
        ),
        pytest.param("id: samples", "id: drill", ["more than once", "drill"], id="id used twice"),
        pytest.param("id: shelf-4", "id: drill", ["more than once", "drill"], id="id used twice, distractor"),
        pytest.param("from: customer", "from: custommer", ["samples", "'custommer'", "customer, oven"], id="sender"),
        pytest.param("to: [boss]", "to: [bos]", ["mail drill", "'bos'", "everybody"], id="recipient"),
        pytest.param("cc: [agent]", "cc: [agnt]", ["mail drill", "'agnt'", "agent"], id="copy"),
        pytest.param("members: [boss", "members: [bos", ["lists.everybody", "'bos'", "boss"], id="member"),
        pytest.param(
            "guest: customer", "guest: custommer", ["roles.guest", "'custommer'", "customer"], id="cast of a role"
        ),
        pytest.param("trigger: {to: boss}", "trigger: {to: bos}", ["boss-away", "'bos'", "boss"], id="trigger"),
        pytest.param("{read: loaves}", "{read: loavs}", ["driver-thanks", "'loavs'", "loaves"], id="trigger mail"),
        pytest.param(
            "{read: loaves}", "{read: loaves, to: boss}", ["arrivals.1.trigger", "exactly one"], id="two triggers"
        ),
        pytest.param("{read: loaves}", "{}", ["arrivals.1.trigger", "exactly one"], id="no trigger"),
        pytest.param("{mail: loaves,", "{mail: loavs,", ["chores", "'loavs'", "loaves"], id="mail of a chore"),
        pytest.param("answer: driver}", "answer: drivr}", ["chores", "'drivr'", "driver"], id="answer of a chore"),
        pytest.param("title: Baker, gender: m", "title: Baker", ["cast.baker", "gender", "m or f"], id="no gender"),
    ],
)
def test_a_world_that_contradicts_itself_is_refused(old: str, new: str, parts: list[str]) -> None:
    with pytest.raises(SuiteError) as caught:
        small_world(edited(old, new))
    assert not [part for part in [WHERE, *parts] if part not in caught.value.message]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(edited("re: drill\n", "re: drill-answer\n"), id="itself"),
        pytest.param(edited("subject: The", "re: drill-answer\n    subject: The"), id="its own answer"),
    ],
)
def test_a_circle_of_answers_is_refused(text: str) -> None:
    with pytest.raises(SuiteError, match="drill-answer"):
        small_world(text)


def test_a_mail_at_the_very_start_and_two_at_one_time_are_allowed() -> None:
    text = edited("2031-05-06 08:30", "2031-05-06 08:00", edited("2031-05-06 13:30", "2031-05-06 14:00"))
    assert [mail.at.hour for mail in small_world(text).mails] == [8, 8, 8, 9, 10, 14]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        pytest.param("  guest: customer\n", "", ["guest", "host, guest"], id="role missing"),
        pytest.param(
            "guest: customer", "guest: customer\n  cook: baker", ["'cook'", "host, guest"], id="role too many"
        ),
        pytest.param("guest: customer", "guest: boss", ["one person"], id="one person in two roles"),
        pytest.param("scenario: kitchen", "scenario: garden", ["'garden'", "kitchen"], id="another scenario"),
        pytest.param(f"world: {NAME}", "world: bakery-two", ["'bakery-two'", "one name"], id="another name"),
    ],
)
def test_a_world_that_does_not_fit_its_scenario_is_refused(old: str, new: str, parts: list[str]) -> None:
    with pytest.raises(SuiteError) as caught:
        check_casting(small_world(edited(old, new)), SMALL, WHERE)
    assert not [part for part in [WHERE, *parts] if part not in caught.value.message]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Åkesson", "akesson"),
        ("Łøđ", "lod"),
        ("Æßþ", "aessth"),
        ("O'Hara", "ohara"),
        ("Lee-Ann", "lee-ann"),
        ("K\u0131l", "kil"),
    ],
)
def test_the_local_part_has_no_accents(name: str, plain: str) -> None:
    assert local_part(name) == plain
