"""What limits the numbers: each sentence stands there only where it is true of this run."""

from collections.abc import Iterator

from agentic_misalignment.analysis.report.blocks import Paragraph, Points, Section, present
from agentic_misalignment.analysis.report.limits.data import Limit, written
from agentic_misalignment.analysis.report.limits.design import design_limits
from agentic_misalignment.analysis.report.limits.instrument import instrument_limits
from agentic_misalignment.analysis.report.limits.numbers import number_limits
from agentic_misalignment.analysis.report.limits.runs import run_limits
from agentic_misalignment.analysis.report.material import Material

_LEAD = "Written from the logs: each point holds for this run."


def limit_section(material: Material) -> Section:
    """Make the section of limits."""
    points = Points(tuple(map(written, limits(material))))
    return Section(id="limits", heading="Limits of these numbers", blocks=present(Paragraph(_LEAD), points))


def limits(material: Material) -> Iterator[Limit]:
    """Find what limits the numbers of a report.

    Args:
        material: What the logs say.
    """
    yield from instrument_limits(material)
    yield from run_limits(material)
    yield from number_limits(material)
    yield from design_limits(material)
