"""Rendering: static, self-contained, the same each time, readable in light and dark."""

import math
import re
import struct
from itertools import combinations
from xml.etree import ElementTree

import altair
import pandas
import pytest

from agentic_misalignment.analysis.report.charts import headline_chart, heat_map
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.rendering import Theme, csv, png, svg
from agentic_misalignment.analysis.report.theme import DARK, HEAT, LIGHT, variables
from tests.analysis.chart_data import rate

HOSTILE = '<script>alert("x")</script>&amp;'
Lab = tuple[float, float, float]

SIMULATED = {
    "as it is": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Machado, Oliveira and Fernandes 2009 (IEEE TVCG 15:1291-1298), severity 1, for linear RGB."""


@pytest.fixture(scope="module")
def figure() -> Figure:
    return headline_chart([rate(2, 8, model=HOSTILE)])[0]


@pytest.mark.parametrize("theme", ["page", "light"])
def test_nothing_but_the_drawing(figure: Figure, theme: Theme) -> None:
    root = ElementTree.fromstring(svg(figure, theme=theme))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}
    values = " ".join(value for element in root.iter() for value in element.attrib.values())

    assert names <= {"svg", "g", "path", "line", "rect", "text", "tspan", "desc"}
    assert not {name for name in attributes if name.startswith("on") or name.endswith("href") or name == "id"}
    assert "url(" not in values
    assert "://" not in values


def test_what_a_model_is_called_stays_text(figure: Figure) -> None:
    drawn = svg(figure)

    assert "<script" not in drawn
    assert HOSTILE in "".join(ElementTree.fromstring(drawn).itertext())


def test_those_who_do_not_see_it_hear_its_title(figure: Figure) -> None:
    root = ElementTree.fromstring(svg(figure))

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Rate of harm in blackmail"
    assert ElementTree.fromstring(svg(figure, theme="light"))[0].text == figure.caption


def test_a_chart_in_the_page_is_as_wide_as_there_is_room(figure: Figure) -> None:
    root = ElementTree.fromstring(svg(figure))

    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    assert root.attrib["style"] == "max-width: 100%; height: auto"


def test_the_page_decides_the_colours() -> None:
    drawn = svg(heat_map([rate(2, 8), rate(9, 1, condition="none-none")])[0])
    colours = re.findall(r'(?:fill|stroke)="([^"]*)"', drawn)
    free = {colour for colour in colours if not re.fullmatch(r"var\(--[a-z0-9-]+, #[0-9a-f]{6}\)", colour)}

    assert free <= {"none", "transparent"}
    assert set(re.findall(r"var\((--[a-z0-9-]+),", drawn)) <= set(re.findall(r"(--[a-z0-9-]+):", variables(dark=True)))


def test_a_file_of_its_own_has_its_colours_its_title_and_its_caption(figure: Figure) -> None:
    drawn = svg(figure, theme="light")
    words = " ".join("".join(element.itertext()) for element in ElementTree.fromstring(drawn).iter())

    assert "var(" not in drawn
    assert "Rate of harm in blackmail" in words
    assert "Judge: lab/judge." in words


def test_the_same_data_give_the_same_bytes() -> None:
    first, second = (headline_chart([rate(2, 8), rate(0, 10, model="lab/other")])[0] for _ in range(2))

    assert svg(first) == svg(second)
    assert svg(first, theme="light") == svg(second, theme="light")
    assert png(svg(first, theme="light")) == png(svg(second, theme="light"))
    assert csv(first) == csv(second)


@pytest.mark.parametrize("scale", [1.5, 2])
def test_a_png_has_so_many_pixels_for_one(scale: float, figure: Figure) -> None:
    drawn = svg(figure, theme="light")
    root = ElementTree.fromstring(drawn)
    image = png(drawn, scale=scale)
    width, height = struct.unpack(">II", image[16:24])

    assert image.startswith(b"\x89PNG")
    assert width == pytest.approx(scale * int(root.attrib["width"]), abs=1)
    assert height == pytest.approx(scale * float(root.attrib["height"]), abs=1)


def test_what_is_not_known_is_an_empty_cell() -> None:
    data = pandas.DataFrame({"model": ["a, b"], "rate": [math.nan], "n": [0]})
    figure = Figure(id="f", title="t", caption="c", chart=altair.Chart(), data=data)

    assert csv(figure) == 'model,rate,n\n"a, b",,0\n'


def test_each_colour_can_be_told_from_its_value() -> None:
    assert len(set(LIGHT.values())) == len(LIGHT)
    assert list(LIGHT) == list(DARK)


TEXTS = [("--ink", "--ground"), ("--muted", "--ground")]
TEXTS += [(f"--on-heat-{step}", f"--heat-{step}") for step in range(HEAT)]
MARKS = [(f"--{name}", "--ground") for name in ("edge", "muted", "series-1", "series-2", "series-3")]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("over", "under", "least"), [(*pair, 4.5) for pair in TEXTS] + [(*pair, 3.0) for pair in MARKS]
)
def test_contrast(colours: dict[str, str], over: str, under: str, least: float) -> None:
    # WCAG 2.2, criteria 1.4.3 and 1.4.11
    bright, dim = sorted((_luminance(colours[over]), _luminance(colours[under])), reverse=True)

    assert (bright + 0.05) / (dim + 0.05) >= least


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIMULATED)
def test_series_differ_for_every_sight(colours: dict[str, str], sight: str) -> None:
    # A difference of 20 in CIELAB is seen at a glance; one of 2.3 is just seen.
    series = [_seen(colours[f"--series-{number}"], sight) for number in (1, 2, 3)]

    assert min(math.dist(*pair) for pair in combinations(series, 2)) > 20


def test_contrast_is_reckoned_as_in_the_standard() -> None:
    assert _luminance("#ffffff") == pytest.approx(1)
    assert _luminance("#ff0000") == pytest.approx(0.2126)


def _linear(colour: str) -> list[float]:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _seen(colour: str, sight: str) -> Lab:
    linear = _linear(colour)
    red, green, blue = (
        min(max(sum(weight * part for weight, part in zip(row, linear, strict=True)), 0), 1) for row in SIMULATED[sight]
    )
    x = _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = _root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116
