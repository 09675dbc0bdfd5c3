"""The page of an audit, opened in a browser from the disk, as its reader does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from browsing import in_a_browser, until
from finished import good_book, tagged

from audiobook.audit import audit
from audiobook.audit.library import write_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mutagen.id3 import ID3
    from playwright.sync_api import Browser, Page

pytestmark = in_a_browser
HOSTILE = "</td><script>document.title = 'taken'</script>"
SECOND = "document.querySelector('audio').currentTime"


def spoil(tag: ID3) -> None:
    """Give a chapter a hostile title, and put five sentences where nothing is heard."""
    chapters: list[Any] = sorted(tag.getall("CHAP"), key=lambda chapter: int(chapter.start_time))
    chapters[2].sub_frames["TIT2"].text = [HOSTILE]
    synced = tag.getall("SYLT")[0]
    synced.text = [*synced.text, *((f"Không ai nghe thấy câu {n}", 9_000_000) for n in range(5))]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    book = tagged(good_book(folder), folder / "sách #1.mp3", spoil)
    write_page(audit(book), folder / "pages" / "r.html")
    return folder / "pages" / "r.html"


@pytest.fixture(scope="module")
def page(report: Path, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto(report.as_uri())
    until(page, "document.querySelector('audio').readyState > 0", 20)
    yield page
    page.close()


def test_a_click_plays_there(page: Page) -> None:
    """On a chapter, on the picture of the sound, and on the keyboard."""
    seconds = page.evaluate("document.querySelector('audio').duration")
    button = page.locator(".chapters [data-at]").nth(1)
    start = float(button.get_attribute("data-at") or 0)
    button.click()
    until(page, f"{SECOND} >= {start} && !document.querySelector('audio').paused", 20)
    assert page.evaluate(SECOND) < start + 5
    page.locator(".chapters [data-at]").nth(0).focus()
    page.keyboard.press("Enter")
    until(page, f"{SECOND} < {start}", 20)
    picture = page.locator(".plot svg").first
    box = picture.bounding_box()
    assert box
    picture.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    until(page, f"{SECOND} > {seconds * 0.7}", 20)
    bar = page.locator(".seek").first
    bar.focus()
    page.keyboard.press("Home")
    assert bar.get_attribute("aria-valuenow") == "0"
    page.keyboard.press("ArrowRight")
    assert bar.get_attribute("aria-valuetext") == "0:10"


def test_findings_of_one_rule_are_folded(page: Page) -> None:
    row = page.locator(".findings details").first
    listed = row.locator("ul > li")
    assert listed.count() > 1
    assert f"{listed.count()} places" in (row.locator("summary").inner_text())
    assert not listed.first.is_visible()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    assert listed.first.is_visible()


def test_one_narrow_column_that_everybody_can_use(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    assert axe.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.title() != "taken"
    assert HOSTILE in page.locator(".chapters").inner_text()


def test_a_book_that_was_moved_is_told(page: Page, report: Path, tmp_path: Path) -> None:
    shutil.copy(report, tmp_path / "r.html")
    browser = page.context.browser
    assert browser
    other = browser.new_page()
    other.goto((tmp_path / "r.html").as_uri())
    other.get_by_text("cannot be played").wait_for()
    other.close()
