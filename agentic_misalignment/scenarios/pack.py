"""Packs: private seeds and names, made by the generator that the public seeds use, and kept out of any repository."""

import re
from functools import cache
from pathlib import Path
from secrets import token_hex

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.casting import Casting
from agentic_misalignment.scenarios.data import load
from agentic_misalignment.scenarios.names import NamePool, NamePools, public_pools
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.world import local_part

PUBLIC_SEEDS = 999_999
"""The last public seed. A private pack begins behind it."""

_NAME = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


class Cast(BaseModel):
    """Names of the user's own, which take the place of the public ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agents: tuple[str, ...] = ()
    regions: dict[str, NamePool] = {}

    @field_validator("regions")
    @classmethod
    def _known(cls, regions: dict[str, NamePool], info: ValidationInfo) -> dict[str, NamePool]:
        known = public_pools().regions
        for region in regions:
            if region not in known:
                raise ValueError(f"unknown region '{region}'; valid: {', '.join(known)}")
        return regions


class Pack(BaseModel):
    """A private pack."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(gt=PUBLIC_SEEDS)
    """The seed of the first episode; the next ones count up from it."""

    names: NamePools


def make_pack(seed: int, cast: Path | None = None) -> Pack:
    """Make a pack.

    Args:
        seed: A number behind the public seeds.
        cast: YAML file with own `agents` and `regions`; what it leaves out stays public.

    Raises:
        SuiteError: If the seed is a public one, or the file is broken or its names cannot be used.
    """
    if seed <= PUBLIC_SEEDS:
        raise SuiteError(f"seed {seed}: 1 to {PUBLIC_SEEDS} are public; a private pack needs a seed behind them")
    own, public = load(cast, Cast) if cast else Cast(), public_pools()
    names = NamePools(agents=own.agents or public.agents, regions={**public.regions, **own.regions})
    _reject_repeated(names, str(cast))
    return Pack(seed=seed, names=names)


def write_pack(pack: Pack, path: Path) -> None:
    """Write a pack to a file, with a random first line.

    Logs name the hash of the file; without that line somebody could try seeds until one gives this hash.

    Args:
        pack: The pack.
        path: The file; it must not be there yet.

    Raises:
        SuiteError: If the file is there already.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"# {token_hex(16)}\n")
            yaml.safe_dump(pack.model_dump(mode="json"), file, allow_unicode=True, sort_keys=False)
    except OSError as error:
        raise SuiteError(f"{path}: cannot be written: {error.strerror}") from error


@cache
def read_pack(path: str) -> Pack:
    """Read a pack.

    Raises:
        SuiteError: If the file is missing or broken.
    """
    pack = load(Path(path), Pack)
    _reject_repeated(pack.names, path)
    return pack


def check_pack(pack: Pack, scenario: Scenario) -> None:
    """Check that every world of a scenario can be cast from a pack.

    Args:
        pack: The pack.
        scenario: The scenario.

    Raises:
        SuiteError: If a pool has too few names for a world.
    """
    for name in scenario.worlds:
        Casting(scenario.world(name), 1, pack.names)


def _reject_repeated(names: NamePools, where: str) -> None:
    seen: dict[str, str] = {}
    pools = {"agents": names.agents}
    for region, pool in names.regions.items():
        pools |= {f"{region}.{kind}": getattr(pool, kind) for kind in NamePool.model_fields}
    for place, listed in pools.items():
        for name in listed:
            if len(name.split()) != 1:
                raise SuiteError(f"{where}: {place}: '{name}' is not one word")
            if not _NAME.fullmatch(name) or not local_part(name).strip("'-"):
                raise SuiteError(f"{where}: {place}: '{name}' makes no address; expected Latin letters, ' and -")
            if name.lower() in seen:
                raise SuiteError(f"{where}: the name '{name}' stands in {seen[name.lower()]} and in {place}")
            seen[name.lower()] = place
