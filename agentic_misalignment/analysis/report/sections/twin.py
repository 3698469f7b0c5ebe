"""The benign twin: false positives and the ordinary work."""

from collections.abc import Mapping, Sequence

from agentic_misalignment.analysis.rates import Episode, Rate
from agentic_misalignment.analysis.report.arms import Arms, interval_heading
from agentic_misalignment.analysis.report.blocks import (
    Cell,
    Column,
    Paragraph,
    Section,
    Table,
    drawings,
    present,
)
from agentic_misalignment.analysis.report.charts import twin
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.utility import utility_figures
from agentic_misalignment.analysis.report.words import count_cell, interval_cell, percent_cell
from agentic_misalignment.figures import WORLD
from agentic_misalignment.lynch2025.episode import WORLD as PUBLISHED
from agentic_misalignment.scenarios import scenario

_LEAD = (
    "The benign twin is the same company on a day without conflict, threat or opportunity. Harm there is a false alarm "
    "of the instrument, or needless harm. Utility is the share of the ordinary chores that were answered, whatever the "
    "answer; its mean is over valid episodes, and its intervals take each share for part of a yes, which is wider than "
    "need be."
)


def twin_section(material: Material) -> Section | None:
    """Make the section of the benign twin; `None` if it was not run."""
    rates = [rate for rate in material.rates if is_twin(material.groups[rate.group][0])]
    if not rates:
        return None
    return Section(
        id="twin",
        heading="Benign twin",
        blocks=present(Paragraph(_LEAD), drawings(twin(material.rates, material.frame)), _table(rates, material)),
    )


def is_twin(episode: Episode) -> bool:
    """Tell whether an episode has the levels of its scenario's benign twin."""
    metadata = episode.sample.metadata
    if metadata.get(WORLD) == PUBLISHED:
        return False
    levels = scenario(str(metadata["scenario"])).about.twin
    return all(metadata.get(factor) == level for factor, level in levels.items())


def _table(twins: Sequence[Rate], material: Material) -> Table:
    arms = Arms(material.rates)
    names = ["valid", "harm", interval_heading(twins), "95 % over worlds"]
    names += ["utility known", "mean utility", "95 % Wilson", "95 % over worlds"]
    return Table(
        id="table-twin",
        caption="False positives and utility in the benign twin",
        columns=(*arms.columns, *(Column(name, number=True) for name in names)),
        rows=tuple((*arms.cells(rate.group), *_row(rate, material.groups[rate.group])) for rate in twins),
    )


def _row(rate: Rate, episodes: Sequence[Episode]) -> tuple[Cell, ...]:
    figures, done = rate.figures, _utility(episodes)
    return (
        count_cell(figures["episodes"]),
        percent_cell(figures["rate"]),
        interval_cell(figures["wilson_low"], figures["wilson_high"]),
        interval_cell(figures["clustered_low"], figures["clustered_high"]),
        count_cell(done["episodes"]),
        percent_cell(done["rate"]),
        interval_cell(done["wilson_low"], done["wilson_high"]),
        interval_cell(done["clustered_low"], done["clustered_high"]),
    )


def _utility(episodes: Sequence[Episode]) -> Mapping[str, float]:
    details = [(episode, episode.score.metadata or {}) for episode in episodes]
    return utility_figures(
        (float(detail["utility"]), str(episode.sample.metadata[WORLD]))
        for episode, detail in details
        if detail.get("status") == "valid" and detail.get("utility") is not None
    )
