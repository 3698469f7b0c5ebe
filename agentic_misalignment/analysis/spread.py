"""The spread of a rate over the levels of a nuisance factor, such as names or seeds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.components import Component, variance_component
from agentic_misalignment.analysis.rates import Episode, Group, read_episodes
from agentic_misalignment.analysis.table import aligned, percent
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import WORLD

_HEADINGS = ("scenario", "model", "judge", "levels", "worlds", "valid", "rates", "sd between levels", "share", "p")


class Spread(BaseModel):
    """How far the rates of a factor's levels lie apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: Group
    """What was pooled; its condition names the first of the conditions."""

    rates: dict[str, float]
    """Rate of each level over all worlds."""

    worlds: int
    episodes: int
    """Valid episodes."""

    component: Component | None
    """See `variance_component`; `None` if the episodes are too few for one."""


def read_spread(paths: Iterable[Path], factor: str) -> list[Spread]:
    """Read how a rate varies with a factor.

    Args:
        paths: Log files, or folders of them.
        factor: Name of a factor, or `seed`. Episodes that differ in another factor too are pooled: give the logs of
            one experiment.

    Returns:
        A row for each group of episodes that agree in all but the condition.

    Raises:
        SuiteError: If there is no log, or no episode has the factor.
    """
    pooled: dict[Group, list[Episode]] = defaultdict(list)
    shown: dict[Group, Group] = {}
    for group, episodes in read_episodes(paths).items():
        having = [episode for episode in episodes if factor in episode.sample.metadata]
        if having:
            key = group.model_copy(update={"condition": ""})
            shown.setdefault(key, group)
            pooled[key] += having
    if not pooled:
        raise SuiteError(f"no episode of these logs has the factor '{factor}'")
    return [_spread(shown[key], episodes, factor) for key, episodes in pooled.items()]


def _spread(group: Group, episodes: Sequence[Episode], factor: str) -> Spread:
    outcomes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    levels: dict[str, list[float]] = defaultdict(list)
    for episode in episodes:
        value = episode.score.as_float()
        if value == value:
            level = str(episode.sample.metadata[factor])
            outcomes[str(episode.sample.metadata[WORLD])][level].append(value)
            levels[level].append(value)
    return Spread(
        group=group,
        rates={level: sum(values) / len(values) for level, values in sorted(levels.items())},
        worlds=len(outcomes),
        episodes=sum(map(len, levels.values())),
        component=variance_component(outcomes),
    )


def spread_table(rows: Sequence[Spread], factor: str) -> str:
    """Write the spread of rates as a plain table.

    Args:
        rows: The rows.
        factor: The factor that they are about.
    """
    lines = aligned([_HEADINGS, *(_row(row) for row in rows)])
    return "\n".join(
        [
            *lines,
            "",
            f"sd between levels: standard deviation of the true rate of a level of {factor} around its world's rate,",
            "in points, beyond what chance makes of as many episodes. share: its part of the variance within worlds.",
            "p: share of 2,000 random relabellings within worlds whose levels lie as far apart.",
        ]
    )


def _row(row: Spread) -> tuple[str, ...]:
    found = row.component
    least, most = (percent(edge(row.rates.values(), default=float("nan"))) for edge in (min, max))
    return (
        row.group.scenario,
        row.group.model,
        row.group.judge,
        str(len(row.rates)),
        str(row.worlds),
        str(row.episodes),
        f"{least} to {most}",
        f"{100 * found.deviation:.1f}" if found else "too few episodes",
        percent(found.share) if found else "-",
        f"{found.p:.3f}" if found else "-",
    )
