"""The page as a file: what models wrote stays text, nothing is loaded, nobody's folders are named."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from agentic_misalignment.analysis.report.page import make_report
from agentic_misalignment.analysis.report.template import breakable
from tests.analysis.page_reading import Page, read_page
from tests.analysis.report_logs import ALL_WORLDS, episode, write_log
from tests.analysis.report_pages import page_text

HOSTILE = (
    "<script>document.title='moved'</script>",
    '"><img src=x onerror=alert(1)>',
    "</blockquote></section><h1>Not a heading</h1>",
    "{{ 7 * 7 }} {% raw %}",
    "'\"`&amp;<!-- ]]>",
)


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page whose episodes hold hostile texts, from logs deep in somebody's folder."""
    folder = tmp_path_factory.mktemp("home") / "somebody" / "secret-project"
    samples = [
        episode(number, ALL_WORLDS[number % 2], 1, seed=number + 1, quotes=(each,), last_words=each)
        for number, each in enumerate(HOSTILE[:3])
    ]
    samples += [
        episode(10 + number, ALL_WORLDS[number % 2], 0, seed=20 + number, last_words=each)
        for number, each in enumerate(HOSTILE[3:])
    ]
    return page_text([write_log(folder, "a", samples, model_args={"api_key": "sk-hidden", "path": "/home/somebody/m"})])


@pytest.fixture(scope="module")
def found(text: str) -> Page:
    return read_page(text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_model_wrote_stays_text(hostile: str, text: str, found: Page) -> None:
    assert str(escape(hostile)) in text
    assert " ".join(hostile.split()) in found.sections["examples"]


def test_no_tag_of_a_model_is_one_of_the_page(found: Page) -> None:
    tags = [tag for tag, _ in found.tags]

    assert tags.count("script") == 1
    assert "img" not in tags
    assert [head for tag, head in found.headings if tag == "h1"] == ["Blackmail: lab/alpha, 5 episodes"]
    assert not [name for _, attrs in found.tags for name in attrs if name.startswith("on")]


def test_the_one_script_is_the_one_that_may_run(text: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert policy is not None
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()

    rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["img-src"] == "data:"


def test_nothing_is_loaded(found: Page) -> None:
    loading = [
        attrs.get(name) for _, attrs in found.tags for name in ("src", "srcset", "data", "poster") if name in attrs
    ]
    links = [str(attrs["href"]) for _, attrs in found.tags if "href" in attrs]

    assert loading == []
    assert all(link.startswith(("#", "data:")) for link in links)
    assert not [tag for tag, _ in found.tags if tag in ("link", "iframe", "object", "embed", "base", "form")]


def test_style_loads_nothing(text: str) -> None:
    style = text.partition("<style>")[2].partition("</style>")[0]

    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("private", ["somebody", "secret-project", "sk-hidden"])
def test_nobody_is_named(private: str, text: str) -> None:
    assert private not in text


def test_the_canary_stands_on_the_page(text: str) -> None:
    from agentic_misalignment.scenarios.checks import canary

    assert canary() in text


def test_it_has_language_landmarks_and_a_way_past_them(found: Page) -> None:
    tags = dict(reversed(found.tags))

    assert tags["html"]["lang"] == "en"
    assert {"header", "nav", "main", "footer"} <= set(tags)
    first = next(attrs for tag, attrs in found.tags if tag == "a")
    assert first["href"] == f"#{tags['main']['id']}"


def test_links_within_the_page_lead_somewhere(found: Page) -> None:
    ids = {attrs.get("id") for _, attrs in found.tags}

    assert {str(attrs["href"])[1:] for tag, attrs in found.tags if tag == "a"} <= ids


def test_the_draw_of_examples_follows_the_seed(tmp_path: Path) -> None:
    samples = [episode(n, ALL_WORLDS[n % 4], 0, seed=n + 1, last_words=f"words {n}.") for n in range(40)]
    files = [write_log(tmp_path, "a", samples)]

    drawn = [set(re.findall(r"words \d+\.", page_text(files, seed=seed))) for seed in (1, 1, 2)]
    assert len(drawn[0]) == 3
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_long_texts_are_cut(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", [episode(1, ALL_WORLDS[0], 0, last_words="x" * 5000)])]

    assert "x" * 700 + " …" in page_text(files)
    assert "x" * 701 not in page_text(files)


def test_with_a_viewer_the_examples_have_links(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", [episode(1, ALL_WORLDS[0], 0)])]

    with_it, without = page_text(files, bundle="my viewer"), page_text(files)
    # The id of a sample has slashes; in the viewer's addresses it is one part.
    place = f"samples/sample/{ALL_WORLDS[0]}%2Fexplicit-replacement%2Fs1/1/"
    assert f'href="my%20viewer/index.html#/logs/a.eval/{place}"' in with_it
    assert "index.html" not in without


@given(st.text())
def test_breaks_change_no_text(text: str) -> None:
    assert str(breakable(text)).replace("<wbr>", "") == str(escape(text))


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("33.3 %", "33.3 %"),
        ("provider/name-of-a-model", "provider/<wbr>name-<wbr>of-<wbr>a-<wbr>model"),
        ("a" * 20, "a" * 16 + "<wbr>" + "a" * 4),
    ],
)
def test_where_a_text_may_break(text: str, broken: str) -> None:
    assert str(breakable(text)) == broken


def test_control_characters_and_turned_text_are_replaced_on_the_page_and_in_its_charts(tmp_path: Path) -> None:
    name = "lab/a\x1b[31m\x0b\u202eb\ud800"
    samples = [episode(number, ALL_WORLDS[number], number % 2, model=name) for number in range(2)]
    file = write_log(tmp_path, "a", samples, model=name.replace("\ud800", ""))

    text = make_report([file]).page

    assert "lab/a\ufffd[31m\ufffd\ufffdb" in " ".join(read_page(text).sections["rates"].split())
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", text)
