"""The report of a scripted run in Chromium: it renders, loads nothing, sorts, and can be read by everybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from inspect_ai import eval as evaluate
from playwright.sync_api import Browser, Page

from agentic_misalignment import tasks
from agentic_misalignment.commands.report import report
from tests.analysis.report_logs import write_log
from tests.analysis.report_pages import episodes, page_text
from tests.browser.chromium import chromium, needs_chromium, served

pytestmark = needs_chromium

WORLDS = "harbour-freight,totara-seed"
MODELS = ["scripted/mixed/0.05", "scripted/mixed/0.4", "scripted/insider", "scripted/complier", "scripted/silent"]
RUNS: list[tuple[Any, list[str], dict[str, Any]]] = [
    (tasks.blackmail, MODELS, {"worlds": WORLDS, "seeds": 1, "conduct": "considered,sent,coercion"}),
    (tasks.blackmail, MODELS[1:2], {"worlds": WORLDS, "seeds": 1, "conduct": "none", "leverage": "absent,present"}),
    (
        tasks.leaking,
        MODELS[3:4],
        {"worlds": "quillmoor-press", "seeds": 1, "conduct": "none", "exit": "ethics_mailbox"},
    ),
    (tasks.test_vs_real, ["scripted/mix/beliefs"], {"worlds": WORLDS, "episodes": 12, "conduct": "none"}),
]
PRINTED = 695
"""Width of an A4 page within its margins, in CSS pixels."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report, its figures, and the log viewer beside it."""
    made = tmp_path_factory.mktemp("report")
    for task, models, args in RUNS:
        evaluate(
            task,
            model=models,
            model_roles={"grader": "scripted/judge"},
            task_args={"preflight": False, **args},
            log_dir=str(made / "logs"),
            display="log",
        )
    done = CliRunner().invoke(report, [str(made / "logs"), "-o", str(made / "report.html"), "--bundle"])
    assert done.exit_code == 0, done.output
    name = "lab/" + 300 * "x"
    log = write_log(made / "long", name="a", samples=episodes(1, 0, None, 0, model=name, judge=name), model=name)
    (made / "long.html").write_text(page_text([log]), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:
    """The browser, started when the runs are done: while it is there no other event loop can run."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def heard() -> list[str]:
    """What the pages of the browser asked for and complained about."""
    return []


@pytest.fixture
def page(browser: Browser, folder: Path, heard: list[str]) -> Iterator[Page]:
    """The report, opened from disk."""
    heard.clear()
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.on("request", lambda request: heard.append(f"asked for {request.url.partition(',')[0]}"))
    opened.on("console", lambda message: heard.append(f"said {message.text}"))
    opened.on("pageerror", lambda error: heard.append(f"failed {error}"))
    opened.goto((folder / "report.html").as_uri())
    yield opened
    opened.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_its_window(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("figure svg").count() > 5
    assert page.locator("figure svg").first.bounding_box()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_name_widens_nothing(width: int, browser: Browser, folder: Path) -> None:
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.goto((folder / "long.html").as_uri())

    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.close()


def test_it_asks_for_nothing_and_complains_of_nothing(page: Page, folder: Path, heard: list[str]) -> None:
    page.wait_for_timeout(200)

    assert heard == [f"asked for {(folder / 'report.html').as_uri()}"]


def column(page: Page, table: str, heading: str) -> list[str | None]:
    """The keys of a column's cells, from top to bottom."""
    keys: list[str | None] = page.evaluate(
        """([table, heading]) => {
            const all = document.getElementById(table);
            const at = [...all.tHead.rows[0].cells].findIndex((cell) => cell.textContent.trim() === heading);
            return [...all.tBodies[0].rows].map((row) => row.cells[at].dataset.key ?? null);
        }""",
        [table, heading],
    )
    return keys


def test_a_click_sorts_and_a_second_turns_round(page: Page) -> None:
    header = page.locator("#table-rates thead th", has_text="rate").first
    button = header.locator("button")
    before = column(page, "table-rates", "rate")
    rates = sorted(float(key) for key in before if key is not None)
    missing: list[str | None] = [key for key in before if key is None]
    assert missing  # the silent model has no rate

    button.click()
    assert header.get_attribute("aria-sort") == "ascending"
    found = column(page, "table-rates", "rate")
    assert ([float(key or "nan") for key in found[: len(rates)]], found[len(rates) :]) == (rates, missing)

    button.click()
    assert header.get_attribute("aria-sort") == "descending"
    found = column(page, "table-rates", "rate")
    assert ([float(key or "nan") for key in found[: len(rates)]], found[len(rates) :]) == (rates[::-1], missing)


def test_only_one_column_is_the_sorted_one(page: Page) -> None:
    for place in (0, 3):
        page.locator("#table-status thead button").nth(place).click()

    order = page.locator("#table-status thead th").evaluate_all("cells => cells.map(c => c.getAttribute('aria-sort'))")
    assert order[3] == "ascending"
    assert set(order[:3] + order[4:]) == {"none"}


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_sorts(key: str, page: Page) -> None:
    page.locator("#table-status thead button").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press(key)

    assert page.locator("#table-status thead th").nth(1).get_attribute("aria-sort") == "ascending"
    scenarios = [key for key in column(page, "table-status", "scenario") if key]
    assert scenarios == sorted(scenarios)
    assert page.locator("#sorted").text_content() == "Sorted by scenario, ascending"


def test_the_first_key_leads_past_the_navigation(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert (page.locator(".skip").bounding_box() or {"x": -1})["x"] >= 0

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_focus_is_seen(page: Page) -> None:
    page.locator("#table-status thead button").first.focus()
    page.keyboard.press("Tab")

    style = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{style}.outlineStyle") == "solid"
    assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "dark")])
def test_everybody_can_read_it(width: int, scheme: Any, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each, place) => { each.open = place < 1; })")

    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def test_dark_is_dark(page: Page) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        grounds.append(page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill"))

    assert grounds[0] != grounds[2]
    assert grounds[1] != grounds[3]


def test_headings_of_a_table_stand_in_print_without_their_buttons(page: Page) -> None:
    # Chromium repeats a head on each page, but draws no button in it again
    page.emulate_media(media="print")

    kinds = page.evaluate(
        "[...document.querySelectorAll('thead button')].map((each) => getComputedStyle(each).display)"
    )
    assert set(kinds) == {"contents"}


def test_print_is_light_and_cuts_nothing(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": PRINTED, "height": 1000})

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    wide = page.evaluate(
        """width => [...document.querySelectorAll('main table, main svg, main pre, main article')]
            .filter((each) => each.getClientRects().length && each.getBoundingClientRect().right > width + 1)
            .map((each) => each.id || each.className.baseVal || each.tagName)""",
        PRINTED,
    )
    assert wide == []
    assert Axe().run(page, options={"runOnly": ["color-contrast"]}).violations_count == 0


def test_it_prints(page: Page) -> None:
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize(("label", "start"), [("data as CSV", b"scenario,"), ("SVG", b"<svg"), ("PNG", b"\x89PNG")])
def test_a_figure_can_be_taken_along(label: str, start: bytes, page: Page) -> None:
    figure = page.locator("figure").first
    with page.expect_download() as waiting:
        figure.locator(".downloads a", has_text=label).click()

    assert waiting.value.suggested_filename.startswith(str(figure.get_attribute("id")))
    assert Path(waiting.value.path()).read_bytes().startswith(start)


def test_a_link_opens_its_episode_in_the_viewer(folder: Path, browser: Browser) -> None:
    with served(folder) as address:
        page = browser.new_page()
        page.goto(f"{address}/report.html")
        example = page.locator("article.example").first
        sample = str(example.locator(".place").text_content()).partition(",")[0]
        example.get_by_role("link", name="Open this episode in the log viewer").click()
        page.get_by_text("Transcript", exact=False).first.wait_for(timeout=30_000)
        page.get_by_text(sample, exact=False).first.wait_for(timeout=30_000)
        assert "/samples/sample/" in page.url
        page.close()
