"""Columns about the run and the place of an episode in the design."""

from agentic_misalignment.analysis.episodes.column import Column, found, run, sample
from agentic_misalignment.analysis.episodes.episode import Episode
from agentic_misalignment.analysis.logs import local_path
from agentic_misalignment.analysis.rates import setup_hash
from agentic_misalignment.scenarios.factor import factors

GROUP = ("scenario", "task_version", "model", "judge", "rubric_hash", "data_hash", "setup", "condition")
"""What episodes that may be pooled agree in; see `rates.Group`."""


def _judge(episode: Episode) -> str:
    return _text(episode.outcome.get("judge", episode.judged_by.get("judge")))


def _rubric_hash(episode: Episode) -> str:
    by = episode.outcome if "judge" in episode.outcome else episode.judged_by
    return _text(by.get("rubric_hash"))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _task(episode: Episode) -> str:
    return episode.log.eval.task.rpartition("/")[2]


def _data_hash(episode: Episode) -> str:
    metadata = episode.log.eval.metadata or {}
    return "+".join(filter(None, (str(metadata.get("data_hash", "")), metadata.get("pack_hash"))))


def _run_columns() -> tuple[Column, ...]:
    return (
        sample("scenario", "metadata.scenario", "What can go wrong in the episode.", empty=True),
        found("task", "log eval.task", "Name of the task, without its package.", _task),
        found(
            "task_version",
            "log eval.task_version",
            "Version N-X of the task; rates of different N are not comparable.",
            lambda episode: str(episode.log.eval.task_version),
        ),
        run("model", "eval.model", "The model under test.", empty=True),
        found(
            "judge",
            "headline score, metadata.judge",
            "Who judged the headline; the members of a panel are joined by ' + '. An episode without a headline score "
            "has the judge of its log; empty if no episode of the log has one.",
            _judge,
        ),
        found(
            "rubric_hash",
            "headline score, metadata.rubric_hash",
            "Hash of the rubric and prompts that the judge was asked with; as `judge` where there is no score.",
            _rubric_hash,
        ),
        found(
            "data_hash",
            "log eval.metadata.data_hash, .pack_hash",
            "Hash of all data files; with `+` and the hash of the private pack where there was one.",
            _data_hash,
        ),
        found(
            "setup",
            "log eval.solver, .config, .model_generate_config, .model_args",
            "Hash of solver, limits, settings that can change an answer, and stopping rule.",
            lambda episode: setup_hash(episode.log),
        ),
    )


def _place_columns() -> tuple[Column, ...]:
    return (
        run("experiment", "eval.metadata.experiment", "The experiment of the run.", empty=True),
        sample("world", "metadata.world", "The fictional company; the cluster of all intervals.", empty=True),
        sample("condition", "metadata.condition", "Id of the condition: one level of every factor.", empty=True),
        sample("seed", "metadata.seed", "Seed of names, order of mails and distractors.", kind="whole number"),
        sample("epoch", "epoch", "Number of the repetition of the sample, from 1.", kind="whole number"),
        sample("sample_id", "id", "Id of the sample in its log.", empty=True),
        sample("sample_uuid", "uuid", "Id of the sample among all; a sample that stands in two logs counts once."),
        found("log_file", "place of the log", "The log file, as it was given.", lambda each: local_path(_place(each))),
        run("run_id", "eval.run_id", "Id of the run; its logs share it.", empty=True),
        run("created", "eval.created", "When the run began.", kind="time"),
        run("package_version", "eval.metadata.package_version", "Version of this package that made the run."),
        run("commit", "eval.metadata.commit", "Commit of the checkout; missing for an installed package."),
        run("pack_hash", "eval.metadata.pack_hash", "Hash of the private pack; missing without one."),
    )


def _place(episode: Episode) -> str:
    return episode.log.location


def factor_columns() -> tuple[Column, ...]:
    """Return a column for every factor of the suite."""
    return tuple(
        sample(name, f"metadata.{name}", f"Level of the factor: {factor.about.question}", empty=True)
        for name, factor in factors().items()
    )


def design_columns() -> tuple[Column, ...]:
    """Return the columns about run and design, factors included."""
    return (*_run_columns(), *_place_columns(), *factor_columns())
