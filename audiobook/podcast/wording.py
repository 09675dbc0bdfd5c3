"""Texts of books made fit for feeds, captions and addresses."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import BoundChapter

MAX_DESCRIPTION = 4000
"""Most bytes of a description (Apple)."""

# What XML 1.0 forbids or discourages, lone surrogates, and marks of direction, which would also
# reverse the text that stands beside a title.
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
_EMAIL = re.compile(
    r"[ \t]*(?:[<(\[]\s*)?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?:\s*[>)\]])?"
)
# An address in a text, without the sign that ends the sentence.
_ADDRESS = re.compile(r"(https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?'’)\]])")
_NOT_IN_NAMES = re.compile("[^a-z0-9]+")
_LONGEST_NAME = 60


def clean_line(text: str) -> str:
    r"""Return a text on one line, without characters that cannot be shown.

    >>> clean_line("Tắt\0 đèn\n\u202e2")
    'Tắt đèn 2'
    """
    return " ".join(_UNFIT.sub("", text).split())


def clean_lines(text: str) -> str:
    """Return a text with each line cleaned as `clean_line` does."""
    return "\n".join(clean_line(line) for line in text.splitlines()).strip()


def slug(text: str) -> str:
    """Return a name for addresses: small ASCII letters, digits and hyphens; empty if none is left.

    >>> slug("Tắt đèn <1>.mp3")
    'tat-den-1-mp3'
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_IN_NAMES.sub("-", plain)[:_LONGEST_NAME].strip("-")


def clock_time(seconds: float, *, hours: bool = False) -> str:
    """Return a time as minutes and seconds, with hours if there are any or if they are wanted.

    >>> clock_time(3723.9), clock_time(0), clock_time(65, hours=True)
    ('1:02:03', '00:00', '00:01:05')
    """
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    if hours:
        return f"{hour:02}:{minute:02}:{second:02}"
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute:02}:{second:02}"


def description_html(text: str, chapters: Sequence[BoundChapter] = (), rate: int = 1) -> str:
    """Return a description as the HTML that clients expect, of at most `MAX_DESCRIPTION` bytes.

    Args:
        text: the paragraphs, one a line.
        chapters: chapters to list below with their times, as far as there is room.
        rate: samples a second, the unit of their times.
    """
    room = MAX_DESCRIPTION
    paragraphs = []
    for paragraph in text.splitlines():
        if paragraph and room > 0:
            paragraphs.append(_paragraph_html(paragraph, room))
            room -= len(paragraphs[-1].encode())
    entries = []
    room -= len("<p></p>")
    for chapter in chapters:
        entry = escape(f"{clock_time(chapter.start / rate)} {chapter.title}", quote=False)
        room -= len(f"{entry}<br>".encode())
        if room < 0:
            break
        entries.append(entry)
    return "".join(paragraphs) + (f"<p>{'<br>'.join(entries)}</p>" if entries else "")


def description_text(text: str) -> str:
    """Return a description as plain text of at most `MAX_DESCRIPTION` bytes, in whole words."""
    data = text.encode()
    if len(data) <= MAX_DESCRIPTION:
        return text
    kept = data[: MAX_DESCRIPTION - len("…".encode())].decode(errors="ignore")
    return (kept.rpartition(" ")[0] or kept).rstrip() + "…"


def without_email(text: str) -> str:
    """Return a text without the e-mail addresses in it.

    Books name people who did not ask to be written to.

    >>> without_email("Nguyễn An <an@example.org>"), without_email("Liên hệ: an@example.org.")
    ('Nguyễn An', 'Liên hệ:.')
    """
    return _EMAIL.sub("", text).strip(" \t")


def linked(text: str) -> str:
    """Return a text as HTML in which its addresses are links.

    >>> linked("A & B: https://example.org/?a=1&b=2.")
    'A &amp; B: <a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>.'
    """
    pieces = (escape(piece, quote=False) for piece in _ADDRESS.split(text))
    return "".join(
        f'<a href="{piece}">{piece}</a>' if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def _paragraph_html(text: str, room: int) -> str:
    """Return a paragraph of as many words as fit into a number of bytes."""
    paragraph = f"<p>{linked(text)}</p>"
    while len(paragraph.encode()) > room:
        words = text.removesuffix("…").split()
        kept_words = words[: min(len(words) - 1, len(words) * room // len(paragraph.encode()))]
        if not kept_words:
            return ""
        text = " ".join(kept_words) + "…"
        paragraph = f"<p>{linked(text)}</p>"
    return paragraph
