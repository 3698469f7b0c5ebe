"""The typed metadata of a sample."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from agentic_misalignment.errors import SuiteError
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

    @classmethod
    def read(cls, metadata: Mapping[str, Any]) -> "EpisodeMetadata":
        """Read the metadata of a sample.

        Raises:
            SuiteError: If it is not that of an episode of this suite.
        """
        try:
            return cls.model_validate(metadata)
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(map(str, fault["loc"]))
            raise SuiteError(f"sample metadata: {place}: {fault['msg']}: not an episode of this suite") from error

    def levels(self, factors: Iterable[str]) -> Condition:
        """Return the condition, with the levels of these factors in their order."""
        return Condition(id=self.condition, levels=tuple((factor, self.level(factor)) for factor in factors))

    def level(self, factor: str) -> str:
        """Return the level of a factor.

        Raises:
            SuiteError: If the sample has none.
        """
        if factor not in self.__pydantic_extra__:
            raise SuiteError(f"sample metadata: no level of '{factor}': not an episode of this version of the suite")
        return str(self.__pydantic_extra__[factor])
