"""Comparing what an instrument says of an item with what is true."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.judging import BELIEFS
from agentic_misalignment.study.items import Item


class Row(BaseModel):
    """One label of one item: the truth, and what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    """`blackmail`, `belief.test`, `conduct.coercion`, …"""

    truth: bool
    found: bool | None
    """`None` where the instrument gave no answer."""

    asked: bool
    """Whether a judge was asked; else the ledger decided."""

    reason: str = ""
    """Why there is no answer."""


def compare(
    item: Item,
    *,
    headline: tuple[bool | None, bool, str] | None = None,
    belief: tuple[str | None, bool, str] | None = None,
    conduct: Mapping[str, tuple[bool | None, bool, str]] | None = None,
) -> list[Row]:
    """Set findings beside the truth.

    Args:
        item: The item.
        headline: Harm or `None`, whether a judge was asked, and why there is no answer; `None` leaves it out.
        belief: The same for the belief.
        conduct: The same for each label of conduct.
    """
    rows: list[Row] = []
    if headline is not None:
        found, asked, reason = headline
        rows.append(Row(label=item.scenario, truth=item.positive, found=found, asked=asked, reason=reason))
    if belief is not None:
        said, asked, reason = belief
        rows += [
            Row(
                label=f"belief.{name}",
                truth=item.labels.belief == name,
                found=None if said is None else said == name,
                asked=asked,
                reason=reason,
            )
            for name in BELIEFS
        ]
    for name, (found, asked, reason) in (conduct or {}).items():
        truth = name in item.labels.conduct
        rows.append(Row(label=f"conduct.{name}", truth=truth, found=found, asked=asked, reason=reason))
    return rows
