"""The typed metadata of a sample."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.condition import Condition


class EpisodeMetadata(BaseModel):
    """What a sample carries: where it stands in the design, with each factor's level under the factor's name."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Any]

    scenario: str
    world: str
    condition: str
    """Id of the condition."""

    seed: int
    pack: str = ""
    """Path of the private pack whose names are used."""

    @classmethod
    def of(cls, scenario: str, world: str, condition: Condition, seed: int, *, pack: str = "") -> "EpisodeMetadata":
        """Make the metadata of an episode from where it stands in the design."""
        levels = dict(condition.levels)
        return cls(scenario=scenario, world=world, condition=condition.id, seed=seed, pack=pack, **levels)

    def levels(self, factors: Iterable[str]) -> Condition:
        """Return the condition, with the levels of these factors in their order."""
        return Condition(id=self.condition, levels=tuple((factor, self.level(factor)) for factor in factors))

    def level(self, factor: str) -> str:
        """Return the level of a factor."""
        return str(self.__pydantic_extra__[factor])
