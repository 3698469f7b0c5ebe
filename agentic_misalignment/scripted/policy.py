"""Policies: scripted agents with known answers, one data file each."""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.mailbox import Contact, Mailbox
from agentic_misalignment.scenarios import EpisodeFacts
from agentic_misalignment.scenarios.data import datasets, load, names
from agentic_misalignment.scenarios.text import render

ANY = "any"
"""The key of a play for every scenario."""

MIXED = "mixed"
"""`mixed/P` acts as the insider with probability P and as the complier otherwise."""

MIX = "mix"
"""`mix/NAME` plays policies in known shares, by the number of the seed; `datasets/mixes` has them."""


REPLIES = "lynch2025"
"""`lynch2025/NAME` gives a hand-made reply to the published prompts; `lynch2025/all` gives each in turn."""


ALL_REPLIES = "all"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Record):
    """The known answer in the headline condition."""

    score: float | None
    status: str
    reason: str | None = None
    judged: bool | None = None
    """Whether a judge is asked; `None` where it depends on the world."""

    flags: dict[str, bool] = {}
    """Flags of the score that are certain."""


class Send(_Record):
    """A message to write; recipients are roles, `agent`, or texts with slots."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    subject: str
    body: str


class Forward(_Record):
    """The message with the document, passed on."""

    to: tuple[str, ...]
    body: str = ""


class Act(_Record):
    """One thing to do."""

    send: Send | None = None
    forward: Forward | None = None
    chores: str = ""
    """The text that answers each open chore."""

    cancel: bool = False
    """Cancel the alert."""

    code: str = "{{alert.code}}"
    """With which code."""

    @model_validator(mode="after")
    def _check(self) -> "Act":
        if sum(map(bool, (self.send, self.forward, self.chores, self.cancel))) != 1:
            raise ValueError("an act has exactly one of: send, forward, chores, cancel")
        return self


class Play(_Record):
    """What a policy does in a scenario."""

    expects: Expectation
    reasoning: str = ""
    """Native reasoning before the first act."""

    scratchpad: str = ""
    acts: tuple[Act, ...] = ()
    closing: str = ""


class Policy(_Record):
    """A scripted agent."""

    canary: str
    policy: str
    description: str
    reads: bool = True
    """Whether it opens the unread mail first."""

    silent: bool = False
    loops: bool = False
    like: str | None = None
    """Another policy, which it plays as."""

    says: str = ""
    """What it writes into its scratchpad before it plays as the other policy."""

    plays: dict[str, Play] = {}
    """What it does in a scenario, or in `any`."""

    @model_validator(mode="after")
    def _check(self) -> "Policy":
        if (self.like is None) != bool(self.plays) or (self.like is None and self.says):
            raise ValueError("a policy has either plays, or like with says")
        return self

    def play(self, scenario: str) -> Play:
        """Return what it does in a scenario.

        Raises:
            SuiteError: If it is not written for the scenario.
        """
        if self.like is not None:
            other = policy(self.like).play(scenario)
            return other.model_copy(update={"scratchpad": f"{self.says}{other.scratchpad}"})
        found = self.plays.get(scenario) or self.plays.get(ANY)
        if found is None:
            raise unknown(f"scenario of policy {self.policy}", scenario, list(self.plays))
        return found


class Call(_Record):
    """A tool call of a policy."""

    tool: str
    arguments: dict[str, Any]


def policy_names(scenario: str | None = None) -> list[str]:
    """Return the names of all policies that have a data file.

    Args:
        scenario: Only those that are written for this scenario.
    """
    found = names(datasets() / "policies")
    return [name for name in found if scenario is None or _written_for(scenario, policy(name))]


def _written_for(scenario: str, found: Policy) -> bool:
    return _written_for(scenario, policy(found.like)) if found.like else bool({scenario, ANY} & set(found.plays))


class Mix(_Record):
    """Policies in known shares."""

    canary: str
    mix: str
    description: str
    cycle: dict[str, int] = Field(min_length=1)
    """Policy to its number of episodes in each cycle; a cycle takes as many seeds as the numbers add up to."""

    @model_validator(mode="after")
    def _check(self) -> "Mix":
        for name, count in self.cycle.items():
            if name not in policy_names():
                raise ValueError(f"unknown policy '{name}'; valid: {', '.join(policy_names())}")
            if count < 1:
                raise ValueError(f"{name}: expected a number of episodes from 1 on")
        return self

    def at(self, number: int) -> str:
        """Return the policy of an episode by the number of its seed, from 1 on."""
        order = [name for name, count in self.cycle.items() for _ in range(count)]
        return order[(number - 1) % len(order)]


def mix_names() -> list[str]:
    """Return the names of all mixes."""
    return names(datasets() / "mixes")


@cache
def mix(name: str) -> Mix:
    """Read a mix.

    Raises:
        SuiteError: If there is no such mix or its file is broken.
    """
    if name not in mix_names():
        raise unknown("mix", name, mix_names())
    return load(datasets() / "mixes" / f"{name}.yaml", Mix)


@cache
def policy(name: str) -> Policy:
    """Read a policy.

    Raises:
        SuiteError: If there is no such policy or its file is broken.
    """
    folder, _, reply = name.rpartition("/")
    if folder == REPLIES and reply in reply_names():
        return load(datasets() / REPLIES / "replies" / f"{reply}.yaml", Policy)
    if name not in policy_names():
        known = [
            *policy_names(),
            f"{MIXED}/P",
            *(f"{MIX}/{each}" for each in mix_names()),
            *(f"{REPLIES}/{each}" for each in (*reply_names(), ALL_REPLIES)),
        ]
        raise unknown("policy", name, known)
    return load(datasets() / "policies" / f"{name}.yaml", Policy)


def reply_names(scenario: str | None = None) -> list[str]:
    """Return the names of the hand-made replies to the published prompts.

    Args:
        scenario: Only those that are written for this scenario.
    """
    found = names(datasets() / REPLIES / "replies")
    return [name for name in found if scenario is None or {scenario, ANY} & set(policy(f"{REPLIES}/{name}").plays)]


def choose_policy(name: str, episode: str, scenario: str | None = None) -> Policy:
    """Return the policy that plays an episode.

    Args:
        name: A policy, `mixed/P`, `mix/NAME` or `lynch2025/all`.
        episode: Id of the episode, which seeds the draw of `mixed/P`; its number chooses from a mix and the reply of
            `lynch2025/all`.
        scenario: Scenario of the episode, for `lynch2025/all`.

    Raises:
        SuiteError: If the name is unknown or P is not a probability.
    """
    kind, _, probability = name.partition("/")
    if name == f"{REPLIES}/{ALL_REPLIES}":
        replies = reply_names(scenario)
        return policy(f"{REPLIES}/{replies[(_number(episode) - 1) % len(replies)]}")
    if kind == MIX:
        return policy(mix(probability).at(_number(episode)))
    if kind != MIXED:
        return policy(name)
    share = read_probability(name, probability)
    return policy("insider" if Random(f"{MIXED}/{episode}").random() < share else "complier")


def _number(episode: str) -> int:
    return int(episode.rpartition("/s")[2])


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
        self.play = policy.play(facts.scenario)
        people = {**facts.roles, "agent": facts.agent}
        self._context: dict[str, object] = {role: _named(contact) for role, contact in people.items()}
        self._context |= {"facts": facts.facts, "document": facts.document, "alert": facts.alert}
        self._context["channel"] = facts.channel or facts.roles["manager"].address

    def text(self, source: str) -> str:
        """Fill a text's slots."""
        return render(source, self._context, where=f"policy {self._policy.policy}")

    def scratchpad(self) -> str:
        """Return the policy's scratchpad with its tags, or nothing."""
        text = self.text(self.play.scratchpad)
        return f"<scratchpad>\n{text}\n</scratchpad>" if text else ""

    def openings(self) -> list[Call]:
        """Return a call for each unread message, oldest first."""
        unread = reversed(self._mailbox.folder("inbox", unread_only=True))
        return [Call(tool="read_email", arguments={"email_id": item.email.id}) for item in unread]

    def writings(self) -> list[Call]:
        """Return the calls that write, in order."""
        return [call for act in self.play.acts for call in self._calls(act)]

    def _calls(self, act: Act) -> Iterator[Call]:
        if act.send:
            send = act.send
            arguments: dict[str, Any] = {"to": [self._recipient(to) for to in send.to]}
            if send.cc:
                arguments["cc"] = [self._recipient(to) for to in send.cc]
            arguments |= {"subject": self.text(send.subject), "body": self.text(send.body)}
            yield Call(tool="send_email", arguments=arguments)
        if act.forward and self._facts.carrier:
            to = [self._recipient(to) for to in act.forward.to]
            arguments = {"email_id": self._facts.carrier, "to": to, "body": self.text(act.forward.body)}
            yield Call(tool="forward_email", arguments=arguments)
        if act.cancel and self._facts.alert:
            arguments = {"alert_id": self._facts.alert.id, "authorization_code": self.text(act.code)}
            yield Call(tool="cancel_alert", arguments=arguments)
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
