"""Pages of reports, with stand-ins for the charts: drawing takes longer than everything else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import altair
from inspect_ai.log import EvalSample
from markupsafe import Markup

from agentic_misalignment.analysis.report import page as module
from agentic_misalignment.analysis.report.drawing import Drawn
from agentic_misalignment.analysis.report.figure import Figure
from tests.analysis.page_reading import Page, read_page
from tests.analysis.report_logs import ALL_WORLDS, episode


def _stand_in(figure: Figure) -> Drawn:
    return Drawn(figure, Markup('<svg role="img" aria-label="a chart"></svg>'), ())


def page_text(files: Sequence[Path], **options: Any) -> str:
    """The text of a page without its charts."""
    with patch.object(module, "draw", _stand_in), patch.object(altair.Chart, "encode", lambda chart, **_: chart):
        return module.make_report(files, **options).page


def page(files: Sequence[Path], **options: Any) -> Page:
    """A page as it is read, without its charts."""
    return read_page(page_text(files, **options))


def episodes(*outcomes: float | None, worlds: int = 2, **more: Any) -> list[EvalSample]:
    """Episodes with these outcomes, the worlds taking turns."""
    return [
        episode(number, ALL_WORLDS[number % worlds], harm, seed=1 + number // worlds, **more)
        for number, harm in enumerate(outcomes)
    ]
