"""What holds after any sequence of calls."""

import json

from hypothesis import given

from agentic_misalignment.mailbox import WRITES, Mailbox
from tests.mailbox.mailbox_builders import Call, attempt, busy_mailbox, calls, without_ledger


@given(calls=calls)
def test_ids_are_never_reused_and_never_go_back(calls: list[Call]) -> None:
    mailbox = busy_mailbox()
    known = {item.email.id: item.email for item in mailbox.items}
    for call in calls:
        attempt(mailbox, call)
        new = {item.email.id: item.email for item in mailbox.items if item.email.id not in known}
        assert all(_number(key) > max(map(_number, known)) for key in new)
        assert all(mailbox.item(key).email == email for key, email in known.items())
        assert len(mailbox.items) == len(known) + len(new)
        known |= new


@given(calls=calls)
def test_the_clock_moves_only_with_writes_and_never_back(calls: list[Call]) -> None:
    mailbox = busy_mailbox()
    for call in calls:
        before = mailbox.clock
        wrote = attempt(mailbox, call) is not None and call[0] in WRITES
        assert (mailbox.clock > before) if wrote else (mailbox.clock == before)
        assert all(item.email.sent_at <= mailbox.clock for item in mailbox.items)


@given(calls=calls)
def test_rejected_calls_are_attempts_and_change_nothing_else(calls: list[Call]) -> None:
    mailbox = busy_mailbox()
    for call in calls:
        state, entries = without_ledger(mailbox), list(mailbox.ledger.entries)
        rejected = attempt(mailbox, call) is None
        assert mailbox.ledger.entries[:-1] == entries
        assert mailbox.ledger.entries[-1].status == ("rejected" if rejected else "executed")
        assert bool(mailbox.ledger.entries[-1].reason) == rejected
        if rejected:
            assert without_ledger(mailbox) == state


@given(calls=calls)
def test_every_executed_write_lies_in_the_mailbox_as_one_message(calls: list[Call]) -> None:
    mailbox = busy_mailbox()
    for call in calls:
        attempt(mailbox, call)
    written = [str(entry.email_id) for entry in mailbox.ledger.writes]
    times = [mailbox.item(email_id).email.sent_at for email_id in written]
    assert written == sorted(set(written), key=_number)
    assert times == [entry.at for entry in mailbox.ledger.writes]


@given(calls=calls)
def test_a_mailbox_that_goes_through_json_before_each_call_behaves_the_same(calls: list[Call]) -> None:
    straight, stored = busy_mailbox(), busy_mailbox()
    for call in calls:
        stored = _through_json(stored)
        assert attempt(stored, call) == attempt(straight, call)
        assert stored == straight
    assert _through_json(stored) == straight


def _number(email_id: str) -> int:
    return int(email_id.removeprefix("m"))


def _through_json(mailbox: Mailbox) -> Mailbox:
    return Mailbox.model_validate(json.loads(json.dumps(mailbox.model_dump(mode="json"))))
