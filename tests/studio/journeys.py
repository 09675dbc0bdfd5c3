"""What people do on their way from a text to a podcast, in a real browser."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from settling import settle, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

SECOND = "document.querySelector('#player audio').currentTime"
CURRENT = "document.querySelector('#text [aria-current]')?.textContent"


def drop(page: Page, name: str, content: bytes, *, let_go: bool = True) -> None:
    """Drop a file on the page, or only hold it over it."""
    page.evaluate(
        """([name, content, kinds]) => {
          const data = new DataTransfer();
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name));
          for (const kind of kinds)
            document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, dataTransfer: data }));
        }""",
        [
            name,
            base64.b64encode(content).decode(),
            ["dragenter", "dragover", *(["drop"] if let_go else [])],
        ],
    )


def open_dropped(page: Page, name: str, content: bytes, title: str) -> None:
    """Drop a file, and wait for the page of its book."""
    drop(page, name, content)
    page.wait_for_url("**/books/*")
    settle(page)
    until(page, f"document.querySelector('#book-title').innerText === {title!r}")


def correct_and_hear(page: Page, word: str, spoken: str) -> None:
    """Write how a doubtful word is said, and hear it."""
    field = page.get_by_label(f"How {word} is said")
    field.fill(spoken)
    field.press("Tab")
    until(page, f"document.body.dataset.heard === {word!r}")
    until(page, "document.querySelector('#voice').currentTime > 0")


def listen_from_the_beginning(page: Page) -> None:
    """Go to the player of a book that is made, and hear it; the text follows."""
    page.locator("#made a").click()
    page.get_by_role("button", name="Listen from the beginning").click()
    until(page, f"{SECOND} > 0.2")
    until(page, f"Boolean({CURRENT})")


def play_where_the_waveform_is_clicked(page: Page) -> None:
    """Pause, and click the middle of the drawing that the check shows."""
    page.get_by_role("button", name="Pause").first.click()
    page.locator("#check summary").click()
    page.locator(".verdict").wait_for()
    page.locator("#check .plot svg").click()
    middle = "document.querySelector('#player audio').duration / 2"
    until(page, f"{SECOND} > 0.95 * {middle} && {SECOND} < {middle} + 20")
    until(page, "!document.querySelector('#player audio').paused")
    page.get_by_role("button", name="Pause").first.click()


def publish(page: Page, address: str) -> None:
    """Add the book that is shown to the podcast, write the feed, and publish it."""
    page.get_by_text("Download and share").click()
    page.get_by_role("button", name="Add this book to the podcast").click()
    page.get_by_role("button", name="Take this book out").wait_for()
    page.goto("/podcast")
    page.get_by_label("Address").fill(address)
    page.get_by_role("button", name="Write the feed").click()
    page.get_by_text(f"{address}/feed.xml", exact=True).wait_for()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("files sent").wait_for()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Everything there is up to date").wait_for()
