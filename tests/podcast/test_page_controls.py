"""In a real browser: what a listener may want besides playing and reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from heard import SECOND, SPOKEN, hears, second, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from audiobook.podcast.model import Volume

pytest_plugins = ["page_visits"]
pytestmark = in_a_browser

PAUSED = "document.querySelector('audio').paused"
STATUS = "document.querySelector('#player #status').textContent"


def starts(volume: Volume) -> list[float]:
    """Return the seconds at which chapters begin."""
    return [chapter.start / volume.rate for chapter in volume.chapters]


def test_goes_to_the_chapter_before_and_after(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    begins = starts(book[1])
    page = visit_site()
    page.get_by_role("button", name="Chương sau").click()
    until(page, f"Math.abs({SECOND} - {begins[1]}) < 0.01")
    assert page.locator("#now").inner_text() == "Chương 2"
    until(page, f"{STATUS} === 'Chương 2'")
    page.keyboard.press("n")
    until(page, f"Math.abs({SECOND} - {begins[2]}) < 0.01")
    # From the midst of a chapter it is first back to its beginning.
    page.evaluate(f"{SECOND} += 5")
    page.get_by_role("button", name="Chương trước").click()
    until(page, f"Math.abs({SECOND} - {begins[2]}) < 0.01")
    page.keyboard.press("p")
    until(page, f"Math.abs({SECOND} - {begins[1]}) < 0.01")


def test_stops_when_the_time_is_over(visit_site: Callable[..., Page]) -> None:
    page = visit_site("")
    page.clock.install()
    page.goto("books/ben-do/")
    page.keyboard.press("s")
    choice = page.get_by_label("Hẹn giờ tắt", exact=True)
    choice.wait_for()
    assert choice.evaluate("choice => choice === document.activeElement")
    choice.select_option("15")
    page.keyboard.press("Escape")
    page.locator("#play").click()
    until(page, f"{SECOND} > 0.2")
    page.clock.fast_forward("14:50")
    assert not page.evaluate(PAUSED)
    assert page.locator("#sleeping").inner_text().startswith("0:")
    page.clock.fast_forward("00:11")
    until(page, PAUSED)
    assert page.evaluate(STATUS) == "Đã dừng đọc theo giờ hẹn."
    assert choice.input_value() == ""
    assert not page.locator("#sleeping").inner_text()


def test_stops_at_the_end_of_the_chapter(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    begins = starts(book[1])
    page = visit_site()
    page.locator("#more").click()
    page.get_by_label("Hẹn giờ tắt", exact=True).select_option(label="khi hết chương")
    page.keyboard.press("Escape")
    page.evaluate(f"{SECOND} = {begins[1] - 1}")
    until(page, "!document.querySelector('audio').seeking")
    page.locator("#play").click()
    until(page, f"{STATUS} === 'Đã dừng đọc theo giờ hẹn.'")
    assert page.evaluate(PAUSED)
    assert second(page) == pytest.approx(begins[1], abs=0.01)
    # It holds for one chapter.
    page.locator("#play").click()
    until(page, f"{SECOND} > {begins[1] + 0.3}")


def test_keeps_bookmarks(visit_site: Callable[..., Page]) -> None:
    page = visit_site()
    sentence = page.locator(SPOKEN).nth(12)
    sentence.click()
    hears(page, sentence.text_content())
    page.keyboard.press("Space")
    until(page, PAUSED)
    position = second(page)
    page.keyboard.press("b")
    until(page, f"{STATUS}.startsWith('Đã đánh dấu ở')")
    page.keyboard.press("Home")
    page.evaluate(f"{SECOND} = 2")
    page.locator("#more").click()
    page.get_by_role("button", name="Đánh dấu chỗ này").click()
    page.reload()
    page.locator("#more").click()
    marks = page.locator("#bookmarks li")
    assert marks.count() == 2
    page.get_by_role("button", name=f"Đến 0:{int(position):02}: {sentence.text_content()}").click()
    until(page, f"{SECOND} >= {position - 0.1} && !{PAUSED}")
    page.get_by_role("button", name="Xóa dấu trang ở 0:02").click()
    assert marks.count() == 1
    # The keyboard stays where it was, in the list.
    assert page.evaluate("document.activeElement.closest('#bookmarks') !== null")
    page.get_by_role("button", name="Xóa dấu trang ở").click()
    assert page.get_by_text("Chưa có dấu trang nào.").is_visible()
    assert page.evaluate("document.activeElement.id") == "mark"


def test_turns_the_sound_down_and_off(visit_site: Callable[..., Page]) -> None:
    page = visit_site()
    page.keyboard.press("m")
    until(page, "document.querySelector('audio').muted")
    page.locator("#more").click()
    page.get_by_role("button", name="Bật tiếng").click()
    until(page, "!document.querySelector('audio').muted")
    page.get_by_label("Âm lượng", exact=True).fill("0.3")
    until(page, "document.querySelector('audio').volume === 0.3")
    page.reload()
    until(page, "document.querySelector('audio').volume === 0.3")


def test_tells_what_is_left_of_the_book(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    page = visit_site()
    seconds = int(book[1].seconds)
    rest = page.locator("#rest")
    assert rest.inner_text() == f"còn {seconds // 60}:{seconds % 60:02} cả cuốn"
    page.select_option("#speed", "2")
    half = int(book[1].seconds / 2)
    assert rest.inner_text() == f"còn {half // 60}:{half % 60:02} cả cuốn"


def test_says_that_the_sound_is_loading(visit_site: Callable[..., Page]) -> None:
    page = visit_site("subscribe.html")
    # What a worker asks for could not be held back here.
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    is_held = [True]
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if is_held:
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/*.mp3", hold)
    page.goto("books/ben-do/")
    page.locator("#play").click()
    until(page, f"{STATUS} === 'Đang tải âm thanh …'")
    assert page.locator("#player #status").get_attribute("role") == "status"
    is_held.clear()
    for route in waiting:
        route.continue_()
    until(page, f"{SECOND} > 0.1")
    assert not page.evaluate(STATUS)


def test_everything_has_a_name(visit_site: Callable[..., Page]) -> None:
    """No rule of WCAG 2.2 AA is broken by the options, on the narrowest screen either."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit_site(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page.keyboard.press("b")
    page.locator("#more").click()
    page.locator("#options").wait_for()
    assert axe.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    box = page.locator("#options").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] >= 0


def test_nothing_moves_while_a_page_loads(visit_site: Callable[..., Page]) -> None:
    page = visit_site("")
    page.add_init_script(
        """window.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("", "books/ben-do/", "subscribe.html", "books/ben-do/subscribe.html"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.shift") < 0.005, (path, width)
