"""In a real browser: what a page shows at once when something changes, and where the focus is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import in_a_browser
from settling import settle, until
from studios import ARTICLE, Served

from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.system import downloads

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from playwright.sync_api import Page

pytest_plugins = ["visiting"]
pytestmark = in_a_browser
MANY = "Sách\n\n" + "".join(f"Chương {number}: Đoạn\n\nMột câu.\n\n" for number in range(1, 20))
FOCUSED = "document.activeElement.id"


def test_a_book_of_no_chapters_is_not_made(studio: Served, visit: Callable[..., Page]) -> None:
    page = visit(studio.add(ARTICLE))
    page.get_by_role("button", name="None").click()
    page.get_by_text("Choose at least one chapter.").wait_for()
    build = page.get_by_role("button", name="Make the audiobook")
    assert page.locator("[data-chapter-key]:checked").count() == 0
    assert not build.is_enabled()
    page.get_by_role("checkbox", name="Chương 2").check()
    until(page, "!document.querySelector('#nothing-chosen')")
    settle(page)
    assert build.is_enabled()
    page.get_by_role("checkbox", name="Chương 2").uncheck()
    page.get_by_text("Choose at least one chapter.").wait_for()
    until(page, "document.querySelector('#build').ariaDisabled === 'true'")


def test_a_long_list_is_shown_whole_when_asked(studio: Served, visit: Callable[..., Page]) -> None:
    page = visit(studio.add(MANY))
    rows = page.locator(".chapters > li:visible")
    shown = rows.count()
    total = page.locator(".chapters > li").count()
    assert shown < total
    page.get_by_role("button", name=f"Show all {total}").click()
    assert rows.count() == total
    assert page.evaluate(FOCUSED) == f"read-{shown + 1}"


def test_a_book_is_heard_as_soon_as_it_is_made(studio: Served, visit: Callable[..., Page]) -> None:
    page = visit(studio.add("Một câu."))
    page.get_by_role("button", name="Make the audiobook").focus()
    page.keyboard.press("Enter")
    page.locator("#listen").wait_for()
    until(page, "document.querySelector('#build').ariaDisabled === null")
    assert page.locator("#listen-tab").is_visible()
    assert page.locator(".summary .pill.main").all_inner_texts() == ["Listen"]
    assert page.evaluate(FOCUSED) == "build"
    page.get_by_label("Author").fill("Nam Cao")
    page.get_by_label("Author").press("Tab")
    page.get_by_text("have changed since the book was made").wait_for()


def test_a_failed_fetch_is_told_in_the_language_of_the_page(
    visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OutputError(message("recording was stopped"), message("make room"))

    monkeypatch.setattr(downloads, "fetch", fail)
    page = visit("/voices", locale="vi-VN")
    page.locator("#fetch-vais1000").focus()
    page.keyboard.press("Enter")
    page.locator(".voices .problem").wait_for()
    assert "recording" not in page.locator(".voices .problem").inner_text()
    settle(page)
    assert page.evaluate(FOCUSED) == "fetch-vais1000"


def test_another_word_has_another_reading(studio: Served, visit: Callable[..., Page]) -> None:
    page = visit(f"{studio.add(ARTICLE)}/read")
    page.get_by_role("button", name="Correct: Bà Giulia").click()
    assert page.get_by_label("How it is said").input_value()
    page.get_by_label("What is written").fill("gốc đa")
    assert page.get_by_label("How it is said").input_value() == ""
    page.get_by_label("What is written").fill("Giulia")
    assert page.get_by_label("How it is said").input_value()


def test_listening_goes_on_where_it_stopped(studio: Served, visit: Callable[..., Page]) -> None:
    book = studio.add(MANY)
    page = visit(book)
    page.get_by_role("button", name="Make the audiobook").click()
    page.locator("#listen").click()
    page.locator("#text p").last.click()
    until(page, "document.querySelector('#player audio').currentTime > 5")
    # A place that is only sought is kept when it is reached.
    until(page, "!document.querySelector('#player audio').seeking")
    until(page, "document.querySelector('#player audio').played.length")
    page.reload()
    current = "document.querySelector('#text [aria-current]')"
    until(page, f"{current}?.getBoundingClientRect().bottom < innerHeight && scrollY > 0")
    # Sentences are reached by the keyboard, one after the other.
    page.locator("#text [tabindex='0']").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.matches('#text [data-at]')")
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('#player audio').paused")


def test_a_link_to_a_setting_leads_to_its_very_field(
    studio: Served, visit: Callable[..., Page]
) -> None:
    book = studio.add("Một câu.")
    (source,) = studio.folder.rglob("*.txt")
    source.with_name("book.toml").write_text("[pauses]\nscene = 99\n")
    page = visit(book, may_fail=True)
    field = page.get_by_label("after a scene")
    assert not field.is_visible()
    for key in ("Enter", "Enter"):  # also when the address names it already
        page.locator("#wrong a").focus()
        page.keyboard.press(key)
        until(page, f"{FOCUSED} === 'pause-scene'")
        assert field.is_visible()
    field.fill("2,5")
    field.press("Tab")
    until(page, "!document.querySelector('#wrong')")
    settle(page)
    assert page.locator("[data-title-key]").count() == 1
    until(page, f"{FOCUSED} === 'pause-scene'")


def test_what_was_accepted_together_is_undone_by_the_keyboard(
    studio: Served, visit: Callable[..., Page]
) -> None:
    page = visit(studio.add("Trưòng học đóng cửa. Ngưòi ta đi về. Những những con sông."))
    page.locator("#take-sure").focus()
    page.keyboard.press("Enter")
    page.locator("#undo-together").focus()
    page.keyboard.press("Enter")
    page.locator("#take-sure").wait_for()
    settle(page)
    assert page.evaluate("document.activeElement !== document.body")


def test_voices_are_described_in_the_language_of_the_page(visit: Callable[..., Page]) -> None:
    page = visit("/voices", locale="vi-VN", viewport={"width": 320, "height": 800})
    described = page.locator("li:has(#voice-sano) p").first.inner_text()
    assert described.startswith("Giọng miền Bắc, tự nhiên")
    assert "nơ-ron" not in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
