"""The podcast of a studio on a phone: by a code on the page, from a server of its own."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest
import segno
from browsing import in_a_browser
from feedparser import parse
from PIL import Image
from settling import settle
from studios import Served, opened, wait_until

from audiobook.app import home
from audiobook.app.build import build
from audiobook.config import make_job
from audiobook.podcast import site
from audiobook.studio.library import PODCAST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytest_plugins = ["visiting"]


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is in a network, and whose usual port is taken."""
    server = "audiobook.podcast.serving.server"
    monkeypatch.setattr(f"{server}.local_network_address", lambda: "127.0.0.2")
    monkeypatch.setattr("audiobook.studio.sharing._PORT", 0)


def add_book(studio: Served, name: str) -> None:
    """Put a book among those of the podcast."""
    folder = studio.folder / PODCAST
    folder.mkdir(exist_ok=True)
    source = folder.parent / f"{name}.txt"
    source.write_text(f"{name}\n\nMột câu.", "utf-8")
    build(make_job(str(source), folder=folder, stem=name, voice="hanoi"))


def feed_of(studio: Served) -> str:
    """Return the address of the feed that the page shows; empty if it shows none."""
    match = re.search(r"http://127\.0\.0\.2:\d+/feed\.xml", studio.ask("/part/podcast").text)
    return match[0] if match else ""


def modules_of(picture: bytes) -> tuple[bytearray, ...]:
    """Return the modules of a code as a camera sees them, without the quiet border: 1 is dark."""
    grey = Image.open(BytesIO(picture)).convert("L")
    dark = grey.point(lambda level: 255 * (level < 128)).getbbox()
    assert dark
    code = grey.crop(dark)
    # The eye at the top left has seven modules, the first row of which is dark.
    eye = next(at for at in range(code.width) if code.getpixel((at, 2)) > 128)  # type: ignore[operator]
    count = round(code.width / (eye / 7))
    middles = [(number + 0.5) * code.width / count for number in range(count)]
    return tuple(
        bytearray(int(code.getpixel((int(x), int(y))) < 128) for x in middles)  # type: ignore[operator]
        for y in middles
    )


@in_a_browser
def test_a_phone_is_shown_the_way(studio: Served, visit: Callable[..., Page]) -> None:
    add_book(studio, "làng")
    site.write(studio.folder / PODCAST, url="https://example.org/sach")
    published = (studio.folder / PODCAST / site.FOLDER / "feed.xml").read_bytes()
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit("/podcast", viewport={"width": 320, "height": 800})
    page.get_by_role("button", name="Play on my phone").focus()
    page.keyboard.press("Enter")
    stop = page.get_by_role("button", name="Stop playing on phones")
    stop.wait_for()
    settle(page)
    assert page.evaluate("document.activeElement.id") == "share"
    feed = feed_of(studio)
    subscribe = feed.replace("feed.xml", "subscribe.html")
    code = page.get_by_role("img", name="QR code of the page of the podcast")
    assert modules_of(code.screenshot()) == segno.make_qr(subscribe, error="m").matrix
    assert httpx.get(subscribe).status_code == 200
    assert code.bounding_box()["width"] > 200  # type: ignore[index]
    assert axe.run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("document.documentElement.style.fontSize = ''")

    (entry,) = parse(httpx.get(feed).content).entries
    sound = httpx.get(entry.enclosures[0].href, headers={"range": "bytes=0-2"})
    assert (sound.status_code, sound.content) == (206, b"ID3")
    assert (studio.folder / PODCAST / site.FOLDER / "feed.xml").read_bytes() == published
    # It is no way into the studio.
    assert httpx.get(feed.replace("feed.xml", "podcast")).status_code == 404
    assert httpx.post(feed.replace("feed.xml", "podcast/share"), json={}).status_code == 405

    stop.click()
    page.get_by_role("button", name="Play on my phone").wait_for()
    with pytest.raises(httpx.ConnectError):
        httpx.get(feed)


def test_phones_hear_of_books_that_come_and_go(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        refused = studio.change("/podcast/share", on=True)
        assert (refused.status, "no book is in the podcast" in refused.text) == (422, True)
        add_book(studio, "làng")
        assert studio.change("/podcast/share", on=True).status == 200
        feed = feed_of(studio)
        address = studio.add("Sông\n\nMột câu.")
        studio.change(f"{address}/build")
        wait_until(lambda: studio.ask(f"{address}/listen").status == 200)
        assert studio.change(f"{address}/podcast", **{"in": True}).status == 200
        assert {entry.title for entry in parse(httpx.get(feed).content).entries} == {"làng", "Sông"}
        assert ">Sông</a>" in studio.ask("/part/podcast").text
        for path in sorted((studio.folder / PODCAST).glob("*.mp3")):
            assert feed_of(studio) == feed
            studio.change("/podcast/remove", file=path.name)
        assert not feed_of(studio)
        add_book(studio, "làng")
        assert studio.change("/podcast/share", on=True).status == 200
        feed = feed_of(studio)
        assert httpx.get(feed).status_code == 200
    with pytest.raises(httpx.ConnectError):  # with the studio it ends
        httpx.get(feed)


def test_without_a_network_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = "audiobook.podcast.serving.server"
    monkeypatch.setattr(f"{server}.local_network_address", lambda: "127.0.0.1")
    with opened(tmp_path / "books") as studio:
        add_book(studio, "làng")
        refused = studio.change("/podcast/share", on=True)
        assert refused.status == 422
        assert "this machine is in no network" in refused.text


def test_what_becomes_private_is_so_at_once(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        add_book(studio, "làng")
        studio.change("/podcast/share", on=True)
        feed = feed_of(studio)
        home.listeners_of(studio.folder / PODCAST).add("Lan")
        assert httpx.get(feed).status_code == 404
        add_book(studio, "sông")
        (path,) = (studio.folder / PODCAST).glob("làng.mp3")
        assert studio.change("/podcast/remove", file=path.name).status == 200
        assert not feed_of(studio)
