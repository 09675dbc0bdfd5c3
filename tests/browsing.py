"""A real browser, for tests of pages."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

# Without windows of its own, the shell opens a page for a new visitor in an eighth of the time.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _PROGRAMS)), "")
in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium")


@contextmanager
def launched() -> Iterator[tuple[Browser, AbstractEventLoop]]:
    """Run Chromium, and give the loop that it is talked to in; it plays sound unasked, silently.

    The loop of Playwright stands between two calls, and still counts as the one that runs, so that
    others would refuse to run: whoever calls Playwright asks for its loop to be `resumed`.
    """
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        flags = ["--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@contextmanager
def resumed(loop: AbstractEventLoop) -> Iterator[None]:
    """Let a loop that stands count as the one that runs."""
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


def until(page: Page, expression: str, seconds: float) -> None:
    """Wait until an expression is true; the page itself may evaluate none, so it is asked."""
    from playwright.sync_api import Error

    def is_true() -> bool:
        try:
            return bool(page.evaluate(expression))
        except Error as problem:
            if "context was destroyed" not in str(problem):
                raise
            return False  # the page was left for another

    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, expression
        page.wait_for_timeout(40)  # asking takes the browser 4 ms
