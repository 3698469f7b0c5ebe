"""Parts of the report: the commands of logs, words, packed pictures, files of figures."""

import io
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


def test_a_packed_picture_is_the_same_picture(figure: Figure) -> None:
    from agentic_misalignment.analysis.report.rendering import png

    drawn = png(figure)
    small = packed(drawn)

    assert len(small) < len(drawn)
    assert pixels(small) == pixels(drawn)


def pixels(png: bytes) -> bytes:
    """The pixel data of a PNG, and its header; each chunk is checked against its sum."""
    stream, data = io.BytesIO(png[8:]), b""
    head = b""
    while kind_length := stream.read(8):
        length, kind = int.from_bytes(kind_length[:4], "big"), kind_length[4:]
        content = stream.read(length)
        assert int.from_bytes(stream.read(4), "big") == zlib.crc32(kind + content)
        data += content if kind == b"IDAT" else b""
        head = content if kind == b"IHDR" else head
    return head + zlib.decompress(data)


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
    assert files[2].read_bytes().startswith(b"\x89PNG")


def test_files_of_figures_that_are_there_are_kept(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "small.svg").write_text("mine")

    with pytest.raises(SuiteError, match=r"small\.svg: exists; give --overwrite"):
        write_figures([draw(figure)], tmp_path)
    assert (tmp_path / "small.svg").read_text() == "mine"
    assert not (tmp_path / "small.csv").exists()
