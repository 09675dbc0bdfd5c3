"""The page that tells how to subscribe: links into programs, the address, its code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from lxml import html

from audiobook.podcast import pages
from audiobook.podcast.model import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from audiobook.podcast.model import Volume

pytest_plugins = ["page_visits"]

ROOT = "https://example.org/sach"


def render(title: str = "Tủ sách", language: str = "vi") -> html.HtmlElement:
    """Return the page of a library."""
    library = Library(title=title, language=language)
    page = pages.render_subscribe(library, "subscribe.html", "feed.xml", root=ROOT)
    return html.document_fromstring(page.encode())


def test_links_are_what_programs_take() -> None:
    links = render().xpath("//*[@data-scheme]")
    assert {link.text: link.get("href") for link in links} == {
        "Apple Podcasts": "podcast://example.org/sach/feed.xml",
        "Overcast": (
            "overcast://x-callback-url/add?url=https%3A%2F%2Fexample.org%2Fsach%2Ffeed.xml"
        ),
        "Pocket Casts": "pktc://subscribe/example.org/sach/feed.xml",
        "AntennaPod": "antennapod-subscribe://example.org/sach/feed.xml",
        "gPodder": "gpodder://example.org/sach/feed.xml",
    }


def test_the_address_can_be_read_and_scanned() -> None:
    page = render()
    assert page.xpath("string(//*[@id='address'])") == f"{ROOT}/feed.xml"
    assert page.xpath("//figure//*[@role='img']/@aria-label") == ["Mã QR của địa chỉ"]
    assert page.xpath("//figure//*[name()='svg']/*[name()='path']/@fill") == ["#fff"]


def test_an_address_that_leads_nowhere_has_no_code() -> None:
    library = Library(title="Tủ sách")
    root = "http://0a1b.invalid"
    text = pages.render_subscribe(library, "subscribe.html", "feed.xml", root=root)
    page = html.document_fromstring(text.encode())
    assert not page.xpath("//figure")
    assert page.xpath("string(//*[@id='address'])") == f"{root}/feed.xml"


def test_a_title_is_no_markup() -> None:
    page = render("<script>alert(1)</script>")
    assert page.xpath("string(//h1)") == "Đăng ký: <script>alert(1)</script>"
    assert len(page.xpath("//script")) == len(render().xpath("//script"))


@pytest.mark.parametrize(
    ("language", "words", "heading"),
    [
        ("vi", "vi", "Đăng ký: Tủ sách"),
        ("en-GB", "en", "Subscribe: Tủ sách"),
        ("fr", "en", "Subscribe: Tủ sách"),
    ],
)
def test_the_words_are_those_of_the_library(language: str, words: str, heading: str) -> None:
    page = render(language=language)
    assert page.get("lang") == words
    assert page.xpath("string(//h1)") == heading


@in_a_browser
def test_both_feeds_have_their_page(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    page = visit_site("")
    page.get_by_role("link", name="Đăng ký podcast").click()
    assert page.locator("#address").inner_text() == f"{book[0]}feed.xml"
    # The links open what stands there, though the site was written for another address.
    here = f"antennapod-subscribe://{book[0].removeprefix('http://')}feed.xml"
    page.locator(f"a[href='{here}']", has_text="AntennaPod").wait_for()
    page.goto("books/ben-do/")
    page.get_by_role("link", name="Đăng ký podcast").click()
    assert page.locator("#address").inner_text() == f"{book[0]}books/ben-do/feed.xml"
    page.get_by_role("link", name="Bến đò").click()
    assert page.locator("#player").is_visible()


@in_a_browser
def test_copies_the_address(book: tuple[str, Volume], visit_site: Callable[..., Page]) -> None:
    page = visit_site("subscribe.html", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sao chép địa chỉ").click()
    page.get_by_text("Đã sao chép", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{book[0]}feed.xml"


@in_a_browser
def test_where_nothing_may_be_copied_the_address_is_selected(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    page = visit_site("subscribe.html")
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    page.evaluate("() => { document.execCommand = () => false; }")
    page.get_by_role("button", name="Sao chép địa chỉ").click()
    page.get_by_text(re.compile("^Trình duyệt không cho sao chép")).wait_for()
    assert page.evaluate("getSelection().toString()") == f"{book[0]}feed.xml"


@in_a_browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_is_for_everybody(visit_site: Callable[..., Page], scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit_site(
        "subscribe.html", viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    assert axe.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@in_a_browser
def test_is_whole_without_scripts(
    book: tuple[str, Volume], visit_site: Callable[..., Page]
) -> None:
    page = visit_site("subscribe.html", java_script_enabled=False)
    assert page.get_by_text(f"{book[0]}feed.xml").is_visible()
    assert page.get_by_role("link", name="AntennaPod").is_visible()
    assert not page.get_by_role("button", name="Sao chép địa chỉ").is_visible()
