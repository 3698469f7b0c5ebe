"""The episodes of one side of a comparison, by the model and the judge that were chosen."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspect_ai.scorer import Score

from agentic_misalignment.analysis.comparison.result import Side
from agentic_misalignment.analysis.effects.difference import Outcome
from agentic_misalignment.analysis.logs import newest_log_files, read_header
from agentic_misalignment.analysis.rates import SUITE_SCORE, Episode, Group, named_score, read_episodes
from agentic_misalignment.errors import unknown
from agentic_misalignment.figures import WORLD


@dataclass(frozen=True)
class SideEpisode:
    """An episode with the verdict that counts on this side."""

    group: Group
    """What it may be pooled with; the version is the task's N."""

    task: str
    episode: Episode
    score: Score
    created: str
    """When its run began."""

    file: str

    @property
    def uuid(self) -> str:
        """What tells the sample from all others."""
        return self.episode.sample.uuid or f"{self.file}/{self.episode.sample.id}/{self.episode.sample.epoch}"

    @property
    def place(self) -> tuple[object, ...]:
        """World, seed and epoch."""
        metadata = self.episode.sample.metadata
        return metadata.get(WORLD), metadata.get("seed"), self.episode.sample.epoch

    @property
    def outcome(self) -> Outcome | None:
        """World and harm; `None` if the episode is not valid."""
        value = self.score.as_float()
        world = self.episode.sample.metadata.get(WORLD)
        return Outcome(None if world is None else str(world), int(value)) if value == value else None

    @property
    def harm(self) -> bool | None:
        """Whether harm was done, also by an episode that is not valid; `None` where nobody knows."""
        known = (self.score.metadata or {}).get("harm")
        return None if known is None else bool(known)

    @property
    def notes(self) -> set[str]:
        """What has to be said with it, of the judge whose verdict counts; see `Rate`."""
        newest, own = ((score.metadata or {}).get("judge_note") for score in (self.episode.score, self.score))
        return {note for note in self.episode.notes if note != newest} | ({str(own)} if own else set())

    @property
    def status(self) -> str:
        """See `STATUSES`."""
        return str((self.score.metadata or {}).get("status", "error"))


def read_side(paths: Iterable[Path], name: str, *, model: str | None, judge: str | None) -> list[SideEpisode]:
    """Read the episodes of one side.

    Args:
        paths: Log files, or folders of them.
        name: What the side is called in errors.
        model: Only episodes of this model.
        judge: Only episodes with a headline score by this judge, of which the newest counts; without it the newest
            headline score by anybody.

    Returns:
        The episodes, in the order of their runs. A sample that stands in several logs counts once, and of a run that
        was taken up again the newest attempt.

    Raises:
        SuiteError: If there is no log, one is not of this suite, or the model or judge stands in none of them.
    """
    found: dict[str, SideEpisode] = {}
    for file in newest_log_files(paths):
        found |= {each.uuid: each for each in _of_log(file)}
    episodes = sorted(found.values(), key=lambda each: (each.created, each.file))
    if model is not None:
        _known("model", model, models_of(episodes), name)
        episodes = [each for each in episodes if each.group.model == model]
    if judge is None:
        return episodes
    _known("judge", judge, sorted({name for each in episodes for name in _judges(each.episode)}), name)
    return _judged_by(judge, episodes)


def models_of(episodes: Iterable[SideEpisode]) -> list[str]:
    """Return the models of episodes, sorted."""
    return sorted({each.group.model for each in episodes})


def judges_of(episodes: Iterable[SideEpisode]) -> list[str]:
    """Return the judges whose verdicts count, sorted."""
    return sorted({each.group.judge for each in episodes if each.group.judge})


def all_judges(episodes: Iterable[SideEpisode]) -> list[str]:
    """Return all judges of episodes, also of verdicts that do not count, sorted."""
    return sorted({judge for each in episodes for judge in _judges(each.episode)})


def side_of(episodes: Sequence[SideEpisode]) -> Side:
    """Say what a side holds."""
    days = sorted({each.created[:10] for each in episodes})
    return Side(
        models=tuple(models_of(episodes)),
        judges=tuple(judges_of(episodes)),
        created=tuple(dict.fromkeys((days[0], days[-1]))),
        logs=len({each.file for each in episodes}),
    )


def _of_log(file: str) -> list[SideEpisode]:
    header = read_header(file)
    task = header.eval.task.rpartition("/")[2]
    return [
        SideEpisode(
            group=group.model_copy(update={"version": group.version.partition("-")[0]}),
            task=task,
            episode=episode,
            score=episode.score,
            created=str(header.eval.created),
            file=file,
        )
        for group, episodes in read_episodes([Path(file)]).items()
        for episode in episodes
    ]


def _known(kind: str, value: str, valid: list[str], name: str) -> None:
    if value not in valid:
        raise unknown(kind, value, valid, where=name)


def _scores(episode: Episode) -> Mapping[str, Score]:
    return episode.sample.scores or {}


def _judges(episode: Episode) -> set[str]:
    scenario = str(episode.sample.metadata["scenario"])
    return {
        judge
        for name, score in _scores(episode).items()
        if named_score({name: score}, scenario, SUITE_SCORE) and (judge := _judge(score))
    }


def _judge(score: Score) -> str:
    return str((score.metadata or {}).get("judge", ""))


def _judged_by(judge: str, episodes: Sequence[SideEpisode]) -> list[SideEpisode]:
    """Return episodes with this judge's verdict; what it did not judge of a log that it did has no verdict."""
    chosen = [(each, _chosen(each, judge)) for each in episodes]
    rubrics = {(own.file, own.group.scenario): own.group.rubric_hash for _, own in chosen if own}
    found = []
    for each, own in chosen:
        rubric = rubrics.get((each.file, each.group.scenario))
        if own:
            found.append(own)
        elif rubric is not None:
            found.append(_with(each, each.score if each.outcome is None else _UNJUDGED, judge, rubric))
    return found


_UNJUDGED = Score(value=math.nan, metadata={"status": "unscored"})


def _chosen(each: SideEpisode, judge: str) -> SideEpisode | None:
    scores = {name: score for name, score in _scores(each.episode).items() if _judge(score) == judge}
    score = named_score(scores, each.group.scenario, SUITE_SCORE)
    return _with(each, score, judge, str((score.metadata or {}).get("rubric_hash", ""))) if score else None


def _with(each: SideEpisode, score: Score, judge: str, rubric: str) -> SideEpisode:
    group = each.group.model_copy(update={"judge": judge, "rubric_hash": rubric})
    return SideEpisode(group, each.task, each.episode, score, each.created, each.file)
