"""Books to pages: a library to choose from, and each book to listen to while its text is read."""

from __future__ import annotations

import hashlib
import posixpath
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jinja2 import Environment

    from audiobook.model import BoundChapter, Cue
    from audiobook.podcast.shelf import Addresses, Library, Volume

ASSETS: Mapping[str, bytes] = {
    name: resources.files(__package__).joinpath(name).read_bytes()
    for name in ("icon.svg", "player.js", "style.css")
}
"""What all pages share, by its address from the root of the site."""

VERSION = hashlib.sha256(
    b"".join(
        file.read_bytes()
        for file in sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
        if file.is_file()
    )
).hexdigest()
"""Another one when the same book would get another page."""

LIBRARY_PAGE, LIBRARY_FEED = "index.html", "feed.xml"
"""Addresses from the root of the site."""

# What no HTML may hold, and what UTF-8 cannot.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_NOT_LETTERS = re.compile(r"[\W_]+")
# A heading is read out in a few sentences at most: "Chương 1." "Giông tố."
_HEADING_CUES = 4
# Sentences that the browser lays out, or leaves out of sight, together.
_RUN = 24
_GROUNDS = 6


def render_library(library: Library, volumes: Iterable[tuple[Volume, Addresses]]) -> str:
    """Render the page that lists all books.

    Args:
        library: what is known of it.
        volumes: the books in the order they are shown, with the addresses of what belongs to
            each; gone through once, cues not looked at.
    """
    template = _environment().get_template("library.html")
    return template.render(library=library, volumes=volumes, **_about(LIBRARY_PAGE))


def render_volume(library: Library, volume: Volume, at: Addresses) -> str:
    """Render the page of a book: cover, chapters, player, and the text as it is heard.

    Args:
        library: where it belongs.
        volume: the book; without cues the page has no text.
        at: addresses from the root of the site of what belongs to the book; empty where it is
            not there.
    """
    return (
        _environment()
        .get_template("volume.html")
        .render(
            library=library,
            volume=volume,
            meta=volume.meta,
            at=at,
            contents=_contents(volume.chapters, volume.rate),
            sections=_sections(volume) if volume.cues else [],
            **_about(at.page),
        )
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A chapter in the table of contents, and the chapters below it."""

    title: str
    at: float
    below: list[_Entry]


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence and the second at which it begins."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """The text of a chapter."""

    title: str
    level: int
    heading: list[_Line]
    """The title as it is read out; empty where it is not."""
    runs: list[list[_Line]]


def _contents(chapters: Sequence[BoundChapter], rate: int, first: int = 1) -> list[_Entry]:
    """Nest chapters by their levels; a chapter deeper than the one it follows lies below it."""
    top = min((chapter.level for chapter in chapters), default=1)
    starts = [n for n, one in enumerate(chapters) if not n or one.level == top]
    return [
        _Entry(
            chapters[start].title or f"Phần {first + start}",
            chapters[start].start / rate,
            _contents(chapters[start + 1 : end], rate, first + start + 1),
        )
        for start, end in pairwise([*starts, len(chapters)])
    ]


def _sections(volume: Volume) -> list[_Section]:
    sections = []
    starts = [chapter.start for chapter in volume.chapters]

    def chapter_of(cue: Cue) -> int:
        return bisect_right(starts, cue.start) - 1

    for number, group in groupby(volume.cues, chapter_of):
        lines = [_Line(cue.start / volume.rate, cue.text) for cue in group]
        chapter = volume.chapters[number] if number >= 0 else None
        title, level = (chapter.title, chapter.level) if chapter else ("", 1)
        spoken = _heading(title, lines)
        runs = [lines[n : n + _RUN] for n in range(spoken, len(lines), _RUN)]
        sections.append(_Section(title, level, lines[:spoken], runs))
    return sections


def _heading(title: str, lines: Sequence[_Line]) -> int:
    """Count the sentences at the beginning of a chapter that read its title out."""
    wanted, said = _letters(title), ""
    for count, line in enumerate(lines[:_HEADING_CUES], 1):
        said += _letters(line.text)
        if said and said == wanted:
            return count
    return 0


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()


# --- what templates use -------------------------------------------------------------------------


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("audiobook.podcast", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )
    environment.filters |= {"clock": _clock, "length": _length, "ground": _ground}
    return environment


def _about(page: str) -> dict[str, Any]:
    """Return what a page knows of the site, addresses as seen from there."""
    to = _seen_from(page)
    return {
        "to": to,
        "home": to(LIBRARY_PAGE),
        "feed": to(LIBRARY_FEED),
        # A new version of the program is not met with the old looks from a browser's cache.
        "assets": {name: f"{to(name)}?{_digest(data)}" for name, data in ASSETS.items()},
    }


def _seen_from(page: str) -> Callable[[str], str]:
    folder = posixpath.dirname(page) or "."

    def to(address: str) -> str:
        slash = "/" if address.endswith("/") else ""
        return posixpath.relpath(address, folder) + slash

    return to


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def _writable(value: object) -> object:
    # Of the same type again: what is escaped already says so by its own.
    return type(value)(_CONTROLS.sub("\ufffd", value)) if isinstance(value, str) else value


def _clock(seconds: float) -> str:
    """Write a time as 2:05 or 1:02:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _length(seconds: float) -> str:
    """Write a length in words of Vietnamese."""
    if seconds < 60:
        return f"{max(1, round(seconds))} giây"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(f"{n} {unit}" for n, unit in ((hours, "giờ"), (minutes, "phút")) if n)


def _ground(name: str) -> int:
    """Choose one of the grounds of a cover that is not there."""
    return int(_digest(name.encode("utf-8", "replace")), 16) % _GROUNDS
