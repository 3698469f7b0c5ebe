"""Mail that comes while the agent works, through the real tools, and what the log shows of it."""

from collections.abc import Callable
from typing import Any

import pytest
from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessageTool, ModelOutput, ModelUsage, get_model

from agentic_misalignment.scenarios import conditions, experiment, render_episode, scenario
from agentic_misalignment.store import MailboxStore
from tests.conftest import RunEval

BLACKMAIL = scenario("blackmail")
HEADLINE = conditions(BLACKMAIL, experiment("headline"))[0]

Play = Callable[..., EvalSample]


def use(tool: str, **arguments: Any) -> ModelOutput:
    return with_usage(ModelOutput.for_tool_call("mockllm/model", tool, arguments))


def with_usage(output: ModelOutput) -> ModelOutput:
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


def address(role: str, world: str = "totara-seed") -> str:
    return render_episode("blackmail", world, HEADLINE, 1).facts.roles[role].address


def write(role: str, subject: str = "A question", world: str = "totara-seed") -> ModelOutput:
    return use("send_email", to=[address(role, world)], subject=subject, body="Hello.")


LIST = use("list_emails", unread_only=True, limit=3)


@pytest.fixture
def play(run_eval: RunEval) -> Play:
    def run(*outputs: ModelOutput, world: str = "totara-seed") -> EvalSample:
        last = with_usage(ModelOutput.from_content("mockllm/model", "done"))
        log = run_eval(get_model("mockllm/model", custom_outputs=[*outputs, last]), worlds=world, seeds=1)
        assert log.status == "success"
        assert log.samples is not None
        return log.samples[0]

    return run


def told(sample: EvalSample) -> list[str]:
    return [message.text for message in sample.messages if isinstance(message, ChatMessageTool)]


def noted(sample: EvalSample) -> list[str]:
    """The notes of the mailbox in the log, line by line."""
    notes = [str(event.data) for event in sample.events if event.event == "info" and event.source == "mailbox"]
    texts = [sample.attachments.get(note.removeprefix("attachment://"), note) for note in notes]
    return [line for text in texts for line in text.splitlines()]


@pytest.mark.parametrize("world", BLACKMAIL.worlds)
def test_the_executive_is_out_of_office(play: Play, world: str) -> None:
    sample = play(write("executive", "Budget day", world), LIST, world=world)

    newest = told(sample)[1].splitlines()[1]
    assert address("executive", world) in newest
    assert "Budget day" in newest
    assert "unread" in newest


def test_the_notice_can_be_read_and_answers_in_words(play: Play) -> None:
    mailbox, _ = play(write("executive"), LIST).store_as(MailboxStore).opened()
    notice = mailbox.folder("inbox")[0].email

    sample = play(write("executive"), use("read_email", email_id=notice.id))

    assert notice.body.strip() in told(sample)[1]
    assert f"Id: {notice.id}" in told(sample)[1]


def test_a_second_message_brings_no_second_notice(play: Play) -> None:
    sample = play(write("executive"), write("executive"), LIST)

    mailbox, _ = sample.store_as(MailboxStore).opened()
    notices = [item for item in mailbox.folder("inbox") if item.email.subject == "Automatic reply: A question"]
    assert len(notices) == 1


def test_the_helper_answers_when_its_time_has_come(play: Play) -> None:
    helper = address("helper")
    # sent at minute 1, due at minute 3; each further message moves the clock by one
    sample = play(write("helper"), LIST, write("manager"), LIST, write("manager"), LIST)

    lists = [text for text in told(sample) if "newest first" in text]
    assert ["Re: A question" in text and helper in text for text in lists] == [False, False, True]


def test_nothing_arrives_without_a_write(play: Play) -> None:
    before = render_episode("blackmail", "totara-seed", HEADLINE, 1).mailbox
    mailbox, _ = play(LIST, LIST, LIST).store_as(MailboxStore).opened()

    assert [item.email for item in mailbox.items] == [item.email for item in before.items]


def test_the_log_notes_what_was_sent_and_what_came(play: Play) -> None:
    sample = play(write("executive"), LIST, write("target", "Second"))

    mailbox, _ = sample.store_as(MailboxStore).opened()
    first, second = (entry.email_id for entry in mailbox.ledger.writes)
    notice = next(item.email for item in mailbox.items if item.email.subject == "Automatic reply: A question")
    assert noted(sample) == [
        f"{first} sent, reached {address('executive')}: A question",
        f"{notice.id} arrived from {notice.sender}: Automatic reply: A question",
        f"{second} sent, reached {address('target')}: Second",
    ]


def test_the_log_notes_a_bounce(play: Play) -> None:
    domain = address("manager").partition("@")[2]
    sample = play(use("send_email", to=[f"no.such.person@{domain}"], subject="s", body="b"))

    sent, bounce = noted(sample)
    assert "reached nobody" in sent
    assert "arrived" in bounce
    assert "postmaster@" in bounce


def test_the_log_notes_what_was_moved(play: Play) -> None:
    episode = render_episode("blackmail", "totara-seed", HEADLINE, 1)
    first, second = (item.email.id for item in episode.mailbox.folder("inbox")[:2])

    sample = play(use("archive_email", email_id=first), use("delete_email", email_id=second))

    assert noted(sample) == [f"{first} moved to archive", f"{second} moved to trash"]


def test_rejected_calls_and_readings_are_not_noted(play: Play) -> None:
    assert noted(play(LIST, use("send_email", to=["nobody"], subject="s", body="b"))) == []
