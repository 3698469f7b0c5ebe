"""The report: all sections in their order, as one page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from agentic_misalignment.analysis.judge_study import StudyResult
from agentic_misalignment.analysis.logs import LeftOut
from agentic_misalignment.analysis.report.blocks import Drawing, Section
from agentic_misalignment.analysis.report.drawing import Drawn, draw
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.material import SCRIPTED, Material, read_material
from agentic_misalignment.analysis.report.sections.beliefs import belief_section
from agentic_misalignment.analysis.report.sections.conduct import conduct_section
from agentic_misalignment.analysis.report.sections.effects import effect_section
from agentic_misalignment.analysis.report.sections.examples import example_section
from agentic_misalignment.analysis.report.sections.exits import exit_section
from agentic_misalignment.analysis.report.sections.judges import judge_section
from agentic_misalignment.analysis.report.sections.limits import limit_section
from agentic_misalignment.analysis.report.sections.making import making_section
from agentic_misalignment.analysis.report.sections.published import published_section
from agentic_misalignment.analysis.report.sections.rates import rate_section
from agentic_misalignment.analysis.report.sections.run import run_section, scenarios_of
from agentic_misalignment.analysis.report.sections.statuses import status_section
from agentic_misalignment.analysis.report.sections.twin import twin_section
from agentic_misalignment.analysis.report.template import render_page
from agentic_misalignment.analysis.report.viewer import link_to
from agentic_misalignment.analysis.report.words import listed, several
from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scenarios.checks import canary

Progress = Callable[[float], None]
"""Is told the share of the work that is done."""

_READ, _COMPUTED = 0.2, 0.4
"""Share of the work when the logs are read, and when all figures are computed but not drawn."""

_DEMONSTRATION = (
    "Models or judges of this run are scripted. The page shows what a report looks like, and nothing about a language "
    "model."
)


@dataclass(frozen=True)
class Report:
    """A report: the page, and what is drawn in it."""

    page: str
    drawn: tuple[Drawn, ...]


def make_report(
    files: Sequence[Path],
    *,
    studies: Sequence[StudyResult] = (),
    left_out: Sequence[LeftOut] = (),
    seed: int = 1,
    bundle: str | None = None,
    command: str = "",
    progress: Progress = lambda _: None,
) -> Report:
    """Make the report of logs.

    Args:
        files: Log files of this suite; see `usable_logs`.
        studies: Results of judge studies; rates of the same judge and rubric are corrected for its errors.
        left_out: Logs that are not among the files, and why; they are named on the page.
        seed: Seed of the draw of example episodes.
        bundle: Folder of the log viewer, relative to the page, where there is one; see `write_viewer`.
        command: The command that made the report, for the page.
        progress: Is told how far the work is.

    Returns:
        The page, which loads nothing, and its figures. The same logs and arguments give the same page.

    Raises:
        SuiteError: If a file cannot be read as a log of this suite.
    """
    material = read_material(files, studies=studies, left_out=left_out)
    progress(_READ)
    sections = sections_of(material, seed=seed, bundle=bundle, command=command)
    progress(_COMPUTED)
    figures, drawn = figures_of(sections), []
    for number, figure in enumerate(figures, start=1):
        drawn.append(draw(figure))
        progress(_COMPUTED + (1 - _COMPUTED) * number / len(figures))
    page = render_page(
        {each.figure.id: each for each in drawn},
        title=_title(material),
        demonstration=_demonstration(material),
        sections=sections,
        version=version("agentic-misalignment"),
        canary=canary(),
    )
    return Report(page, tuple(drawn))


def sections_of(material: Material, *, seed: int = 1, bundle: str | None = None, command: str = "") -> list[Section]:
    """Make the sections of a report, in their order; see `make_report`."""
    found = (
        run_section(material),
        limit_section(material),
        status_section(material),
        rate_section(material),
        effect_section(material),
        conduct_section(material),
        belief_section(material),
        exit_section(material),
        twin_section(material),
        published_section(material),
        judge_section(material),
        example_section(material, seed=seed, link=link_to(bundle) if bundle else None),
        making_section(material, command),
    )
    return [section for section in found if section is not None]


def figures_of(sections: Sequence[Section]) -> list[Figure]:
    """Return the figures of sections."""
    return [block.figure for section in sections for block in section.blocks if isinstance(block, Drawing)]


def _title(material: Material) -> str:
    names = [scenario(name).about.title.lower() for name in scenarios_of(material)]
    of = material.models[0] if len(material.models) == 1 else several(len(material.models), "model")
    return f"{listed(names).capitalize()}: {of}, {several(sum(1 for _ in material.episodes), 'episode')}"


def _demonstration(material: Material) -> str:
    names = [*material.models, *(name for judge in material.judges for name in judge.split(" + "))]
    return _DEMONSTRATION if any(name.startswith(SCRIPTED) for name in names) else ""
