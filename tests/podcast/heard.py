"""What tests of pages ask of the page of a book: what is heard there, and when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE_TITLE = "<script>alert(1)</script>"
SENTENCES = (
    "Gió thổi qua làng.",
    "Con đò nhỏ nằm im bên bến, chờ khách sang sông từ sáng sớm.",
    "Trời vừa hửng, sương còn đọng trên lá.",
    "Bác lái đò hút một hơi thuốc dài, rồi thong thả gỡ dây neo.",
)
_PARAGRAPH = " ".join(SENTENCES)
TEXT = "\n\n".join(
    f"Chương {number}\n\nNgày thứ {number}. {_PARAGRAPH}\n\n{_PARAGRAPH}" for number in range(1, 9)
)


SPOKEN = "#text p [data-at]"
HEARD = "document.querySelector('#text [aria-current]')?.textContent"
PATIENCE = 60
SECOND = "document.querySelector('audio').currentTime"


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; the page itself may evaluate none, so it is asked."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < end, (expression, page.evaluate(SECOND), page.evaluate(HEARD))
        page.wait_for_timeout(40)  # asking takes the browser 4 ms


def hears(page: Page, text: str | None) -> None:
    """Wait until a sentence is marked, by its ``text_content``.

    ``inner_text`` has nothing of a paragraph that the page has not drawn yet.
    """
    assert text
    until(page, f"{HEARD} === {text!r}")


def second(page: Page) -> float:
    return float(page.evaluate(SECOND))
