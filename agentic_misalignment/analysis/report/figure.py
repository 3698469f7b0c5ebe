"""A figure of the report: a chart with its words and its data."""

from dataclasses import dataclass

import altair
import pandas


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart as it stands in the report."""

    id: str
    """Unique in the page; name of the exported files."""

    title: str
    caption: str
    """What is drawn, in one or two plain sentences; it is also the text for those who do not see the chart."""

    chart: altair.TopLevelMixin
    data: pandas.DataFrame
    """What is drawn, one row a mark."""
