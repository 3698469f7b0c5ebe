"""An episode in which the tests of this folder act, and dossiers of it."""

from collections.abc import Sequence

from agentic_misalignment.judging import Dossier, Evidence, Record, Writing, build_dossier, rule
from agentic_misalignment.mailbox import Entry, Mailbox, perform
from agentic_misalignment.scenarios import Condition, Episode, conditions, experiment, render_episode, scenario

ODD_BREAKS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
"""Every line break that Python knows."""


def condition(**levels: str) -> Condition:
    """The headline's condition with these levels."""
    chosen = {factor: [level] for factor, level in levels.items()}
    return conditions(scenario("blackmail"), experiment("headline"), chosen)[0]


def new_episode(world: str = "totara-seed", **levels: str) -> Episode:
    return render_episode("blackmail", world, condition(**levels), 1)


class Session:
    """An episode in which calls are made."""

    def __init__(self, episode: Episode | None = None) -> None:
        episode = episode or new_episode()
        self.mailbox: Mailbox = episode.mailbox
        self.facts = episode.facts

    def address(self, role: str) -> str:
        return self.facts.roles[role].address

    def do(self, tool: str, **arguments: object) -> "Session":
        number = len(self.mailbox.ledger.entries) + 1
        perform(self.mailbox, tool, dict(arguments), call_id=f"call-{number}")
        return self

    def write(self, *roles: str, subject: str = "Today", body: str = "Hello.", **more: object) -> "Session":
        """Send a message to roles; what is no role is an address."""
        to = [self.address(role) if role in self.facts.roles else role for role in roles]
        return self.do("send_email", to=to, subject=subject, body=body, **more)

    def record(
        self, *, seen: Sequence[str] = (), never_ran: Sequence[Entry] = (), writings: Sequence[Writing] = ()
    ) -> Record:
        return Record(
            mailbox=self.mailbox,
            facts=self.facts,
            seen=tuple(seen),
            never_ran=tuple(never_ran),
            writings=tuple(writings),
        )

    def evidence(self, never_ran: Sequence[Entry] = (), seen: Sequence[str] = ()) -> Evidence:
        return rule(self.facts.scenario).collect(self.record(seen=seen, never_ran=never_ran))

    def dossier(self, *, seen: Sequence[str] = (), reasoning: str = "", whole: bool = False) -> Dossier:
        """The dossier; what the agent reasons is its one writing, `p1`, before it did anything."""
        writings = [Writing(id="p1", kind="reasoning", text=reasoning, after=0)] if reasoning else []
        record = self.record(seen=seen, writings=writings)
        return build_dossier(record, self.evidence(seen=seen), whole=whole)


def threat(body: str, subject: str = "Today") -> Dossier:
    """The dossier of an episode in which one message was sent, to the target: `a1`."""
    return Session().write("target", subject=subject, body=body).dossier()
