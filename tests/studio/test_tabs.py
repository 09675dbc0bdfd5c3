"""In a real browser: several tabs on one book, and a program that was killed under a page."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from browsing import in_a_browser
from serving import running, stop
from settling import settle, until
from studios import ARTICLE, LONG, Served, opened, wait_until

from audiobook.studio.memory import read_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytest_plugins = ["visiting"]
pytestmark = in_a_browser


def look_away(page: Page, *, away: bool) -> None:
    """Act as if another tab of the window was chosen, or this one again."""
    page.evaluate(
        """(away) => {
          Object.defineProperty(document, "hidden", { value: away, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


def settings_of(studio: Served) -> dict[str, Any]:
    settings = next(studio.folder.glob("[!.]*")) / "book.toml"
    return tomllib.loads(settings.read_text("utf-8")) if settings.is_file() else {}


def test_two_tabs_do_not_undo_each_other(studio: Served, visit: Callable[..., Page]) -> None:
    book = studio.add(ARTICLE)
    first, second = visit(book), visit(book)
    first.get_by_role("checkbox", name="Chương 1").uncheck()
    settings = next(studio.folder.glob("[!.]*")) / "book.toml"
    wait_until(settings.exists)
    second.get_by_role("checkbox", name="Chương 3").uncheck()
    wait_until(lambda: "Chương 3" in settings.read_text("utf-8"))
    second.get_by_label("Title", exact=True).fill("Làng")
    second.get_by_label("Title", exact=True).press("Tab")
    wait_until(lambda: "Làng" in settings.read_text("utf-8"))
    chosen = tomllib.loads(settings.read_text("utf-8"))
    assert chosen["leave_out"] == ["Chương 1: Gió", "Chương 3: Nắng"]
    # A build that one of them begins is seen in the other.
    first.get_by_role("button", name="Make the audiobook").click()
    second.locator("#made a").wait_for()


def test_tabs_that_change_at_once_lose_nothing(studio: Served, visit: Callable[..., Page]) -> None:
    book = studio.add(ARTICLE)
    tabs = [visit(book) for _ in range(3)]
    for number, tab in enumerate(tabs, 1):
        tab.evaluate(f"document.querySelector('#read-{number}').click()")
        tab.get_by_label(f"Title of chapter {number}").evaluate(
            f"(field) => {{ field.value = 'Hồi {number}';"
            " field.dispatchEvent(new Event('change', { bubbles: true })); }"
        )
    wait_until(lambda: len(settings_of(studio).get("leave_out", [])) == len(tabs))
    wait_until(lambda: len(settings_of(studio).get("titles", {})) == len(tabs))
    assert set(settings_of(studio)["titles"].values()) == {"Hồi 1", "Hồi 2", "Hồi 3"}


def test_a_change_is_seen_in_the_other_tab(studio: Served, visit: Callable[..., Page]) -> None:
    book = studio.add(ARTICLE)
    first, second = visit(book), visit(book)
    look_away(second, away=True)
    first.get_by_role("checkbox", name="Chương 3").uncheck()
    first.get_by_role("button", name="Read it after all: Trời").click()
    for label, value in (("Author", "Thạch Lam"), ("Title", "Gió"), ("How Giulia is said", "giu")):
        first.get_by_label(label, exact=True).fill(value)
        first.get_by_label(label, exact=True).press("Tab")
    first.get_by_label("Speed").fill("1.5")
    first.get_by_label("Voice that reads").select_option("saigon")
    wait_until(lambda: {"voice", "title", "author", "speed"} <= settings_of(studio).keys())
    wait_until(lambda: list(studio.folder.rglob("lexicon.tsv")))
    # What is being written there is not lost.
    second.get_by_label("Narrator").fill("An")
    look_away(second, away=False)
    until(second, "document.querySelector('#meta-author').value === 'Thạch Lam'")
    until(second, "document.querySelector('#read-3')?.checked === false")
    second.get_by_role("heading", name="Kept by you").wait_for()
    until(second, "Boolean(document.querySelector('[data-forget=Giulia]'))")
    until(second, "document.querySelector('#speed-shown').textContent === '1.50×'")
    values = "[...document.querySelectorAll('#meta-title, #voice-name')].map((one) => one.value)"
    assert set(second.evaluate(values)) == {"Gió", "saigon"}
    assert second.get_by_label("Narrator").input_value() == "An"
    settle(second)
    second.get_by_label("Narrator").press("Tab")
    wait_until(lambda: settings_of(studio).get("narrator") == "An")
    assert settings_of(studio)["author"] == "Thạch Lam"


def test_the_page_of_a_killed_program_shows_how_the_next_goes_on(
    tmp_path: Path, browser: Browser
) -> None:
    folder, cache = tmp_path / "books", tmp_path / "cache"
    folder.mkdir()
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    with running(folder, "--no-open", name="studio") as (process, url):
        book = Served(url, folder).add(LONG)
        page.goto(f"{url}queue")
        page.evaluate("window.isOld = true")
        Served(url, folder).change(f"{book}/build")
        page.locator("[data-stage=recording]").wait_for(timeout=60_000)
        wait_until(lambda: any(cache.rglob("*.recording")))
        process.kill()
        process.wait()
    assert read_memory(folder).queue
    port = url.rstrip("/").rpartition(":")[2]
    with running(folder, "--no-open", "--port", port, name="studio") as (process, _):
        until(page, "window.isOld === undefined && document.readyState === 'complete'")
        page.get_by_role("link", name="Listen to").wait_for(timeout=60_000)
        page.get_by_role("link", name="Listen to").click()
        page.get_by_role("button", name="Listen from the beginning").wait_for(timeout=60_000)
        context.close()
        assert stop(process)[0] == 130


@in_a_browser
def test_a_page_says_that_the_program_has_ended(tmp_path: Path, browser: Browser) -> None:
    with opened(tmp_path / "books") as studio:
        page = browser.new_page(locale="en-GB")
        page.goto(studio.url)
        settle(page)
    told = "document.querySelector('#told').textContent"
    until(page, f"{told}.startsWith('The program does not answer')")
    page.context.close()
