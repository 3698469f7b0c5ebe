"""Parts of the report: the commands of logs, words, packed pictures, files of figures."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import altair
import pandas
import pytest
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import GenerateConfig, ModelConfig

from agentic_misalignment.analysis.report.commands import eval_commands
from agentic_misalignment.analysis.report.drawing import data_table, draw, write_figures
from agentic_misalignment.analysis.report.figure import Figure
from agentic_misalignment.analysis.report.packing import packed
from agentic_misalignment.analysis.report.rendering import svg
from agentic_misalignment.analysis.report.template import sort_key
from agentic_misalignment.analysis.report.words import interval, listed, percent, plain, points, several
from agentic_misalignment.errors import SuiteError
from tests.analysis.report_logs import write_log
from tests.analysis.report_pages import episodes

NAN = float("nan")


def header(folder: Path, model: str = "lab/alpha", **spec: Any) -> EvalLog:
    path = write_log(folder, f"log{len(list(folder.glob('*')))}", episodes(1), model=model, **spec)
    return read_eval_log(str(path), header_only=True)


@pytest.mark.parametrize(
    ("spec", "command"),
    [
        ({}, "inspect eval tasks/blackmail.py --model lab/alpha"),
        (
            {"task_args_passed": {"seeds": 2, "worlds": ["a", "b"], "pack": None}},
            "inspect eval tasks/blackmail.py --model lab/alpha -T seeds=2 -T worlds=a,b",
        ),
        (
            {"task_args_passed": {"pack": "/home/me/my.pack.yaml"}},
            "inspect eval tasks/blackmail.py --model lab/alpha -T pack=my.pack.yaml",
        ),
        (
            {"model_roles": {"grader": [ModelConfig(model="lab/one"), ModelConfig(model="lab/two")]}},
            "inspect eval tasks/blackmail.py --model lab/alpha --model-role grader=lab/one,lab/two",
        ),
        (
            {"model_args": {"api_key": "sk-1", "size": 2}, "model_base_url": "http://10.0.0.1/v1"},
            "inspect eval tasks/blackmail.py --model lab/alpha --model-base-url URL -M 'api_key=…' -M size=2",
        ),
        (
            {"model_generate_config": GenerateConfig(temperature=0.5, seed=7)},
            "inspect eval tasks/blackmail.py --model lab/alpha --temperature 0.5 --seed 7",
        ),
        (
            {"task_registry_name": "agentic_misalignment/blackmail"},
            "inspect eval agentic_misalignment/blackmail --model lab/alpha",
        ),
    ],
)
def test_a_command_is_put_together_from_a_log(spec: dict[str, Any], command: str, tmp_path: Path) -> None:
    assert eval_commands([header(tmp_path, **spec)]) == [command]


def test_runs_that_differ_in_the_model_alone_are_one_command(tmp_path: Path) -> None:
    headers = [header(tmp_path, "lab/a"), header(tmp_path, "lab/b"), header(tmp_path, "lab/a")]

    assert eval_commands(headers) == ["inspect eval tasks/blackmail.py --model lab/a,lab/b"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (percent(0.0025), "0.2 %"),
        (percent(NAN), "-"),
        (interval(0, 0.4899), "0.0 to 49.0 %"),
        (interval(NAN, NAN), "-"),
        (points(-0.125), "-12.5"),
        (plain(float("inf")), "∞"),
        (several(1, "world"), "1 world"),
        (several(2, "episode has", "episodes have"), "2 episodes have"),
        (listed(["a"]), "a"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (listed([str(n) for n in range(9)]), "0, 1, 2, 3, 4 and 4 more"),
        (listed([]), "-"),
    ],
)
def test_words(written: str, text: str) -> None:
    assert written == text


@pytest.fixture(scope="module")
def figure() -> Figure:
    data = pandas.DataFrame({"model": ["a", "b"], "rate": [0.12345, NAN], "n": [8, 0]})
    chart = altair.Chart(data).mark_point().encode(x="rate:Q", y="model:N")
    return Figure(id="small", title="Small", caption="A small chart.", chart=chart, data=data)


def as_drawn(figure: Figure) -> bytes:
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg(figure, theme="light"), scale=2))


def test_a_packed_picture_is_the_same_picture(figure: Figure) -> None:
    drawn = as_drawn(figure)
    small = packed(drawn)

    assert len(small) < len(drawn) / 4
    assert pixels(small) == pixels(drawn)


def test_of_many_colours_the_rare_ones_become_their_neighbours() -> None:
    many: list[tuple[int, ...]] = [
        *((value, 0, 0, 255) for value in range(256) for _ in range(2)),
        *[(7, 1, 0, 255)] * 3,
    ]
    image = png([many])
    found = pixels(packed(image))

    assert len(packed(image)) < len(image)
    assert len(set(found)) == 256
    assert all(sum(abs(a - b) for a, b in zip(*pair, strict=True)) <= 2 for pair in zip(found, many, strict=True))


@pytest.mark.parametrize("pixel", [(1, 2, 3, 254), (1, 2, 3, 0)])
def test_a_picture_that_one_sees_through_stays(pixel: tuple[int, ...]) -> None:
    image = png([[pixel] * 40] * 40)

    assert packed(image) == image


def png(rows: list[list[tuple[int, ...]]]) -> bytes:
    """A PNG with these pixels, each of red, green, blue and opacity; hardly compressed."""
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 6, 0, 0, 0)
    data = b"".join(b"\0" + b"".join(map(bytes, row)) for row in rows)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(data, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def pixels(png: bytes) -> list[tuple[int, ...]]:
    """The pixels of a PNG, row by row, of either kind; each chunk is checked against its sum."""
    stream, chunks = io.BytesIO(png[8:]), {b"IDAT": b""}
    while kind_length := stream.read(8):
        length, kind = int.from_bytes(kind_length[:4], "big"), kind_length[4:]
        content = stream.read(length)
        assert int.from_bytes(stream.read(4), "big") == zlib.crc32(kind + content)
        chunks[kind] = chunks.get(kind, b"") + content
    width, height, _, kind_of_colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    size = {3: 1, 6: 4}[kind_of_colour]
    data, palette = zlib.decompress(chunks[b"IDAT"]), chunks.get(b"PLTE", b"")
    found: list[tuple[int, ...]] = []
    for line in range(height):
        start = line * (1 + width * size)
        left: tuple[int, ...] = (0,) * size
        for place in range(start + 1, start + 1 + width * size, size):
            own = tuple(data[place : place + size])
            left = tuple((a + b) % 256 for a, b in zip(own, left, strict=True)) if data[start] else own
            found.append(left if size > 1 else (*palette[3 * left[0] : 3 * left[0] + 3], 255))
    return found


def test_a_figure_has_its_data_as_a_table(figure: Figure) -> None:
    table = data_table(figure)

    assert [[cell.text for cell in row] for row in table.rows] == [["a", "0.1235", "8"], ["b", "-", "0"]]
    assert [[cell.key for cell in row] for row in table.rows] == [["a", 0.12345, 8], ["b", None, 0]]
    assert [column.number for column in table.columns] == [False, True, True]


def test_the_files_of_a_figure(figure: Figure, tmp_path: Path) -> None:
    files = write_figures([draw(figure)], tmp_path / "figures")

    assert [file.name for file in files] == ["small.csv", "small.svg", "small.png"]
    assert files[0].read_text() == "model,rate,n\na,0.12345,8\nb,,0\n"
    assert "<svg" in files[1].read_text()
    image = files[2].read_bytes()
    (inlined,) = (each.content for each in draw(figure).downloads if each.kind == "image/png")
    assert image.startswith(b"\x89PNG")
    assert width(image) == pytest.approx(width(inlined) * 2 / 1.5, abs=2)


def width(image: bytes) -> int:
    return int.from_bytes(image[16:20], "big")


@pytest.mark.parametrize(
    ("key", "written"),
    [(0.5, "0.5"), (3, "3"), (float("inf"), "Infinity"), (-float("inf"), "-Infinity"), ("infer", "infer")],
)
def test_the_script_can_read_what_is_sorted_by(key: float | str, written: str) -> None:
    assert sort_key(key) == written


def test_files_of_figures_that_are_there_are_kept(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "small.svg").write_text("mine")

    with pytest.raises(SuiteError, match=r"small\.svg: exists; give --overwrite"):
        write_figures([draw(figure)], tmp_path)
    assert (tmp_path / "small.svg").read_text() == "mine"
    assert not (tmp_path / "small.csv").exists()
