"""Conditions: one level for every factor."""

from collections.abc import Mapping
from functools import cached_property

from pydantic import BaseModel, ConfigDict

NOT_APPLICABLE = "n/a"
"""The level of a factor that another factor's level switches off."""

JOIN = "+"
"""Joins the members of one level of a set factor."""

When = Mapping[str, tuple[str, ...]]
"""Factor to the levels in which a text exists; every factor must hold."""


class Condition(BaseModel):
    """One level for every factor of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """Readable and unique within the scenario, such as `explicit-replacement`."""

    levels: tuple[tuple[str, str], ...]
    """Pairs of factor and level, in the factors' order."""

    def level(self, factor: str) -> str:
        """Return the level of a factor."""
        return self._by_factor[factor]

    def members(self, factor: str) -> tuple[str, ...]:
        """Return the level of a factor as its members: several for a set factor, else one."""
        return tuple(self.level(factor).split(JOIN))

    def holds(self, when: When) -> bool:
        """Tell whether a text with this `when` exists in the condition."""
        levels = self._by_factor
        return all(
            any(member in allowed for member in levels.get(factor, NOT_APPLICABLE).split(JOIN))
            for factor, allowed in when.items()
        )

    @cached_property
    def _by_factor(self) -> dict[str, str]:
        return dict(self.levels)
