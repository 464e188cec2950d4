"""The board's pages in a real Chromium: filter, sort, keyboard, back button, axe, hostile text, nothing from outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.boards.values import HOSTILE, NOW, board, grids
from triagebot.boards import board as drawn
from triagebot.config import Config
from triagebot.pages import board_files

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
VIEWS = [
    ("light", 1400, [("plain", "index.html")]),
    ("dark", 1400, [("plain", "index.html"), ("plain", "cause-3.html")]),
    ("light", 360, [("plain", "index.html"), ("hostile", "cause-1.html")]),
    ("dark", 360, [("plain", "index.html")]),
]
QUICKLY = {"preload": False, "resultTypes": ["violations"]}
"""What axe would load once more is there already, and what passes is not told."""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of a plain board and of one with hostile text in every field."""
    found = {}
    for name, text in {"plain": "", "hostile": HOSTILE + "long" * 2500}.items():
        folder = tmp_path_factory.mktemp(name)
        made = board(30 if not text else 3, text=text)
        for file, told in board_files(made, grids(made, text)).items():
            (folder / file).write_text(told, encoding="utf-8")
        found[name] = folder
    return found


@pytest.fixture
def open_page(browser: Any) -> Iterator[Any]:
    """Opens a page; at the end nothing was asked of anybody else and the console is empty."""
    said: list[str] = []
    contexts = []

    def opened(path: Path, scheme: str = "light", width: int = 1400, address: str = "", **more: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda r: said.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
        page.goto(f"{path.as_uri()}{address}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def shown(page: Any) -> list[str]:
    """The titles of the rows that can be seen, in order."""
    return list(
        page.eval_on_selector_all("#causes tbody tr:not([hidden]) th a", "all => all.map(a => a.textContent)")
    )


def until(page: Any, count: int) -> None:
    """Waits for so many rows: a browser tells of a step back after it took it."""
    page.wait_for_function(
        "count => document.querySelectorAll('#causes tbody tr:not([hidden])').length === count", arg=count
    )


def test_filters_narrow_the_table_and_stand_in_the_address(sites, open_page):
    page = open_page(sites["plain"] / "index.html")
    assert len(shown(page)) == 30
    page.select_option("select[name=priority]", "P1")
    page.select_option("select[name=area]", "websocket")
    assert shown(page) == [f"Broken thing number {n}" for n in range(3, 31, 3)]
    assert "priority=P1" in page.url
    assert page.text_content("#shown") == "10 of 30 causes"


def test_an_address_with_filters_opens_filtered(sites, open_page):
    page = open_page(sites["plain"] / "index.html", address="#owner=platform&state=muted&sort=-Age")
    assert shown(page) == [f"Broken thing number {n}" for n in (23, 13, 3)]
    assert page.input_value("select[name=owner]") == "platform"


def test_the_back_button_takes_the_last_filter_back(sites, open_page):
    page = open_page(sites["plain"] / "index.html")
    page.select_option("select[name=state]", "new")
    assert len(shown(page)) == 6
    page.select_option("select[name=priority]", "P2")
    assert len(shown(page)) == 2
    page.go_back()
    until(page, 6)
    assert page.input_value("select[name=priority]") == ""
    page.go_back()
    until(page, 30)


def test_search_finds_words_in_any_cell(sites, open_page):
    page = open_page(sites["plain"] / "index.html")
    page.fill("input[name=q]", "NUMBER #12,")
    assert shown(page) == ["Broken thing number 12"]
    page.click("button[type=reset]")
    assert len(shown(page)) == 30


def test_the_keyboard_sorts_both_ways_and_says_so(sites, open_page):
    page = open_page(sites["plain"] / "index.html")
    page.focus("thead th:nth-child(4) button")
    page.keyboard.press("Enter")
    assert shown(page)[0] == "Broken thing number 1"
    assert page.get_attribute("thead th:nth-child(4)", "aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert shown(page)[0] == "Broken thing number 30"
    assert page.get_attribute("thead th:nth-child(4)", "aria-sort") == "descending"
    page.keyboard.press("Enter")
    assert page.get_attribute("thead th:nth-child(4)", "aria-sort") is None


def test_the_keyboard_reaches_the_causes_past_the_skip_link(sites, open_page):
    page = open_page(sites["plain"] / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the board"
    page.focus("#causes tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cause-1.html")
    assert page.text_content("h1") == "[P2] Broken thing number 1"


def seen(page: Any) -> int:
    """How many rows are drawn."""
    return sum(row.is_visible() for row in page.locator("#causes tbody tr").all())


def test_a_long_table_shows_two_hundred_rows_until_more_are_asked_for(tmp_path, open_page):
    made = board(230)
    for file, told in board_files(made, {}).items():
        (tmp_path / file).write_text(told, encoding="utf-8")
    page = open_page(tmp_path / "index.html")
    assert (seen(page), page.text_content("#shown")) == (200, "230 causes")
    page.select_option("select[name=priority]", "P2")
    assert seen(page) == len(shown(page)) == 77, "rows that a filter hides do not count among the first"
    assert not page.locator("#more").is_visible()
    page.click("button[type=reset]")
    page.click("text=Show 30 more causes")
    assert seen(page) == 230
    assert page.evaluate("document.activeElement.textContent") == "Broken thing number 201"
    assert "rows=all" in page.url
    page.go_back()
    page.wait_for_selector("#more:visible")
    assert seen(page) == 200
    page.emulate_media(media="print")
    assert seen(page) == 230
    assert seen(open_page(tmp_path / "index.html", java_script_enabled=False)) == 230


def test_without_javascript_everything_is_there(sites, open_page):
    page = open_page(sites["plain"] / "index.html", java_script_enabled=False)
    assert page.locator("#causes tbody tr").count() == 30
    assert not page.locator("#filter").is_visible()
    page.goto((sites["plain"] / "cause-2.html").as_uri())
    assert len(page.text_content("p.strip")) == 60


@pytest.mark.parametrize("width", [1100, 1200, 1400])
def test_what_is_broken_has_the_widest_column(sites, open_page, width):
    page = open_page(sites["plain"] / "index.html", width=width)
    widths = page.eval_on_selector_all(
        "#causes tbody tr:first-child > *", "cells => cells.map(cell => cell.getBoundingClientRect().width)"
    )
    assert widths[1] == max(widths)
    strip = page.locator("#causes .strip").first.bounding_box()
    assert strip["width"] <= widths[6], "the strip of runs stays in its own column"


@pytest.mark.parametrize(("scheme", "width", "pages"), VIEWS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(sites, open_page, scheme, width, pages):
    from axe_playwright_python.sync_playwright import Axe

    for site, name in pages:
        page = open_page(sites[site] / name, scheme, width)
        found = Axe().run(page, options=QUICKLY)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["index.html", "cause-1.html"])
def test_hostile_text_in_every_field_shows_as_text(sites, open_page, name):
    page = open_page(sites["hostile"] / name, width=360)
    assert "owned" not in page.title() or "<script>" in page.title()
    assert page.locator("main img, main script, main [onerror], main [onmouseover]").count() == 0
    links = page.eval_on_selector_all("a", "all => all.map(a => a.href)")
    assert [link for link in links if not link.startswith("file:")] == []
    told = page.text_content("main")
    assert "<script>" in told
    assert "{{7*7}}" in told
    assert "\u202e" not in told


def test_filters_with_hostile_names_work(sites, open_page):
    page = open_page(sites["hostile"] / "index.html")
    page.select_option("select[name=area]", index=1)
    assert len(shown(page)) == 3


def test_print_leaves_the_controls_out(sites, open_page):
    page = open_page(sites["plain"] / "index.html")
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert page.locator("#causes").is_visible()


def test_a_cause_has_a_page_of_its_own():
    assert sorted(board_files(board(1), {})) == ["board.css", "board.js", "cause-1.html", "index.html"]


def test_a_board_of_nothing_says_so():
    files = board_files(drawn((), (), Config(), NOW), {})
    assert "Nothing is broken" in files["index.html"]
