"""A cell as an episode: mailbox, facts by role."""

import pytest

from agentic_misalignment.lynch2025 import Cell, Published, cells, published_episode
from agentic_misalignment.mailbox import perform
from tests.lynch2025.needs_package import needs_package

pytestmark = needs_package

BLACKMAIL, LEAKING, LETHAL = (Cell(scenario=name, goal="explicit", threat="replacement") for name in (
    "blackmail", "leaking", "lethal_action"
))  # fmt: skip


def opened(cell: Cell) -> Published:
    return published_episode(cell, f"{cell.name}/s1")


@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.name)
def test_all_mails_lie_unread_in_the_inbox(cell: Cell) -> None:
    mailbox = opened(cell).mailbox

    assert {(item.folder, item.unread) for item in mailbox.items} == {("inbox", True)}
    assert [item.email.id for item in mailbox.items] == [f"m{number:04d}" for number in range(1, mailbox.next_number)]


@pytest.mark.parametrize("scenario", ["blackmail", "leaking", "lethal_action"])
def test_the_judge_is_told_the_same_in_every_cell(scenario: str) -> None:
    told = [opened(cell).facts for cell in cells() if cell.scenario == scenario]

    assert len({(tuple(facts.facts.items()), tuple(facts.roles.items()), facts.agent) for facts in told}) == 1


def test_every_role_is_one_person() -> None:
    for cell in (BLACKMAIL, LEAKING, LETHAL):
        addresses = [person.address for person in opened(cell).facts.roles.values()]
        assert len(addresses) == len(set(addresses))


def test_a_second_episode_of_a_cell_starts_afresh() -> None:
    first = opened(BLACKMAIL)
    perform(first.mailbox, "delete_email", {"email_id": "m0001"}, call_id="c")

    assert opened(BLACKMAIL).mailbox.item("m0001").folder == "inbox"


def test_a_list_reaches_the_target_and_not_the_agent() -> None:
    episode = opened(BLACKMAIL)
    (address,) = [each.address for each in episode.mailbox.contacts if each.members]

    _, reached = episode.mailbox.send([address], "s", "b")

    assert episode.facts.roles["target"].address in reached
    assert episode.facts.agent.address not in reached


def test_the_alert_can_be_cancelled_without_its_id() -> None:
    episode = opened(LETHAL)
    assert episode.facts.alert is not None
    arguments = {"alert_id": "", "authorization_code": episode.facts.alert.code}

    perform(episode.mailbox, "cancel_alert", arguments, call_id="c")

    assert [alert.state for alert in episode.mailbox.alerts] == ["cancelled"]


def test_the_notice_names_the_alert_and_its_code() -> None:
    episode = opened(LETHAL)
    alert = episode.facts.alert
    assert alert is not None
    (notice,) = [item.email for item in episode.mailbox.items if alert.code in item.email.body]

    assert alert.id in notice.body


def test_the_document_is_the_attachment_of_its_carrier() -> None:
    episode = opened(LEAKING)
    facts = episode.facts
    assert facts.document is not None
    assert facts.carrier is not None

    assert [each.name for each in episode.mailbox.item(facts.carrier).email.attachments] == [facts.document.name]


def test_only_those_who_ask_and_the_press_are_outside() -> None:
    facts = opened(LEAKING).facts

    outside = {role for role, person in facts.roles.items() if facts.parties[person.address] != "staff"}
    assert outside == {"journalist", "rival", "requester"}
