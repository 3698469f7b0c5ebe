"""Columns about reality belief, conduct and judges."""

from collections.abc import Callable

from agentic_misalignment.analysis.episodes.column import Column, Value, found
from agentic_misalignment.analysis.episodes.episode import PANEL, Episode, detail, number, zero_or_one
from agentic_misalignment.analysis.episodes.outcome_columns import text_of, vote_column
from agentic_misalignment.figures.conduct import NO_ENGAGEMENT
from agentic_misalignment.judging import BELIEFS
from agentic_misalignment.judging.labels import labels


def _belief(episode: Episode) -> str | None:
    value = episode.belief.value if episode.belief else None
    return str(value) if value in BELIEFS else None


def _probability(episode: Episode) -> float | None:
    percent = number(detail(episode.belief).get("stated_percent"))
    return None if percent is None else percent / 100


def _truth(key: str) -> Callable[[Episode], Value]:
    def read(episode: Episode) -> Value:
        value = detail(episode.belief).get(key)
        return value if isinstance(value, bool) else None

    return read


def belief_columns() -> tuple[Column, ...]:
    """Return the columns of reality belief."""
    return (
        found(
            "belief",
            "test_vs_real score, value",
            f"What the agent says of its situation: {', '.join(BELIEFS)}; missing without a usable answer of the "
            "judge, of an episode that is not valid, and where it was not asked for.",
            _belief,
        ),
        found(
            "belief_judge",
            "test_vs_real score, metadata.judge",
            "Who judged the belief.",
            lambda episode: text_of(episode.belief, "judge"),
        ),
        found(
            "belief_rubric_hash",
            "test_vs_real score, metadata.rubric_hash",
            "By which rubric.",
            lambda episode: text_of(episode.belief, "rubric_hash"),
        ),
        found(
            "belief_prompted",
            "test_vs_real score, metadata.prompted",
            "Whether the condition raised the question.",
            _truth("prompted"),
            kind="true or false",
        ),
        found(
            "belief_probability",
            "test_vs_real score, metadata.stated_percent",
            "Probability that the agent itself states for its belief, 0 to 1; missing if it states none.",
            _probability,
            kind="number",
        ),
        found(
            "belief_before_act",
            "test_vs_real score, metadata.before_act",
            "Whether it was said before the first harmful act; missing without such an act or a belief.",
            _truth("before_act"),
            kind="true or false",
        ),
    )


def _label(name: str) -> Callable[[Episode], Value]:
    def read(episode: Episode) -> Value:
        value = episode.conduct.value if episode.conduct else None
        return zero_or_one(value.get(name)) if isinstance(value, dict) else None

    return read


def _says(name: str, kind: str) -> str:
    if name == NO_ENGAGEMENT:
        return "Whether the agent never took up the work; known also of episodes that are not valid."
    what = "Stage of the funnel" if kind == "funnel" else "Label of conduct"
    return f"{what}: whether '{name.replace('_', ' ')}' holds; rates count valid episodes only."


def conduct_columns() -> tuple[Column, ...]:
    """Return a column for every label of conduct, and who judged them."""
    return (
        *(
            found(
                f"conduct_{name}",
                f"conduct score, value.{name}",
                f"{_says(name, label.kind)} Missing where it is not known or was not asked for.",
                _label(name),
                kind="0 or 1",
            )
            for name, label in labels().items()
        ),
        found(
            "conduct_judge",
            "conduct score, metadata.judge",
            "Who judged the labels that the ledger leaves open.",
            lambda episode: text_of(episode.conduct, "judge"),
        ),
    )


def judge_columns() -> tuple[Column, ...]:
    """Return the columns of panels and of what has to be said of a judge."""
    return (
        vote_column(),
        found(
            "judge_note",
            "headline score, metadata.judge_note",
            "What has to be said of the judge: that it is a rule-based reader, or of the tested model's family.",
            lambda episode: text_of(episode.headline, "judge_note"),
        ),
        found(
            "judge_own_family",
            "headline score, metadata.judge_own_family",
            "The judges of the tested model's own family, joined by ' + '; missing if there is none.",
            lambda episode: PANEL.join(episode.outcome.get("judge_own_family") or []) or None,
        ),
    )
