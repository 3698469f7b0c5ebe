"""What logs say of turns, tokens, judges and worlds: read where a plan rests on them."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSampleSummary
from inspect_ai.model import ModelUsage
from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.logs import read_header, read_summaries
from agentic_misalignment.analysis.rates import Episode, Group, newest_score, read_episodes
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import WORLD
from agentic_misalignment.planning.assumptions import Assumptions
from agentic_misalignment.planning.intervals import intra_world_correlation
from agentic_misalignment.planning.judge_calls import JudgeFit
from agentic_misalignment.planning.sizes import Sizes, cell_sizes
from agentic_misalignment.planning.turns import TurnFit, expected_turns
from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.scenarios.plan import Plan

SCRIPTED = "scripted/"
"""What names of scripted models begin with: they take no tokens, and their harm is made up."""


class WorldFit(BaseModel):
    """How much episodes of one world resembled each other in logs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    correlation: float
    episodes: int


class Fits(BaseModel):
    """What logs say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turns: dict[str, TurnFit]
    """By model under test; the key `""` stands for all of them together."""

    judges: JudgeFit | None
    worlds: WorldFit | None
    scripted: int
    """Episodes of scripted models, which are not used."""

    elsewhere: int = 0
    """Episodes in worlds that the suite does not have, such as the published ones, which are not used."""

    def of(self, model: str) -> TurnFit | None:
        """Return the fit of a model; without one of its own that of all models in the logs."""
        return self.turns.get(model) or self.turns.get("")


class _Seen(BaseModel):
    """What was seen of one episode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    sizes: Sizes
    turns: int
    input: float
    cached: float
    output: float
    seconds: float


def fit_logs(files: Sequence[Path], known: Assumptions) -> Fits:
    """Fit the turn model, the judges' tokens and the intra-world correlation on logs.

    Args:
        files: Logs of this suite.
        known: The assumptions, which the fit corrects.

    Raises:
        SuiteError: If a log cannot be read, or none of the episodes of real models has a count of tokens.
    """
    seen: list[_Seen] = []
    judged: list[tuple[EvalSampleSummary, EvalLog]] = []
    real = scripted = elsewhere = 0
    for sample, log in _samples(files):
        if log.eval.model.startswith(SCRIPTED):
            scripted += 1
        elif sample.metadata["world"] not in scenario(str(sample.metadata["scenario"])).worlds:
            elsewhere += 1
            continue
        else:
            real += 1
            seen += _seen(sample, log, known)
        judged.append((sample, log))
    if real and not seen:
        raise SuiteError(
            f"--from {', '.join(map(str, files))}: none of {real} episodes has a count of tokens and turns; "
            "answers from Inspect's cache have none"
        )
    models = dict.fromkeys(each.model for each in seen)
    turns = {model: _turn_fit([each for each in seen if each.model == model], known) for model in models}
    whole = {"": _turn_fit(seen, known)} if seen else {}
    return Fits(
        turns={**turns, **whole},
        judges=_judge_fit(judged),
        worlds=_world_fit(files),
        scripted=scripted,
        elsewhere=elsewhere,
    )


def _samples(files: Sequence[Path]) -> list[tuple[EvalSampleSummary, EvalLog]]:
    """Return the episodes of logs, each once."""
    found: dict[str, tuple[EvalSampleSummary, EvalLog]] = {}
    for file in files:
        log = read_header(str(file))
        for sample in read_summaries(str(file)):
            if "world" in sample.metadata and not sample.error:
                found[sample.uuid or f"{file}/{sample.id}/{sample.epoch}"] = (sample, log)
    return list(found.values())


def _seen(sample: EvalSampleSummary, log: EvalLog, known: Assumptions) -> list[_Seen]:
    usage = (sample.model_usage or {}).get(log.eval.model)
    if usage is None or not usage.output_tokens or not sample.turn_count or sample.limit:
        return []
    own = (sample.role_usage or {}).get("grader") if log.eval.model in _judges(log) else None
    sizes = _sizes_of(sample)
    cached = _count(usage.input_tokens_cache_read) - _count(own.input_tokens_cache_read if own else 0)
    return [
        _Seen(
            model=log.eval.model,
            sizes=sizes,
            turns=sample.turn_count,
            input=_input(usage) - (_input(own) if own else 0),
            cached=cached,
            output=usage.output_tokens - (own.output_tokens if own else 0),
            seconds=math.nan if sample.working_time is None else sample.working_time,
        )
    ]


def _sizes_of(sample: EvalSampleSummary) -> Sizes:
    metadata = EpisodeMetadata.read(sample.metadata)
    condition = metadata.levels(scenario(metadata.scenario).factors)
    return _cached_sizes(metadata.scenario, metadata.world, condition.model_dump_json())


@cache
def _cached_sizes(name: str, world: str, condition: str) -> Sizes:
    from agentic_misalignment.scenarios import Condition

    there = Condition.model_validate_json(condition)
    plan = Plan(scenario=name, experiment="logs", worlds=(world,), conditions=(there,), seeds=1)
    return cell_sizes(plan, world, there)


def _turn_fit(seen: Sequence[_Seen], known: Assumptions) -> TurnFit:
    several = [each for each in seen if not each.sizes.single_turn]
    single = [each for each in seen if each.sizes.single_turn]
    turns = sum(each.turns for each in several)
    expected = sum(expected_turns(each.sizes, known.turns) for each in several)
    grown = sum(each.turns * (each.turns - 1) / 2 for each in several)
    rest = sum(each.input - each.turns * _base(each, known) for each in several)
    whole = sum(each.input for each in several)
    seconds = [each.seconds for each in seen if each.seconds == each.seconds]
    return TurnFit(
        episodes=len(seen),
        turns=turns / expected if expected else math.nan,
        growth=max(0.0, rest / grown) if grown else 0.0,
        output=sum(each.output for each in several) / turns if turns else math.nan,
        single_output=sum(each.output for each in single) / len(single) if single else math.nan,
        cached=sum(each.cached for each in several) / whole if whole else 0.0,
        seconds=sum(seconds) / len(seconds) if seconds else math.nan,
        error=_error([each.input for each in several or single]),
    )


def _base(each: _Seen, known: Assumptions) -> float:
    return (each.sizes.prompt + known.turns.tool_characters) / known.characters(each.model)


def _error(values: Sequence[float]) -> float:
    from scipy.stats import t

    if len(values) < 2 or not sum(values):
        return math.nan
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return float(t.ppf(0.975, len(values) - 1)) * spread / math.sqrt(len(values)) / mean


def _judge_fit(judged: Sequence[tuple[EvalSampleSummary, EvalLog]]) -> JudgeFit | None:
    read = written = 0.0
    calls = episodes = 0
    asked: dict[str, list[bool]] = defaultdict(list)
    for sample, log in judged:
        judges, usage = _judges(log), (sample.role_usage or {}).get("grader")
        if usage is None or not usage.output_tokens or any(name.startswith(SCRIPTED) for name in judges):
            continue
        name = str(sample.metadata["scenario"])
        flags = _asked(sample, name)
        episodes += 1
        calls += sum(flags) * max(1, len(judges))
        asked[name].append(flags[0])
        read += _input(usage)
        written += usage.output_tokens
    if not calls:
        return None
    shares = {name: sum(found) / len(found) for name, found in asked.items()}
    return JudgeFit(episodes=episodes, input=read / calls, output=written / calls, headline_share=shares)


def _asked(sample: EvalSampleSummary, name: str) -> tuple[bool, ...]:
    found = (newest_score(sample, name, "harm"), newest_score(sample, "test_vs_real"), newest_score(sample, "conduct"))
    return tuple(bool(score and (score.metadata or {}).get("judged")) for score in found)


def _judges(log: EvalLog) -> list[str]:
    given: Any = (log.eval.model_roles or {}).get("grader") or []
    return [each.model for each in (given if isinstance(given, list) else [given])]


def _world_fit(files: Sequence[Path]) -> WorldFit | None:
    groups = [_by_world(episodes) for group, episodes in read_episodes(files).items() if _is_real(group)]
    correlation = intra_world_correlation(groups)
    if math.isnan(correlation):
        return None
    return WorldFit(correlation=correlation, episodes=sum(len(values) for group in groups for values in group.values()))


def _is_real(group: Group) -> bool:
    return not group.model.startswith(SCRIPTED) and not group.judge.startswith(SCRIPTED)


def _by_world(episodes: Sequence[Episode]) -> Mapping[str, Sequence[float]]:
    worlds: dict[str, list[float]] = defaultdict(list)
    for episode in episodes:
        value = episode.score.as_float()
        if value == value and WORLD in episode.sample.metadata:
            worlds[str(episode.sample.metadata[WORLD])].append(value)
    return worlds


def _input(usage: ModelUsage) -> float:
    """Return all input tokens: Inspect counts those that are written to a cache, or read from it, apart."""
    return usage.input_tokens + _count(usage.input_tokens_cache_read) + _count(usage.input_tokens_cache_write)


def _count(tokens: int | None) -> int:
    return tokens or 0
