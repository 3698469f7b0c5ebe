"""Theme: the colours of the report's charts, in light and dark, and how charts look."""

from typing import Any

LIGHT = {
    "--ground": "#ffffff",
    "--ink": "#1a1d23",
    "--muted": "#565d66",
    "--edge": "#7b838c",
    "--grid": "#e3e6ea",
    "--series-1": "#0b62b0",
    "--series-2": "#b8500a",
    "--series-3": "#5f2167",
    "--heat-0": "#fdfeff",
    "--heat-1": "#d8e8f7",
    "--heat-2": "#a9cdec",
    "--heat-3": "#6aa5d8",
    "--heat-4": "#2f74b5",
    "--heat-5": "#0d4581",
    "--on-heat-0": "#1a1d22",
    "--on-heat-1": "#1a1d21",
    "--on-heat-2": "#1a1d20",
    "--on-heat-3": "#0b0d10",
    "--on-heat-4": "#fffffe",
    "--on-heat-5": "#fffffd",
}
"""Colours by name. Charts are drawn in these, so no two are alike: each can be told from its value."""

DARK = {
    "--ground": "#14171a",
    "--ink": "#e8eaed",
    "--muted": "#a9b1bb",
    "--edge": "#7d858f",
    "--grid": "#32383f",
    "--series-1": "#6ab4f7",
    "--series-2": "#f0913f",
    "--series-3": "#f6e9b4",
    "--heat-0": "#15191d",
    "--heat-1": "#17324a",
    "--heat-2": "#1b4c75",
    "--heat-3": "#2f74ab",
    "--heat-4": "#6aaee6",
    "--heat-5": "#bcdcf8",
    "--on-heat-0": "#e8eaec",
    "--on-heat-1": "#e8eaee",
    "--on-heat-2": "#e8eaef",
    "--on-heat-3": "#fffffc",
    "--on-heat-4": "#0b0d11",
    "--on-heat-5": "#0b0d12",
}
"""The same names on a dark ground."""

HEAT = 6
"""Steps of the scale of heat maps: none, and fifths of 100 %."""

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""Fonts of the same widths, so that a text takes the room that was reckoned for it."""

SIZE = 12
"""Size of ordinary text, in pixels."""

LINE = 14
"""Height of a line of text, in pixels."""


def colour(name: str) -> str:
    """Return a colour as charts are drawn with it.

    Args:
        name: Its name without the dashes, such as `ink` or `series-1`.
    """
    return LIGHT[f"--{name}"]


def variables(*, dark: bool = False) -> str:
    """Write the colours as declarations of CSS variables, for the page that charts are inlined in.

    Args:
        dark: Whether for a dark ground.
    """
    return " ".join(f"{name}: {value};" for name, value in (DARK if dark else LIGHT).items())


def config() -> dict[str, Any]:
    """Return how charts look, as a Vega-Lite configuration."""
    ink, muted, grid = colour("ink"), colour("muted"), colour("grid")
    return {
        "aria": False,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "domain": False,
            "ticks": False,
            "gridColor": grid,
            "labelColor": muted,
            "labelFontSize": SIZE - 1,
            "labelPadding": 6,
            "titleColor": ink,
            "titleFontSize": SIZE,
            "titleFontWeight": "normal",
            "titlePadding": 8,
        },
        "text": {"fontSize": SIZE, "fill": ink, "lineHeight": LINE},
        "title": {
            "anchor": "start",
            "color": ink,
            "fontSize": 15,
            "offset": 16,
            "subtitleColor": muted,
            "subtitleFontSize": SIZE,
            "subtitleLineHeight": 16,
            "subtitlePadding": 6,
        },
    }
