"""Rendering: a figure as SVG, PNG and CSV, without a network and without scripts."""

import json
import re
import textwrap
from functools import lru_cache
from typing import Any, Literal
from xml.etree import ElementTree

from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.legible import legible
from agentic_misalignment.analysis.report.packing import packed
from agentic_misalignment.analysis.report.theme import FONT, LIGHT, colour, config

Theme = Literal["page", "light"]

SCALE = 2.0
"""Pixels of a PNG for one of the chart."""

PAGE_SCALE = 1.5
"""The same for the pictures that the page carries: half as many bytes."""

_NAMESPACE = "http://www.w3.org/2000/svg"
_SLACK = 0.06
"""Room on the right, as a share of the width: the reader's font may run wider than the one measured."""

_NUMBERS = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_GEOMETRY = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "dy", "width", "height")
_NOT_NEEDED = ("class", "role", "aria-roledescription", "aria-hidden", "aria-label", "pointer-events")
_CHARACTER = 6.0
"""Rough width of a character of the caption, in pixels."""


def svg(figure: Figure, *, theme: Theme = "page") -> str:
    """Draw a figure.

    Args:
        figure: The figure.
        theme: `page` for a chart that is inlined: its colours are the CSS variables of `theme.variables`, its ground
            is the page's, and it has no ids. `light` for a file of its own: white ground, with title and caption.

    Returns:
        The SVG element. The same figure gives the same text.
    """
    alone = theme == "light"
    root = ElementTree.fromstring(_drawn(figure, alone=alone))
    _clean(root)
    _describe(root, figure, alone=alone)
    ElementTree.register_namespace("", _NAMESPACE)
    text = ElementTree.tostring(root, encoding="unicode")
    return text if alone else _with_variables(text)


def png(drawn: str, *, scale: float = SCALE) -> bytes:
    """Turn a chart into a PNG with a palette.

    Args:
        drawn: The chart as SVG of its own; see `svg`.
        scale: Pixels for one of the chart.
    """
    import vl_convert

    return packed(bytes(vl_convert.svg_to_png(drawn, scale=scale)))


def csv(figure: Figure) -> str:
    """Write the data of a figure as CSV; what is not known is empty.

    Args:
        figure: The figure.
    """
    return figure.data.to_csv(index=False, lineterminator="\n")


def _drawn(figure: Figure, *, alone: bool) -> str:
    spec: dict[str, Any] = {**_legible(figure.chart.to_dict()), "config": config(), "background": None}
    plain = _converted(json.dumps(spec, allow_nan=False))
    if not alone:
        return plain
    characters = max(40, int(float(ElementTree.fromstring(plain).attrib["width"]) / _CHARACTER))
    title = {
        "text": textwrap.wrap(legible(figure.title), int(characters * 0.75)),
        "subtitle": textwrap.wrap(legible(figure.caption), characters),
    }
    return _converted(
        json.dumps({**spec, "background": colour("ground"), "padding": 16, "title": title}, allow_nan=False)
    )


def _legible(part: Any) -> Any:
    """Return a part of a specification with texts that can be drawn."""
    if isinstance(part, dict):
        return {legible(name): _legible(value) for name, value in part.items()}
    if isinstance(part, list):
        return list(map(_legible, part))
    return legible(part) if isinstance(part, str) else part


@lru_cache(maxsize=4)
def _converted(spec: str) -> str:
    """Convert a specification; what was converted last is kept, since SVG and PNG begin alike."""
    import altair
    import vl_convert

    version = altair.SCHEMA_VERSION.rpartition(".")[0]
    return vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])


def _clean(root: ElementTree.Element) -> None:
    """Leave out what draws nothing: empty paths, roles of parts, digits that nobody sees."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.attrib.get("display") == "none" or child.attrib.get("d") == "M0,0h0v0h0Z":
                parent.remove(child)
    for element in root.iter():
        for name in _NOT_NEEDED:
            element.attrib.pop(name, None)
        for name, value in (("opacity", "1"), ("font-family", FONT)):
            if element.attrib.get(name) == value:
                del element.attrib[name]
        for name in _GEOMETRY:
            if name in element.attrib:
                element.attrib[name] = _NUMBERS.sub(_rounded, element.attrib[name])


def _rounded(match: re.Match[str]) -> str:
    return f"{round(float(match[0]), 2):g}"


def _describe(root: ElementTree.Element, figure: Figure, *, alone: bool) -> None:
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    wide = round(width * (1 + _SLACK))
    root.attrib["viewBox"] = f"0 0 {wide} {height:g}"
    root.attrib["width"] = str(wide)
    root.attrib["font-family"] = FONT
    root.attrib["role"] = "img"
    root.attrib["aria-label"] = legible(figure.title)
    ground = root[0]
    if alone:
        ground.attrib["width"] = str(wide)
        description = ElementTree.Element(f"{{{_NAMESPACE}}}desc")
        description.text = legible(figure.caption)
        root.insert(0, description)
    else:
        root.attrib["style"] = "max-width: 100%; height: auto"


def _with_variables(text: str) -> str:
    names = {value: name for name, value in LIGHT.items()}
    return re.sub(
        rf'(fill|stroke)="({"|".join(names)})"', lambda match: f'{match[1]}="var({names[match[2]]}, {match[2]})"', text
    )
