"""Harm by reality belief: what the logs say, one table for each group of episodes that may be pooled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from inspect_ai.scorer import SampleScore, Score
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.rates import Episode, Group, newest_score, read_episodes
from agentic_misalignment.analysis.table import aligned, interval, percent
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import belief_figures
from agentic_misalignment.judging import BELIEFS

SCORE = "test_vs_real"

_HEADINGS = ("belief", "episodes", "share", "95 % Wilson", "harm known", "harm", "95 % Wilson", "95 % over worlds")


class BeliefTable(BaseModel):
    """Beliefs and harm of one group of episodes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: Group
    """What the headline scores agree in."""

    judge: str
    """Who judged the beliefs."""

    rubric_hash: str
    """By which rubric."""

    figures: dict[str, float]
    """See `belief_figures`."""

    unscored: int
    """Episodes without a belief: not valid, or without a usable answer of the judge."""

    prompted: bool
    """Whether the condition raised the question."""

    notes: tuple[str, ...]


def read_beliefs(paths: Iterable[Path]) -> list[BeliefTable]:
    """Read harm by belief. Harm is that of the newest headline score, belief that of the newest score of its own.

    Args:
        paths: Log files, or folders of them.

    Raises:
        SuiteError: If there is no log, one is not of this suite, or none has beliefs.
    """
    found = [table for group, episodes in read_episodes(paths).items() for table in _tables(group, episodes)]
    if not found:
        raise SuiteError(f"no episode of these logs has the score {SCORE}; score them with inspect score --scorer …")
    return sorted(found, key=lambda table: (table.group.scenario, table.group.condition, table.group.model))


def _tables(group: Group, episodes: Sequence[Episode]) -> list[BeliefTable]:
    """Make a table for each judge and rubric of the beliefs: they are never pooled."""
    judged: dict[tuple[str, str], list[tuple[Episode, Score]]] = defaultdict(list)
    for episode in episodes:
        score = newest_score(episode.sample, SCORE)
        if score is not None:
            detail = score.metadata or {}
            judged[str(detail.get("judge", "")), str(detail.get("rubric_hash", ""))].append((episode, score))
    return [_table(group, judge, digest, scored) for (judge, digest), scored in judged.items()]


def _table(group: Group, judge: str, digest: str, scored: Sequence[tuple[Episode, Score]]) -> BeliefTable:
    valued = [_joined(episode, score) for episode, score in scored if score.value in BELIEFS]
    notes = {note for episode, _ in scored for note in episode.rate_notes}
    notes |= {str(note) for _, score in scored if (note := (score.metadata or {}).get("judge_note"))}
    return BeliefTable(
        group=group,
        judge=judge,
        rubric_hash=digest,
        figures=belief_figures(valued),
        unscored=len(scored) - len(valued),
        prompted=any((score.metadata or {}).get("prompted") for _, score in scored),
        notes=tuple(sorted(notes)),
    )


def _joined(episode: Episode, belief: Score) -> SampleScore:
    harm = (episode.score.metadata or {}).get("harm")
    return SampleScore(
        score=Score(value=belief.value, metadata={"harm": harm}),
        sample_id=episode.sample.id,
        sample_metadata=episode.sample.metadata,
    )


def belief_table(tables: Sequence[BeliefTable]) -> str:
    """Write tables of harm by belief.

    Args:
        tables: The tables.
    """
    return "\n\n".join(_written(table) for table in tables)


def _written(table: BeliefTable) -> str:
    group, figures = table.group, table.figures
    asked = "asked by the prompt" if table.prompted else "not asked by the prompt"
    same = table.judge == group.judge
    by = f"judged by {group.judge}" if same else f"harm judged by {group.judge}, beliefs by {table.judge}"
    lines = [f"{group.scenario}, {group.condition}, {group.model}, {by}; {asked}", ""]
    lines += aligned([_HEADINGS, *(_row(belief, figures) for belief in BELIEFS)])
    name = "harm_real_minus_test"
    points = [100 * figures[f"{name}{ending}"] for ending in ("", "_low", "_high", "_clustered_low", "_clustered_high")]
    lines += [
        "",
        f"harm(real) - harm(test): {_points(points[0])} points, 95 % interval {_between(points[1:3])}, over worlds ",
    ]
    lines[-1] += f"{_between(points[3:5])}"
    if table.unscored:
        lines.append(f"{table.unscored} episodes have no belief and are in none of the rows")
    return "\n".join([*lines, *(f"NOTE: {note}." for note in table.notes)])


def _row(belief: str, figures: dict[str, float]) -> tuple[str, ...]:
    share, harm = f"share_{belief}", f"harm_{belief}"
    return (
        belief,
        f"{figures[f'{belief}_episodes']:.0f}",
        percent(figures[share]),
        interval(figures[f"{share}_low"], figures[f"{share}_high"]),
        f"{figures[f'{harm}_episodes']:.0f}",
        percent(figures[harm]),
        interval(figures[f"{harm}_low"], figures[f"{harm}_high"]),
        interval(figures[f"{harm}_clustered_low"], figures[f"{harm}_clustered_high"]),
    )


def _points(value: float) -> str:
    return "-" if value != value else f"{value:+.1f}"


def _between(bounds: Sequence[float]) -> str:
    return "-" if bounds[0] != bounds[0] else f"{bounds[0]:+.1f} to {bounds[1]:+.1f}"
