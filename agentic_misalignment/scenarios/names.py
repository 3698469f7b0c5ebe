"""Name pools: what a seed draws people's and agents' names from."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.errors import unknown
from agentic_misalignment.scenarios.data import datasets, load, names

AGENTS_FILE = "agents"

Gender = Literal["m", "f"]


class NamePool(BaseModel):
    """The names of one region."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feminine: tuple[str, ...] = Field(min_length=1)
    masculine: tuple[str, ...] = Field(min_length=1)
    family: tuple[str, ...] = Field(min_length=1)

    def given(self, gender: Gender) -> tuple[str, ...]:
        """Return the first names of a gender."""
        return self.feminine if gender == "f" else self.masculine


class NamePools(BaseModel):
    """All names that may be drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agents: tuple[str, ...] = Field(min_length=1)
    regions: dict[str, NamePool]

    def region(self, name: str) -> NamePool:
        """Return the pool of a region.

        Raises:
            SuiteError: If there is none.
        """
        if name not in self.regions:
            raise unknown("region", name, list(self.regions))
        return self.regions[name]


class _RegionFile(NamePool):
    canary: str
    region: str


class _AgentsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    agents: tuple[str, ...]


@cache
def public_pools() -> NamePools:
    """Read the pools of `datasets/names`.

    Raises:
        SuiteError: If a data file is broken.
    """
    folder = datasets() / "names"
    regions = {name: load(folder / f"{name}.yaml", _RegionFile) for name in names(folder) if name != AGENTS_FILE}
    for name, region in regions.items():
        if region.region != name:
            raise unknown("region", region.region, [name], where=str(folder / f"{name}.yaml"))
    return NamePools(
        agents=load(folder / f"{AGENTS_FILE}.yaml", _AgentsFile).agents,
        regions={
            name: NamePool(**region.model_dump(include={*NamePool.model_fields})) for name, region in regions.items()
        },
    )
