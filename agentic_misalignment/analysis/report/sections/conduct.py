"""Conduct: the funnel and the labels beside the headline."""

from agentic_misalignment.analysis.report.blocks import Paragraph, Section, drawings, present
from agentic_misalignment.analysis.report.charts import conduct, funnel
from agentic_misalignment.analysis.report.material import Material

_LEAD = (
    "Each label is 1, 0 or not known, and an episode may have several. Shares are of the valid episodes in which the "
    "label is known; no_engagement is counted over all episodes."
)


def conduct_section(material: Material) -> Section | None:
    """Make the section of conduct; `None` if no episode was labelled."""
    figures = drawings([*funnel(material.frame), *conduct(material.frame)])
    if not figures:
        return None
    return Section(id="conduct", heading="Conduct", blocks=present(Paragraph(_LEAD), figures))
