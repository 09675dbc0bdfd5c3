"""A small site that the tone voice has read, opened in a real browser: nothing may go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from heard import HOSTILE_TITLE, PATIENCE, TEXT
from serving import running

from audiobook.app.build import build
from audiobook.config import load_voice
from audiobook.model import Cast, Job, Meta, Sound
from audiobook.podcast import site, volumes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from audiobook.podcast.model import Volume


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Volume]]:
    """The address of a site, and the book on it that the tone voice has read."""
    folder = tmp_path_factory.mktemp("listening")
    voice = load_voice("tone")
    for title, text in (("Bến đò", TEXT), (HOSTILE_TITLE, "Một câu.")):
        source = folder / "a.txt"
        source.write_text(text, "utf-8")
        job = Job(
            source=str(source),
            folder=folder / "books",
            cast=Cast(voice),
            sound=Sound(rate=voice.rate),
            meta=Meta(title=title, author="Thạch Lam", language="vi"),
            workers=2,
            cache=folder / "cache",
        )
        build(job).path.rename(folder / "books" / f"{title.strip('</>')[:6]}.mp3")
    site.write(folder / "books", url="http://127.0.0.1:1")
    with running(folder / "books") as (_, url):
        yield url, volumes.with_cover_and_cues(volumes.read_volume(folder / "books" / "Bến đò.mp3"))


@pytest.fixture
def visit_site(book: tuple[str, Volume], browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages of the site as a new visitor; nothing may go wrong on any of them."""
    wrong: list[str] = []
    contexts = []

    def ask(url: str) -> None:
        if not url.startswith(book[0]):
            wrong.append(f"asked for {url}")

    def open_page(path: str = "books/ben-do/", **options: Any) -> Page:
        options = {"viewport": {"width": 390, "height": 844}} | options
        context = browser.new_context(base_url=book[0], **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda request: ask(request.url))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
