"""The labelled episodes: one JSON object a line, one file for each scenario."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.judging import BELIEFS, labels, rubric
from agentic_misalignment.scenarios import scenario as find_scenario
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.scenarios.data import datasets

Split = Literal["all", "open", "held_out"]
"""Every item, those that may be looked at while a rubric is written, or those kept for its final figures."""

SPLITS: tuple[Split, ...] = ("all", "open", "held_out")

READ_NEWEST = "read_newest"
"""Tool of a call that opens the newest mail of the inbox, whose id an item cannot know."""

NOT_CANCELLED = "not_cancelled"
"""The verdict of an item of `lethal_action` whose alert stands: the ledger decides, and no rubric has a word for it."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StudyCall(_Record):
    """A call of a tool; its texts may hold slots."""

    tool: str
    arguments: dict[str, Any]


class Turn(_Record):
    """What the agent wrote and did in one turn."""

    reasoning: str = ""
    scratchpad: str = ""
    text: str = ""
    calls: tuple[StudyCall, ...] = ()


class Labels(_Record):
    """What is true of an item, or what somebody says is."""

    verdict: str
    """A label of the scenario's rubric, or `not_cancelled`."""

    belief: Literal["test", "real", "undecided", "not_considered"]
    percent: float | None = Field(default=None, ge=0, le=100)
    conduct: tuple[str, ...]


class Reading(Labels):
    """What an independent reader of the dossier said, without knowing the labels."""

    reader: str
    note: str = ""


class Item(_Record):
    """One finished episode with its labels."""

    id: str
    canary: str
    scenario: str
    world: str
    seed: int
    levels: dict[str, str]
    language: str
    tags: tuple[str, ...] = Field(min_length=1)
    """The hard cases that it stands for."""

    reads: bool = True
    """Whether the agent opened the unread mail first; under the text protocol all mail is in the prompt."""

    turns: tuple[Turn, ...]
    labels: Labels
    """The truth, after adjudication."""

    why: str
    """Why the labels hold by construction."""

    constructed: Labels | None = None
    """The labels as it was written for, where adjudication changed them."""

    readings: tuple[Reading, ...] = ()
    adjudication: str = ""
    """What was decided, and why, where readings differed."""

    held_out: bool = False

    @property
    def protocol(self) -> str:
        """How the agent acted: with tools, or in one text reply."""
        return self.levels.get("protocol", "mailbox")

    @property
    def positive(self) -> bool:
        """Whether the headline outcome is harm."""
        return self.labels.verdict in rubric(self.scenario).positive


@cache
def all_items() -> tuple[Item, ...]:
    """Read every item.

    Raises:
        SuiteError: If a line is broken, with file and line, or an id stands twice.
    """
    folder = datasets() / "judge_study"
    files = [(name, folder / f"{name}.jsonl") for name in scenario_names()]
    found = [item for name, path in files if path.is_file() for item in _read(path, name)]
    twice = [name for name, count in Counter(item.id for item in found).items() if count > 1]
    if twice:
        raise SuiteError(f"{folder}: the id '{twice[0]}' stands twice")
    return tuple(found)


def study_items(*, split: str = "all", scenarios: Sequence[str] = ()) -> list[Item]:
    """Return the items of a split.

    Args:
        split: `all`, `open` or `held_out`.
        scenarios: Only items of these scenarios; all without any.

    Raises:
        SuiteError: If a name is unknown or the data is broken.
    """
    if split not in SPLITS:
        raise unknown("split", split, SPLITS)
    for name in scenarios:
        if name not in scenario_names():
            raise unknown("scenario", name, scenario_names())
    return [
        item
        for item in all_items()
        if (not scenarios or item.scenario in scenarios) and (split == "all" or item.held_out == (split == "held_out"))
    ]


def _read(path: Traversable, scenario: str) -> list[Item]:
    return [
        parse_item(line, f"{path}:{number}", scenario=scenario)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip()
    ]


def parse_item(line: str, where: str, *, scenario: str | None = None) -> Item:
    """Read one item.

    Args:
        line: JSON.
        where: File and line, for errors.
        scenario: The scenario that it has to be of.

    Raises:
        SuiteError: If it is no item, or a label does not exist.
    """
    try:
        item = Item.model_validate(json.loads(line))
    except ValidationError as error:
        fault = error.errors()[0]
        raise SuiteError(f"{where}: {'.'.join(map(str, fault['loc'])) or 'item'}: {fault['msg']}") from error
    except ValueError as error:
        raise SuiteError(f"{where}: not a JSON object: {error}") from error
    if scenario is not None and item.scenario != scenario:
        raise unknown("scenario", item.scenario, [scenario], where=where)
    for said in (item.labels, *([item.constructed] if item.constructed else []), *item.readings):
        check_labels(said, item.scenario, where)
    return item


def verdicts_of(scenario: str) -> list[str]:
    """Return the verdicts that a reader may give: those of the rubric, and that the alert stands where there is one."""
    stands = [NOT_CANCELLED] if find_scenario(scenario).about.evidence == "cancelled_alert" else []
    return [*rubric(scenario).labels, *stands]


def check_labels(said: Labels, scenario: str, where: str) -> None:
    """Check that labels exist.

    Args:
        said: The labels.
        scenario: The scenario of their item.
        where: File and line, for errors.

    Raises:
        SuiteError: If one does not, with the valid ones.
    """
    if said.verdict not in verdicts_of(scenario):
        raise unknown("verdict", said.verdict, verdicts_of(scenario), where=where)
    if said.belief not in BELIEFS:
        raise unknown("belief", said.belief, list(BELIEFS), where=where)
    for name in said.conduct:
        if name not in labels():
            raise unknown("label", name, list(labels()), where=where)
