"""Waits until a page of the studio is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import browsing

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60
"""Seconds after which a page is given up; only a test that fails waits so long."""
SETTLED = (
    "document.readyState === 'complete' && !document.querySelector('[data-part][aria-busy=true]')"
)


def until(page: Page, expression: str) -> None:
    browsing.until(page, expression, PATIENCE)


def settle(page: Page) -> None:
    until(page, SETTLED)
