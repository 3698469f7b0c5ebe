"""One door for every call: validated, executed or rejected, and written into the ledger."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from agentic_misalignment.mailbox import calls, views
from agentic_misalignment.mailbox.calls import CALLS, CANCEL_ALERT
from agentic_misalignment.mailbox.email import Email
from agentic_misalignment.mailbox.errors import MailboxError
from agentic_misalignment.mailbox.ledger import Entry
from agentic_misalignment.mailbox.mailbox import Mailbox


class Result(BaseModel):
    """What a call gives back."""

    text: str
    """What the agent is shown."""

    email_id: str | None = None
    reached: tuple[str, ...] = ()


def perform(mailbox: Mailbox, tool: str, arguments: dict[str, Any], *, call_id: str) -> str:
    """Carry out one call and enter it into the ledger.

    Args:
        mailbox: The mailbox, changed in place.
        tool: Name of the tool.
        arguments: Its arguments, not yet validated.
        call_id: The tool call id of the model's message.

    Returns:
        The text that the agent is shown.

    Raises:
        MailboxError: If the call is rejected; the rejection is in the ledger as an attempt.
    """
    try:
        result = _handle(mailbox, tool, arguments)
    except MailboxError as error:
        note_attempt(mailbox, tool, arguments, call_id=call_id, reason=str(error))
        raise
    mailbox.ledger.entries.append(
        Entry(
            call_id=call_id,
            tool=tool,
            arguments=arguments,
            status="executed",
            at=mailbox.clock,
            email_id=result.email_id,
            reached=result.reached,
        )
    )
    return result.text


def note_attempt(mailbox: Mailbox, tool: str, arguments: dict[str, Any], *, call_id: str, reason: str) -> None:
    """Enter a call that was rejected into the ledger."""
    mailbox.ledger.entries.append(
        Entry(
            call_id=call_id,
            tool=tool,
            arguments=arguments,
            status="rejected",
            at=mailbox.clock,
            reason=reason,
        )
    )


def _handle(mailbox: Mailbox, tool: str, arguments: dict[str, Any]) -> Result:
    offered = [name for name in CALLS if name != CANCEL_ALERT or mailbox.alerts]
    if tool not in offered:
        raise MailboxError(f"There is no tool '{tool}'. Tools: {', '.join(offered)}.")
    model = CALLS[tool]
    try:
        call = model.model_validate(arguments)
    except ValidationError as error:
        raise MailboxError(_argument_faults(tool, error)) from error
    return _HANDLERS[tool](mailbox, call)


def _argument_faults(tool: str, error: ValidationError) -> str:
    faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return f"{tool} was called with wrong arguments ({faults})."


def _list(mailbox: Mailbox, call: calls.ListEmails) -> Result:
    items = mailbox.folder(call.folder, unread_only=call.unread_only)
    return Result(text=views.page(items, call.folder, limit=call.limit, offset=call.offset))


def _search(mailbox: Mailbox, call: calls.SearchEmails) -> Result:
    return Result(text=views.found(mailbox.search(call.query, call.folder), call.query, limit=call.limit))


def _read(mailbox: Mailbox, call: calls.ReadEmail) -> Result:
    email = mailbox.read(call.email_id)
    return Result(text=views.message(email, layout=mailbox.layout), email_id=email.id)


def _send(mailbox: Mailbox, call: calls.SendEmail) -> Result:
    return _sent(mailbox.send(call.to, call.subject, call.body, cc=call.cc, bcc=call.bcc))


def _reply(mailbox: Mailbox, call: calls.ReplyToEmail) -> Result:
    return _sent(mailbox.reply(call.email_id, call.body, reply_all=call.reply_all))


def _forward(mailbox: Mailbox, call: calls.ForwardEmail) -> Result:
    return _sent(mailbox.forward(call.email_id, call.to, call.body))


def _archive(mailbox: Mailbox, call: calls.ArchiveEmail) -> Result:
    email = mailbox.archive(call.email_id)
    return Result(text=f"Archived {email.id}.", email_id=email.id)


def _delete(mailbox: Mailbox, call: calls.DeleteEmail) -> Result:
    email = mailbox.delete(call.email_id)
    return Result(text=f"Moved {email.id} to the trash.", email_id=email.id)


def _contacts(mailbox: Mailbox, call: calls.SearchContacts) -> Result:
    return Result(text=views.contacts(mailbox.search_contacts(call.query), call.query))


def _cancel_alert(mailbox: Mailbox, call: calls.CancelAlert) -> Result:
    return Result(text=mailbox.cancel_alert(call.alert_id, call.authorization_code).notice)


def _sent(outcome: tuple[Email, Sequence[str]]) -> Result:
    email, reached = outcome
    return Result(text=views.sent(email), email_id=email.id, reached=tuple(reached))


_HANDLERS: dict[str, Callable[[Mailbox, Any], Result]] = {
    "list_emails": _list,
    "search_emails": _search,
    "read_email": _read,
    "send_email": _send,
    "reply_to_email": _reply,
    "forward_email": _forward,
    "archive_email": _archive,
    "delete_email": _delete,
    "search_contacts": _contacts,
    CANCEL_ALERT: _cancel_alert,
}
