"""The pages of a site: a library to choose from, and a page to listen to each book and read it."""

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
    from audiobook.podcast.model import Addresses, Library, Volume

ASSETS: Mapping[str, bytes] = {
    name: resources.files(__package__).joinpath(name).read_bytes()
    for name in ("icon.svg", "player.js", "style.css")
}
"""The files that all pages share, by their addresses from the root of the site."""

VERSION = hashlib.sha256(
    b"".join(
        file.read_bytes()
        for file in sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
        if file.is_file()
    )
).hexdigest()
"""Changes whenever the same book could get another page."""

LIBRARY_PAGE, LIBRARY_FEED = "index.html", "feed.xml"
"""Addresses from the root of the site."""

# Characters that HTML may not hold, and surrogates, which UTF-8 cannot hold.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_NOT_LETTERS = re.compile(r"[\W_]+")
# A heading is read out in a few sentences at most: "Chương 1." "Giông tố."
_HEADING_CUES = 4
# How many sentences the browser lays out, or skips while they are out of sight, together.
_RUN = 24
_GROUNDS = 6


def render_library(library: Library, volumes: Iterable[tuple[Volume, Addresses]]) -> str:
    """Render the page that lists all books.

    Args:
        library: the settings of the library.
        volumes: the books in the order in which they are shown, each with the addresses of its
            files; iterated once, and cues are not needed.
    """
    template = _environment().get_template("library.html")
    return template.render(library=library, volumes=volumes, **_site_variables(LIBRARY_PAGE))


def render_volume(library: Library, volume: Volume, addresses: Addresses) -> str:
    """Render the page of a book: cover, chapters, player, and the text as it is heard.

    Args:
        library: the settings of the library.
        volume: the book; without cues the page has no text.
        addresses: the addresses of the files of the book, from the root of the site.
    """
    return (
        _environment()
        .get_template("volume.html")
        .render(
            library=library,
            volume=volume,
            meta=volume.meta,
            addresses=addresses,
            contents=_nest_chapters(volume.chapters, volume.rate),
            sections=_text_sections(volume) if volume.cues else [],
            **_site_variables(addresses.page),
        )
    )


@dataclass(frozen=True, slots=True)
class _ContentsEntry:
    """A chapter in the table of contents, and the chapters below it."""

    title: str
    seconds: float
    nested: list[_ContentsEntry]


@dataclass(frozen=True, slots=True)
class _TimedSentence:
    """A sentence and the second at which it begins."""

    seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """The text of a chapter."""

    title: str
    level: int
    heading: list[_TimedSentence]
    """The sentences that read the title out; empty if none do."""
    runs: list[list[_TimedSentence]]


def _nest_chapters(
    chapters: Sequence[BoundChapter], rate: int, first: int = 1
) -> list[_ContentsEntry]:
    """Nest chapters by their levels: a chapter of a deeper level goes below the one before it."""
    levels = [chapter.level for chapter in chapters]
    top = min(levels, default=1)
    top_indexes = [index for index, level in enumerate(levels) if not index or level == top]
    return [
        _ContentsEntry(
            chapters[start].title or f"Phần {first + start}",
            chapters[start].start / rate,
            _nest_chapters(chapters[start + 1 : end], rate, first + start + 1),
        )
        for start, end in pairwise([*top_indexes, len(chapters)])
    ]


def _text_sections(volume: Volume) -> list[_Section]:
    sections = []
    starts = [chapter.start for chapter in volume.chapters]

    def chapter_of(cue: Cue) -> int:
        return bisect_right(starts, cue.start) - 1

    for number, group in groupby(volume.cues, chapter_of):
        lines = [_TimedSentence(cue.start / volume.rate, cue.text) for cue in group]
        chapter = volume.chapters[number] if number >= 0 else None
        title, level = (chapter.title, chapter.level) if chapter else ("", 1)
        heading_count = _count_heading_sentences(title, lines)
        runs = [lines[start : start + _RUN] for start in range(heading_count, len(lines), _RUN)]
        sections.append(_Section(title, level, lines[:heading_count], runs))
    return sections


def _count_heading_sentences(title: str, lines: Sequence[_TimedSentence]) -> int:
    """Return how many sentences at the beginning of a chapter read its title out."""
    title_letters, spoken_letters = _letters_only(title), ""
    for count, line in enumerate(lines[:_HEADING_CUES], 1):
        spoken_letters += _letters_only(line.text)
        if spoken_letters and spoken_letters == title_letters:
            return count
    return 0


def _letters_only(text: str) -> str:
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
        finalize=_replace_controls,
    )
    environment.filters |= {
        "clock": _clock_time,
        "length": _length_in_words,
        "ground": _cover_ground,
    }
    return environment


def _site_variables(page: str) -> dict[str, Any]:
    """Return the variables of the site for a page, with addresses relative to that page."""
    to = _relative_to(page)
    return {
        "to": to,
        "home": to(LIBRARY_PAGE),
        "feed": to(LIBRARY_FEED),
        # The hash makes browsers fetch the files of a new version and not use their caches.
        "assets": {name: f"{to(name)}?{_digest(data)}" for name, data in ASSETS.items()},
    }


def _relative_to(page: str) -> Callable[[str], str]:
    folder = posixpath.dirname(page) or "."

    def to(address: str) -> str:
        slash = "/" if address.endswith("/") else ""
        return posixpath.relpath(address, folder) + slash

    return to


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def _replace_controls(value: object) -> object:
    # The type is kept, because escaped text has a type of its own.
    return type(value)(_CONTROLS.sub("\ufffd", value)) if isinstance(value, str) else value


def _clock_time(seconds: float) -> str:
    """Return a time as 2:05 or 1:02:05."""
    minutes, seconds_left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds_left:02}" if hours else f"{minutes}:{seconds_left:02}"


def _length_in_words(seconds: float) -> str:
    """Return a length in Vietnamese words."""
    if seconds < 60:
        return f"{max(1, round(seconds))} giây"
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(f"{n} {unit}" for n, unit in ((hours, "giờ"), (minutes, "phút")) if n)


def _cover_ground(name: str) -> int:
    """Return the number of the background for a book without a cover, the same for each name."""
    return int(_digest(name.encode("utf-8", "replace")), 16) % _GROUNDS
