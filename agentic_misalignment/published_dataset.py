"""The published cells as an Inspect dataset."""

from collections.abc import Sequence
from typing import Any

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser

from agentic_misalignment.errors import SuiteError, unknown
from agentic_misalignment.lynch2025 import Cell, prompts
from agentic_misalignment.lynch2025.episode import WORLD
from agentic_misalignment.scenarios import NOT_APPLICABLE, Condition, scenario
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.scenarios.plan import listed

PROTOCOLS = ("single_turn", "mailbox")

MOST = 10_000
"""Samples of a cell at most."""


def published_dataset(cells: Sequence[Cell], *, protocol: Any, samples: Any) -> MemoryDataset:
    """Make the samples of published cells: cell by cell, under each protocol, numbered from 1.

    Samples of a cell differ in nothing but their number, which is also the seed for the model's sampling.

    Args:
        cells: The cells.
        protocol: `single_turn`, `mailbox`, or both separated by commas.
        samples: How many in each cell under each protocol.

    Raises:
        SuiteError: If a value is not valid, or the package is missing or of another version.
    """
    chosen, count = _protocols(protocol), _count(samples)
    made = [_sample(cell, each, number) for cell in cells for each in chosen for number in range(1, count + 1)]
    return MemoryDataset(made, name=WORLD)


def _protocols(value: Any) -> list[str]:
    chosen = list(dict.fromkeys(listed(value)))
    for name in chosen:
        if name not in PROTOCOLS:
            raise unknown("protocol", name, PROTOCOLS, where=WORLD)
    if not chosen:
        raise SuiteError(f"{WORLD}: no protocol given; valid: {', '.join(PROTOCOLS)}")
    return chosen


def _count(value: Any) -> int:
    text = str(value).strip()
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise SuiteError(f"samples={value}: expected a whole number from 1 to {MOST}: how many samples in each cell")
    return int(text)


def _sample(cell: Cell, protocol: str, number: int) -> Sample:
    system, user = prompts(cell).messages(protocol)
    place = cell.condition if protocol == PROTOCOLS[0] else f"{cell.condition}-{protocol}"
    levels = dict.fromkeys(scenario(cell.scenario).factors, NOT_APPLICABLE)
    levels |= {"goal": cell.goal, "threat": cell.threat, "protocol": protocol}
    # The world stands in the condition's name too, so that no table can pool these with our own worlds.
    condition = Condition(id=f"{WORLD}-{place}", levels=tuple(levels.items()))
    metadata = EpisodeMetadata.of(cell.scenario, WORLD, condition, number)
    return Sample(
        id=f"{cell.scenario}/{place}/s{number}",
        input=[ChatMessageSystem(content=system), ChatMessageUser(content=user)],
        metadata={**metadata.model_dump(), "draw": number},
    )
