"""Measures what the pages of a podcast cost a visitor: bytes, shifts, and when the page is there.

A library of BOOKS (500) small books, each with a cover of its own, and one novel among them, is
published by the real commands and opened in Chromium: on a desktop, and on a phone whose network
gives 1.6 Mbit/s after 150 ms. KEEP names a folder to keep the library in for the next run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from figures import show
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from audiobook.model import Meta

sys.path.append(str(Path(__file__).parents[1] / "tests"))
sys.path.append(str(Path(__file__).parents[1] / "tests" / "podcast"))
from browsing import CHROMIUM
from serving import running
from stubs import SENTENCES, make_book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

BOOKS = int(os.environ.get("BOOKS", "500"))
URL = "https://example.org/sach"
NOVEL = "sach-0000"
_SIDE = 1400
_CHAPTERS, _SENTENCES = 30, 80
_SLOW = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 1e5}
_SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 412, "height": 823},
        "device_scale_factor": 1.75,
        "is_mobile": True,
        "has_touch": True,
    },
}
# Counts shifts of the layout, and remembers when the largest picture or text was painted.
_WATCH = """
  window.seen = { shift: 0, largest: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.largest = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
"""
_SHOWN = """
  [...document.images].filter((image) => {
    const box = image.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  }).every((image) => image.complete && image.naturalWidth)
"""


@dataclass(slots=True)
class Visit:
    """What a visitor's browser measured."""

    first: int
    """Bytes until the first screen was shown."""
    quiet: int
    """Bytes until nothing more was asked for, without scrolling."""
    scrolled: int
    """Bytes after scrolling to the end."""
    shift: float
    """The sum of layout shifts, of which Chromium calls up to 0.1 good."""
    largest: float
    """Seconds until the largest picture or text was painted."""


def make_cover(number: int) -> bytes:
    """Return a cover with as much detail as a photograph, about 330 kB."""
    chance = np.random.default_rng(number)
    colours = Image.fromarray(chance.integers(0, 255, (5, 5, 3), np.uint8))
    picture = np.asarray(colours.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC), np.int16)
    grain = chance.normal(0, 26, (_SIDE // 2, _SIDE // 2, 1)).repeat(2, 0).repeat(2, 1)
    image = Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 120, 1280, 480), fill="white")
    draw.text((160, 200), f"SACH SO {number}", fill="black", font_size=140)
    file = BytesIO()
    image.save(file, "JPEG", quality=68)
    return file.getvalue()


def _make(place: tuple[Path, int]) -> None:
    folder, number = place
    meta = Meta(
        title=f"Sách số {number}",
        author="Nguyễn An",
        narrator="Hà Nội",
        language="vi",
        cover=make_cover(number),
    )
    path = folder / f"sach-{number:04}.mp3"
    if number:
        make_book(path, meta)
        return
    titles = [f"Chương {chapter}" for chapter in range(1, _CHAPTERS + 1)]
    sentences = [SENTENCES[index % 2] for index in range(_SENTENCES)]
    make_book(path, meta, titles, sentences=sentences, length=40 * _SENTENCES)


def make_library(folder: Path) -> None:
    """Fill a folder with the books, and write their site."""
    folder.mkdir(parents=True, exist_ok=True)
    todo = [
        (folder, number)
        for number in range(BOOKS)
        if not (folder / f"sach-{number:04}.mp3").exists()
    ]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_make, todo, chunksize=8))
    command = [sys.executable, "-m", "audiobook", "feed", str(folder), "--url", URL]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _opened(
    browser: Browser, url: str, screen: str, *, slow: bool
) -> Iterator[tuple[Page, dict[str, int]]]:
    """Open an address as a new visitor, and count the bytes that come over the network."""
    # What a service worker fetches would not count.
    context = browser.new_context(service_workers="block", **_SCREENS[screen])
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    if slow:
        network.send("Network.emulateNetworkConditions", _SLOW)
    count = {"bytes": 0}

    def add(event: dict[str, Any]) -> None:
        count["bytes"] += int(event["encodedDataLength"])

    network.on("Network.dataReceived", add)
    page.add_init_script(_WATCH)
    page.goto(url, wait_until="commit")
    yield page, count
    context.close()


def _wait(page: Page, expression: str) -> None:
    for _ in range(1200):
        if page.evaluate(f"document.readyState !== 'loading' && ({expression})"):
            return
        page.wait_for_timeout(50)
    sys.exit(f"the page never came to {expression}")


def _rest(page: Page, count: dict[str, int]) -> int:
    """Wait until nothing has come for a second, and return the bytes until then."""
    last = -1
    while last != count["bytes"]:
        last = count["bytes"]
        page.wait_for_timeout(1000)
    return last


def visit(browser: Browser, url: str, screen: str, *, slow: bool, scroll: bool) -> Visit:
    """Open a page as a new visitor does, and measure it.

    Args:
        browser: Chromium.
        url: the address of the page.
        screen: of `_SCREENS`.
        slow: whether the network is that of a phone.
        scroll: whether to scroll to the end of the page.
    """
    with _opened(browser, url, screen, slow=slow) as (page, count):
        _wait(page, _SHOWN)
        first = count["bytes"]
        quiet = _rest(page, count)
        seen = page.evaluate("seen")
        if scroll:
            height = page.evaluate("document.documentElement.scrollHeight")
            for position in range(0, height, 600):
                page.evaluate(f"scrollTo(0, {position})")
                page.wait_for_timeout(30)
            _wait(page, _SHOWN)
            seen["shift"] = page.evaluate("seen.shift")
        scrolled = _rest(page, count)
        return Visit(first, quiet, scrolled, seen["shift"], seen["largest"] / 1000)


def main() -> None:
    """Measure, and print a table."""
    if not CHROMIUM:
        sys.exit("install chromium-headless-shell (of Debian) to open pages with")
    kept = os.environ.get("KEEP")
    folder = Path(kept or tempfile.mkdtemp(prefix="pages-"))
    make_library(folder)
    print(f"{'page':<18} {'first screen':>12} {'without':>9} {'scrolled':>9} {'LCP':>7} {'CLS':>6}")
    with running(folder) as (_, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for name, address in (("library", url), ("book", f"{url}books/{NOVEL}/")):
            for screen in _SCREENS:
                # Scrolling over a slow network would take minutes.
                seen = visit(browser, address, screen, slow=screen == "phone", scroll=False)
                end = visit(browser, address, screen, slow=False, scroll=True)
                scrolled = f"{end.scrolled / 1e6:>6.1f} MB"
                seen.shift = max(seen.shift, end.shift)
                print(
                    f"{name:<8} {screen:<9} {seen.first / 1e3:>9.0f} kB {seen.quiet / 1e3:>6.0f} kB"
                    f" {scrolled} {seen.largest:>5.2f} s {seen.shift:>6.3f}"
                )
                place = f"{name} on a {screen}"
                show(f"{place}, before scrolling", f"{seen.quiet / 1e3:.0f} kB", "under 400 kB")
                show(f"{place}, largest painted", f"{seen.largest:.1f} s", "under 2.5 s")
        browser.close()
    if not kept:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
