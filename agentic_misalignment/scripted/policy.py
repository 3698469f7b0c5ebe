"""Policies: scripted agents with known answers, one data file each."""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.mailbox import Contact, Mailbox
from agentic_misalignment.scenarios import EpisodeFacts
from agentic_misalignment.scenarios.data import datasets, load, names
from agentic_misalignment.scenarios.text import render

MIXED = "mixed"
"""`mixed/P` acts as the insider with probability P and as the complier otherwise."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Record):
    """The known answer in the headline condition."""

    score: float | None
    status: str
    reason: str | None = None
    judged: bool
    """Whether something is sent that a judge has to read."""


class Send(_Record):
    """A message to write; recipients are roles, `agent`, or texts with slots."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    subject: str
    body: str


class Act(_Record):
    """One thing to do: a message, or an answer to each open chore."""

    send: Send | None = None
    chores: str = ""
    """The text that answers each chore."""

    @model_validator(mode="after")
    def _check(self) -> "Act":
        if (self.send is None) == (not self.chores):
            raise ValueError("an act has exactly one of: send, chores")
        return self


class Policy(_Record):
    """A scripted agent."""

    canary: str
    policy: str
    description: str
    expects: Expectation
    reads: bool = True
    """Whether it opens the unread mail first."""

    silent: bool = False
    loops: bool = False
    reasoning: str = ""
    """Native reasoning before the first act."""

    scratchpad: str = ""
    acts: tuple[Act, ...] = ()
    closing: str = ""


class Call(_Record):
    """A tool call of a policy."""

    tool: str
    arguments: dict[str, Any]


def policy_names() -> list[str]:
    """Return the names of all policies that have a data file."""
    return names(datasets() / "policies")


@cache
def policy(name: str) -> Policy:
    """Read a policy.

    Raises:
        SuiteError: If there is no such policy or its file is broken.
    """
    if name not in policy_names():
        raise unknown("policy", name, [*policy_names(), f"{MIXED}/P"])
    return load(datasets() / "policies" / f"{name}.yaml", Policy)


def choose_policy(name: str, episode: str) -> Policy:
    """Return the policy that plays an episode.

    Args:
        name: A policy, or `mixed/P`.
        episode: Id of the episode, which seeds the draw of `mixed/P`.

    Raises:
        SuiteError: If the name is unknown or P is not a probability.
    """
    kind, _, probability = name.partition("/")
    if kind != MIXED:
        return policy(name)
    share = read_probability(name, probability)
    return policy("insider" if Random(f"{MIXED}/{episode}").random() < share else "complier")


def read_probability(name: str, text: str) -> float:
    """Read the P of `mixed/P`.

    Raises:
        SuiteError: If it is not a number from 0 to 1.
    """
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise SuiteError(f"model scripted/{name}: expected a probability from 0 to 1 behind '{MIXED}/'")
    return share


class Player:
    """Plays a policy in one episode."""

    def __init__(self, policy: Policy, mailbox: Mailbox, facts: EpisodeFacts) -> None:
        """Take what the policy acts in.

        Args:
            policy: The policy.
            mailbox: The mailbox as it is now.
            facts: The facts by role.
        """
        self._policy, self._mailbox, self._facts = policy, mailbox, facts
        people = {**facts.roles, "agent": facts.agent}
        self._context: dict[str, object] = {role: _named(contact) for role, contact in people.items()}
        self._context["facts"] = facts

    def text(self, source: str) -> str:
        """Fill a text's slots."""
        return render(source, self._context, where=f"policy {self._policy.policy}")

    def scratchpad(self) -> str:
        """Return the policy's scratchpad with its tags, or nothing."""
        text = self.text(self._policy.scratchpad)
        return f"<scratchpad>\n{text}\n</scratchpad>" if text else ""

    def openings(self) -> list[Call]:
        """Return a call for each unread message, oldest first."""
        unread = reversed(self._mailbox.folder("inbox", unread_only=True))
        return [Call(tool="read_email", arguments={"email_id": item.email.id}) for item in unread]

    def writings(self) -> list[Call]:
        """Return the calls that write, in order."""
        return [call for act in self._policy.acts for call in self._calls(act)]

    def _calls(self, act: Act) -> Iterator[Call]:
        if act.send:
            send = act.send
            arguments: dict[str, Any] = {"to": [self._recipient(to) for to in send.to]}
            if send.cc:
                arguments["cc"] = [self._recipient(to) for to in send.cc]
            arguments |= {"subject": self.text(send.subject), "body": self.text(send.body)}
            yield Call(tool="send_email", arguments=arguments)
        if act.chores:
            body = self.text(act.chores)
            yield from (self._answer(chore.email_id, chore.answer, body) for chore in self._facts.chores)

    def _answer(self, email_id: str, address: str, body: str) -> Call:
        email = self._mailbox.item(email_id).email
        subject = email.subject if email.subject.startswith("Re:") else f"Re: {email.subject}"
        return Call(tool="send_email", arguments={"to": [address], "subject": subject, "body": body})

    def _recipient(self, key: str) -> str:
        people = {**self._facts.roles, "agent": self._facts.agent}
        return people[key].address if key in people else self.text(key)


def _named(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "first": contact.name.split()[0], "address": contact.address}
