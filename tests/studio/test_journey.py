"""In a real browser: an article from the drop to the player, and for everybody."""

from __future__ import annotations

import time
import tomllib
from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from journeys import (
    correct_and_hear,
    drop,
    listen_from_the_beginning,
    open_dropped,
    play_where_the_waveform_is_clicked,
    publish,
)
from settling import settle, until
from studios import ARTICLE, Served, wait_until

from audiobook.app.ownership import read_provenance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route

pytest_plugins = ["visiting"]
pytestmark = in_a_browser


def test_a_script_that_comes_late_misses_nothing(visit: Callable[..., Page]) -> None:
    page = visit()

    def come_late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route("**/prepare.js", come_late)
    open_dropped(page, "lang.txt", ARTICLE.encode(), "Chuyện ở làng")


def test_an_article_from_the_drop_to_the_podcast(
    studio: Served, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit()
    open_dropped(page, "lang.txt", ARTICLE.encode(), "Chuyện ở làng")
    settings = studio.folder / "lang" / "book.toml"
    words = page.locator(".estimate div").nth(1)
    before = words.inner_text()

    # A chapter is not wanted.
    page.get_by_role("checkbox", name="Chương 3").uncheck()
    until(page, f"document.querySelectorAll('.estimate div')[1].innerText !== {before!r}")
    assert tomllib.loads(settings.read_text("utf-8"))["leave_out"] == ["Chương 3: Nắng"]

    # A paragraph that would be left out is read after all.
    page.get_by_role("button", name="Read it after all: Trời").click()
    page.get_by_role("heading", name="Kept by you").wait_for()
    assert tomllib.loads(settings.read_text("utf-8"))["keep_text"][0].startswith("Trời mưa suốt")

    # A name is said wrongly: it is corrected, and heard at once.
    settle(page)
    correct_and_hear(page, "Giulia", "giu lia")
    lexicon = studio.folder / "lang" / "lexicon.tsv"
    assert lexicon.read_text("utf-8") == "Giulia\tgiu lia\n"

    page.get_by_label("Author").fill("Thạch Lam")
    page.get_by_label("Author").press("Tab")
    wait_until(lambda: "Thạch Lam" in settings.read_text("utf-8"))

    page.get_by_role("button", name="Make the audiobook").click()
    listen_from_the_beginning(page)
    text = page.locator("#text").text_content() or ""
    assert text.count("Trời mưa suốt ba ngày.") == 2
    assert "Hôm sau trời nắng" not in text
    assert page.locator(".by").inner_text() == "Thạch Lam"
    book = studio.folder / "lang" / "lang.mp3"
    assert read_provenance(book)

    play_where_the_waveform_is_clicked(page)
    publish(page, "https://example.org/sach")
    assert (tmp_path / "public" / "feed.xml").is_file()


def test_a_sentence_is_heard_and_corrected_in_the_text(
    studio: Served, visit: Callable[..., Page]
) -> None:
    book = studio.add(ARTICLE)
    page = visit(f"{book}/read")
    sentence = page.get_by_role("button", name="Bà Giulia ngồi", exact=False).first
    sentence.focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#voice').currentTime > 0")
    page.get_by_role("button", name="Correct: Ngày 2/9/2025").click()
    page.get_by_role("button", name="24", exact=True).click()
    assert page.get_by_label("How it is said").input_value() == "hai mươi tư"
    page.keyboard.press("Escape")
    page.locator("#correct").wait_for(state="hidden")
    page.get_by_role("button", name="Correct: Bà Giulia").click()
    assert page.get_by_label("What is written").input_value() == "Giulia"
    page.get_by_label("How it is said").fill("giu lia")
    page.get_by_role("button", name="Keep and hear").click()
    page.locator(".reading[title*='giu lia']").wait_for()
    settle(page)
    page.keyboard.press("Escape")
    page.locator("#correct").wait_for(state="hidden")
    assert not page.locator("#correct").is_visible()


def test_the_keyboard_keeps_its_place(studio: Served, visit: Callable[..., Page]) -> None:
    page = visit(studio.add(ARTICLE))
    page.get_by_role("button", name="Read it after all: Trời").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Kept by you").wait_for()
    settle(page)
    focused = page.evaluate("document.activeElement.closest('section')?.innerText ?? ''")
    assert focused.startswith("Left out")
    field = page.get_by_label("Title of chapter 2")
    field.fill("Chương 2: Lụt")
    field.press("Enter")
    page.keyboard.press("Tab")
    until(page, "document.querySelector('#title-2').defaultValue === 'Chương 2: Lụt'")
    assert page.evaluate("document.activeElement !== document.body")


def test_books_are_found_without_accents(studio: Served, visit: Callable[..., Page]) -> None:
    for title in ("Bến đò", "Tắt đèn"):
        studio.add(f"{title}\n\nMột câu.")
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("ben DO")
    until(page, "document.querySelector('#found').textContent === '1 book'")
    assert page.locator("#books > li:visible .title").all_inner_texts() == ["Bến đò"]
    page.get_by_label("Find a book").fill("xyz")
    page.get_by_text("No book is like this.").wait_for()


def test_what_goes_wrong_is_told_where_it_happens(visit: Callable[..., Page]) -> None:
    page = visit(may_fail=True)
    drop(page, "a.exe", b"MZ")
    page.get_by_text("a.exe is not a text that can be read").wait_for()
    page.get_by_label("paste a text").fill("http://127.0.0.1:1/")
    page.get_by_role("button", name="Add", exact=True).click()
    until(page, "document.querySelector('#told.bad').textContent.includes('127.0.0.1')")


@pytest.mark.parametrize(
    ("scheme", "width", "locale"), [("light", 320, "vi-VN"), ("dark", 1280, "en-GB")]
)
def test_is_for_everybody(
    studio: Served, visit: Callable[..., Page], scheme: str, width: int, locale: str
) -> None:
    """No rule of WCAG 2.2 AA that axe can test is broken in any state of any page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(
        "",
        may_fail=True,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale=locale,
        reduced_motion="reduce",
    )

    def check(path: str | None = None) -> None:
        if path is not None:
            page.goto(path)
        settle(page)
        found = axe.run(page).response["violations"]
        assert found == [], (page.url, [(one["id"], one["nodes"][0]["html"]) for one in found])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    check()  # an empty shelf
    book = studio.add(ARTICLE)
    studio.change(f"{book}/keep", beginning="Bác thở dài.", keep=True)
    check("/")
    drop(page, "a.txt", b"", let_go=False)
    page.locator("#veil").wait_for()
    check()
    check(book)
    check(f"{book}/read?chapter=2")
    studio.change(f"{book}/settings", voice="tone")
    studio.change(f"{book}/take", text="Trời mưa suốt ba ngày.", take=2)
    check(f"{book}/read?chapter=2")
    check("/voices")
    check("/podcast")
    check("/queue")
    check("/books/0000000000000000")
    studio.change(f"{book}/build")
    check("/queue")
    wait_until(lambda: studio.ask(f"{book}/listen").status == 200)
    check("/queue")
    check(f"{book}/listen")
    page.locator("#check summary").click()
    page.locator(".verdict").wait_for()
    page.locator(".listen-tools summary").first.click()
    check()
    check("/")
    studio.change("/add/text", text="Một câu.")
    check("/")
