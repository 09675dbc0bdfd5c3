"""Fixtures: a studio, and visitors with a real browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from settling import PATIENCE, settle
from studios import Served, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SLOWER = float(os.environ.get("SLOWER", "1"))
"""How many times slower than it is the browser computes, to find tests that do not wait."""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Served]:
    with opened(tmp_path / "books", "", str(tmp_path / "public")) as served:
        yield served


@pytest.fixture
def visit(studio: Served, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages as a new visitor; nothing may go wrong on any of them."""
    wrong: list[str] = []
    contexts = []

    def ask(url: str) -> None:
        if not url.startswith(studio.url):
            wrong.append(f"asked for {url}")

    def note(text: str, may_fail: bool) -> None:
        if not (may_fail and text.startswith("Failed to load resource")):
            wrong.append(text)

    def open_page(path: str = "", *, may_fail: bool = False, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | options
        context = browser.new_context(base_url=studio.url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        if SLOWER > 1:
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("console", lambda message: note(message.text, may_fail))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda request: ask(request.url))
        page.goto(path)
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
