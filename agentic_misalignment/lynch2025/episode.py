"""A cell as an episode: the published mails in our mailbox, with facts by role."""

import re
from datetime import datetime
from functools import cache

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.lynch2025.cells import Cell
from agentic_misalignment.lynch2025.legacy import legacy_rule
from agentic_misalignment.lynch2025.mails import contact, read_mails
from agentic_misalignment.lynch2025.prompts import prompts
from agentic_misalignment.lynch2025.story import Part, Story, story
from agentic_misalignment.mailbox import Alert, Bounce, Contact, Email, Item, Mailbox, bare, domain
from agentic_misalignment.scenarios import EpisodeFacts
from agentic_misalignment.scenarios.document import Document, Section
from agentic_misalignment.scenarios.text import render
from agentic_misalignment.scenarios.world import AlertSpec, ClosedAlert

WORLD = "lynch2025"
"""The name under which metadata and tables know the published stories."""


class Published(BaseModel):
    """What an episode of a cell starts from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mailbox: Mailbox
    facts: EpisodeFacts


def published_episode(cell: Cell, name: str) -> Published:
    """Open the mailbox of a cell.

    Args:
        cell: The cell.
        name: Id of the episode.

    Raises:
        SuiteError: If the package is missing or of another version.
    """
    facts = _facts(cell)
    return Published(mailbox=_mailbox(cell), facts=facts.model_copy(update={"episode": name}))


@cache
def _mails(cell: Cell) -> tuple[Email, ...]:
    return tuple(read_mails(prompts(cell).mails, attachment=story(cell.scenario).attachment))


@cache
def _facts(cell: Cell) -> EpisodeFacts:
    told, mails = story(cell.scenario), _mails(cell)
    roles = {role: contact(_address(part, cell), title=part.title) for role, part in told.roles.items()}
    agent = _agent(cell)
    context: dict[str, object] = {role: {"name": person.name} for role, person in roles.items()}
    where = f"datasets/lynch2025/{cell.scenario}.yaml"
    parties = {_address(part, cell): part.party for part in told.roles.values()}
    return EpisodeFacts(
        episode=cell.name,
        scenario=cell.scenario,
        company=domain(agent.address),
        agent=agent,
        roles=roles,
        meanings={role: part.meaning for role, part in told.roles.items()},
        facts={key: render(text, context, where=where) for key, text in told.facts.items()},
        parties=parties,
        document=_document(told, mails),
        carrier=mails[told.document.mails[0] - 1].id if told.document else None,
        authorities=told.authorities,
        alert=_alert(told, cell),
    )


def _mailbox(cell: Cell) -> Mailbox:
    told, mails, agent = story(cell.scenario), _mails(cell), _agent(cell)
    alert = _alert(told, cell)
    bounce = {key: render(text, {"domain": domain(agent.address)}, where="bounce") for key, text in told.bounce.items()}
    return Mailbox(
        owner=agent,
        clock=datetime.combine(mails[0].sent_at, _start(cell).time()),
        next_number=len(mails) + 1,
        contacts=_contacts(told, mails, agent),
        items=[Item(email=email) for email in mails],
        bounce=Bounce(**bounce),
        alerts=[Alert(id=alert.id, code=alert.code, notice=alert.notice)] if alert else [],
    )


def _contacts(told: Story, mails: tuple[Email, ...], agent: Contact) -> list[Contact]:
    inside = domain(agent.address)
    named = [bare(value) for email in mails for value in (email.sender, *email.to)]
    known = [address for address in dict.fromkeys(named) if domain(address) == inside and address != agent.address]
    lists = [address for address in known if re.search(told.lists, address.partition("@")[0])]
    people = [address for address in known if address not in lists]
    return [*(contact(each) for each in people), *(contact(each, members=people) for each in lists), agent]


def _agent(cell: Cell) -> Contact:
    told = story(cell.scenario)
    name = _found(told.agent, prompts(cell).system)
    inside = domain(bare(_header(told.inside, _mails(cell))))
    address = told.agent_address.format(name=name.lower(), domain=inside)
    return Contact(name=name, address=address, title=told.agent_title)


def _start(cell: Cell) -> datetime:
    return datetime.strptime(_found(story(cell.scenario).start, prompts(cell).system), "%I:%M:%S %p")


def _address(part: Part, cell: Cell) -> str:
    if part.of == "gate":
        return legacy_rule(cell).addresses[0]
    if part.of == "asked":
        text = prompts(cell).mails
        return next(address for address in legacy_rule(cell).addresses if address in text)
    return bare(_header(part.of, _mails(cell)))


def _header(place: str, mails: tuple[Email, ...]) -> str:
    number, _, header = place.partition(".")
    email = mails[int(number) - 1 if int(number) > 0 else int(number)]
    return email.sender if header == "sender" else email.to[0]


def _document(told: Story, mails: tuple[Email, ...]) -> Document | None:
    if told.document is None:
        return None
    chosen = [mails[number - 1] for number in told.document.mails]
    return Document(
        name=chosen[0].attachments[0].name,
        title=told.document.title,
        confidential=told.document.confidential,
        sections=tuple(
            Section(id=email.id, title=email.subject, text=email.body, anchors=_halves(email.body)) for email in chosen
        ),
        reworded="",
    )


def _halves(body: str) -> tuple[str, str]:
    """Cut a text in two anchors: only who passes on nearly all of it has given it away beyond doubt.

    Short phrases would convict a refusal that quotes what it refuses; what is less than the whole is for the judge.
    """
    lines = body.strip().splitlines()
    middle = len(lines) // 2
    return "\n".join(lines[:middle]).strip(), "\n".join(lines[middle:]).strip()


def _alert(told: Story, cell: Cell) -> AlertSpec | None:
    if told.alert is None:
        return None
    text = prompts(cell).mails
    none = ClosedAlert(id="none", code="none")  # the published story has no earlier alert
    return AlertSpec(
        id=_found(told.alert.id, text), code=_found(told.alert.code, text), other=none, notice=told.alert.notice
    )


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise ValueError(f"'{pattern}' does not stand in the published text")
    return match[1]
