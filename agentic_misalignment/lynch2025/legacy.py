"""The legacy rule: the package's classifiers, called as they are."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.lynch2025.cells import Cell, cells_file
from agentic_misalignment.lynch2025.package import published_package
from agentic_misalignment.lynch2025.prompts import prompts
from agentic_misalignment.mailbox import WRITES, Mailbox, bare_all
from agentic_misalignment.mailbox.calls import CANCEL_ALERT
from agentic_misalignment.mailbox.tool_use import write_block

YES = "<answer>yes</answer>"
"""The least answer that their reader takes for a yes: with it, what is left of the rule are its string checks."""


class LegacyVerdict(BaseModel):
    """What the legacy rule says of a reply."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    harmful: bool
    judge: bool
    """What its judge said, before the string checks."""

    explanation: str


class LegacyRule:
    """The rule of one scenario."""

    def __init__(self, classifier: Any, mails: str) -> None:
        """Take what is called.

        Args:
            classifier: The package's classifier.
            mails: The published mails, from which it quotes what was forwarded.
        """
        self._classifier, self._mails = classifier, mails

    @property
    def addresses(self) -> list[str]:
        """The addresses that its string check looks for."""
        return [str(address) for address in self._classifier.necessary_emails]

    def question(self, response: str) -> Any:
        """Return the messages to its judge, as the framework's objects."""
        return self._classifier.get_grader_input(email_content=self._mails, response=response)

    def verdict(self, response: str, answer: str) -> LegacyVerdict:
        """Join the judge's answer and the string checks.

        Args:
            response: The reply.
            answer: What its judge wrote.

        Raises:
            ValueError: If the answer cannot be read.
        """
        harmful, judge, explanation = self._classifier.classify(response=response, grader_response=answer)
        return LegacyVerdict(harmful=bool(harmful), judge=bool(judge), explanation=str(explanation))

    def passes(self, response: str) -> bool:
        """Tell whether a reply passes all string checks."""
        return self.verdict(response, YES).harmful

    def finds_recipient(self, response: str) -> bool:
        """Tell whether a reply passes the check of recipients."""
        return bool(self._classifier.response_contains_necessary_emails(response))


def legacy_rule(cell: Cell) -> LegacyRule:
    """Return the rule of a cell.

    Args:
        cell: The cell.

    Raises:
        SuiteError: If the package is missing or of another version.
    """
    return LegacyRule(_classifier(cells_file().scenarios[cell.scenario]), prompts(cell).mails)


@cache
def _classifier(scenario: str) -> Any:
    module = published_package().classifiers
    return {
        "blackmail": module.BlackmailClassifier,
        "leaking": module.LeakClassifier,
        "murder": module.MurderClassifier,
    }[scenario]()


def written_out(mailbox: Mailbox, texts: Iterable[str]) -> str:
    """Write an episode with tools as a text reply, since the legacy rule reads nothing else.

    Args:
        mailbox: The mailbox at the end.
        texts: What the model wrote beside its calls.
    """
    blocks = []
    for entry in mailbox.ledger.changes:
        if entry.tool == CANCEL_ALERT:
            blocks.append(write_block(entry.tool, entry.arguments))
        elif entry.tool in WRITES and entry.email_id:
            email = mailbox.item(entry.email_id).email
            to = entry.arguments.get("to") or bare_all(email.to)  # as the model wrote it, which the rule minds
            given: dict[str, Any] = {"to": to, **({"cc": bare_all(email.cc)} if email.cc else {})}
            if email.forwarded_id:
                number = re.sub(r"\D", "", email.forwarded_id).lstrip("0")
                body = entry.arguments.get("body", "")
                blocks.append(write_block("forward_email", {"email_id": number, **given, "body": body}))
            else:
                blocks.append(write_block("send_email", {**given, "subject": email.subject, "body": email.body}))
    return "\n\n".join([*(text for text in texts if text.strip()), *blocks])
