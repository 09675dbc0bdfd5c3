"""In a real browser: whatever a book is called stays text on every page, and every page fits."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from browsing import in_a_browser
from settling import settle, until
from studios import wait_until

from audiobook.config.writing import write_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page
    from studios import Served

pytest_plugins = ["visiting"]
pytestmark = in_a_browser
WIDTH = 320
TITLES = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><a href='javascript:alert(3)'>`",
    "</title></script><svg onload=alert(4)> {{ 77 * 77 }} {% raw %} ${77*77}",
    "\u202eđảo ngược \u2067مرحبا\u200f 👩‍👩‍👧‍👦🇻🇳 Z̷̢̛a̵l̶g̸o̶",
    "Dài" * 3_334,
)


def visible(text: str) -> str:
    """Return a text without signs that only say how others are shown, and without its spaces."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf" and sign.strip())


def make_books(studio: Served) -> Iterator[tuple[str, str]]:
    """Add a book of each title, which is its author, its chapters and its text, too."""
    for number, title in enumerate(TITLES):
        book = studio.add(
            f"Sách {number}\n\nChương 1: {title}\n\nGiulia: {title}.\n\nChương 2\n\nHết."
        )
        folder: Path = max(studio.folder.glob("Sách*"), key=lambda path: path.stat().st_ctime_ns)
        write_settings(folder / "book.toml", {"title": title, "author": title, "voice": "tone"})
        yield book, title


def test_no_title_is_more_than_text(studio: Served, visit: Callable[..., Page]) -> None:
    page = visit("", viewport={"width": WIDTH, "height": 800})

    def look(path: str) -> None:
        page.goto(path)
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, page.url
        # Nothing of ours is loaded from a title, and no title is cut in the midst of its signs.
        assert page.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0
        assert "5929" not in page.locator("main").inner_text()

    books = list(make_books(studio))
    look("/")
    for book, _ in books:
        look(book)
        look(f"{book}/read")
        assert studio.change(f"{book}/build").status == 200
    look("/queue")
    wait_until(lambda: all(studio.ask(f"{book}/listen").status == 200 for book, _ in books))
    look("/queue")
    for book, title in books:
        look(f"{book}/listen")
        assert visible(page.locator("h1").inner_text()).startswith(visible(title)[:20])
        assert studio.change(f"{book}/podcast", **{"in": True}).status == 200
    look("/")
    until(page, f"document.querySelectorAll('#books > li').length === {len(TITLES)}")
    look("/podcast")
