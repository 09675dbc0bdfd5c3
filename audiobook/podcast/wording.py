"""Words of books made fit for feeds, captions and addresses, whatever was in them."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import BoundChapter

DESCRIPTION = 4000
"""Most bytes of a description (Apple)."""

# What XML 1.0 forbids or discourages, lone surrogates, and marks of direction, which would turn
# around what stands beside the title too.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
    "|["
    + "".join(
        f"{chr(plane + 0xFFFE)}-{chr(plane + 0xFFFF)}"
        for plane in range(1 << 16, 17 << 16, 1 << 16)
    )
    + "]"
)
_NOT_IN_NAMES = re.compile("[^a-z0-9]+")
_LONGEST_NAME = 60


def line(text: str) -> str:
    r"""Put a text on one line, without what cannot be shown.

    >>> line("Tắt\0 đèn\n\u202e2")
    'Tắt đèn 2'
    """
    return " ".join(_UNFIT.sub("", text).split())


def lines(text: str) -> str:
    """Clean a text as `line` does, and keep its lines."""
    return "\n".join(line(one) for one in text.splitlines()).strip()


def address(text: str) -> str:
    """Return a name for addresses: small ASCII letters, digits and hyphens; empty if none is left.

    >>> address("Tắt đèn <1>.mp3")
    'tat-den-1-mp3'
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_IN_NAMES.sub("-", plain)[:_LONGEST_NAME].strip("-")


def clock(seconds: float, *, hours: bool = False) -> str:
    """Return a time as listeners write it, or always with hours.

    >>> clock(3723.9), clock(0), clock(65, hours=True)
    ('1:02:03', '00:00', '00:01:05')
    """
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    if hours:
        return f"{hour:02}:{minute:02}:{second:02}"
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute:02}:{second:02}"


def describe(text: str, chapters: Sequence[BoundChapter] = (), rate: int = 1) -> str:
    """Write a description as the HTML that clients expect, of at most `DESCRIPTION` bytes.

    Args:
        text: paragraphs, a line each.
        chapters: listed below with their times, as far as there is room.
        rate: samples a second of their times.
    """
    room = DESCRIPTION
    paragraphs = []
    for one in text.splitlines():
        if one and room > 0:
            paragraphs.append(_paragraph(one, room))
            room -= len(paragraphs[-1].encode())
    listed = []
    room -= len("<p></p>")
    for chapter in chapters:
        entry = escape(f"{clock(chapter.start / rate)} {chapter.title}", quote=False)
        room -= len(f"{entry}<br>".encode())
        if room < 0:
            break
        listed.append(entry)
    return "".join(paragraphs) + (f"<p>{'<br>'.join(listed)}</p>" if listed else "")


def _paragraph(text: str, room: int) -> str:
    """Make a paragraph of as many words as there is room for."""
    whole = f"<p>{escape(text, quote=False)}</p>"
    while len(whole.encode()) > room:
        words = text.removesuffix("…").split()
        fewer = words[: min(len(words) - 1, len(words) * room // len(whole.encode()))]
        if not fewer:
            return ""
        text = " ".join(fewer) + "…"
        whole = f"<p>{escape(text, quote=False)}</p>"
    return whole
