"""The typed metadata of a sample."""

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.episode import Episode


class EpisodeMetadata(BaseModel):
    """What a sample carries: where it stands in the design, with each factor's level under the factor's name."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, str]

    scenario: str
    world: str
    condition: str
    """Id of the condition."""

    seed: int

    @classmethod
    def of(cls, episode: Episode) -> "EpisodeMetadata":
        """Make the metadata of an episode."""
        return cls(
            scenario=episode.scenario,
            world=episode.world,
            condition=episode.condition.id,
            seed=episode.seed,
            **dict(episode.condition.levels),
        )

    @property
    def levels(self) -> Condition:
        """The condition."""
        return Condition(id=self.condition, levels=tuple(self.__pydantic_extra__.items()))

    def level(self, factor: str) -> str:
        """Return the level of a factor."""
        return self.__pydantic_extra__[factor]
