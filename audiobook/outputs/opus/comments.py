"""The comments of an Opus file that hold the fields of a book, its chapters and its cover."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from mutagen.flac import Picture

from audiobook.outputs import levels, pictures
from audiobook.outputs.sorting import sort_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import BoundChapter

ALBUM = "album"
"""The title of the whole book, of which a file may be one chapter: no field of `Meta`."""
COMMENTS: dict[str, tuple[str, ...]] = {
    "title": ("TITLE",),
    ALBUM: ("ALBUM",),
    "author": ("ARTIST", "ALBUMARTIST"),
    "narrator": ("PERFORMER", "COMPOSER"),
    "series": ("SERIES",),
    "volume": ("SERIES-PART",),
    "date": ("DATE",),
    "genre": ("GENRE",),
    "publisher": ("ORGANIZATION",),
    "language": ("LANGUAGE",),
    "description": ("DESCRIPTION",),
}
"""The names of the comments that hold the fields of a book."""
SORT_COMMENTS = {"title": "TITLESORT", ALBUM: "ALBUMSORT", "author": "ARTISTSORT"}
PICTURE = "METADATA_BLOCK_PICTURE"

MOST_CHAPTERS = 1000
"""The numbers of chapters have three digits."""
ALL_CHAPTERS = "audiobook-chapters"
"""The name of the comment that tells how many chapters there are, where there are more."""


def field_comments(field: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the comments that hold a field; none for an empty value."""
    if not value:
        return
    for name in COMMENTS[field]:
        yield name, value
    if field in SORT_COMMENTS and (sort := sort_form(value)):
        yield SORT_COMMENTS[field], sort


def cover_comment(cover: bytes) -> tuple[str, str]:
    """Return the name and the text of the comment that holds a cover."""
    picture = Picture()
    picture.type = pictures.FRONT_COVER
    picture.mime = pictures.mime(cover)
    picture.data = cover
    return PICTURE, base64.b64encode(picture.write()).decode("ascii")


def chapter_comments(chapters: Sequence[BoundChapter], rate: int) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the comments that hold chapters.

    Args:
        chapters: the chapters, in time order.
        rate: samples a second of their times.
    """
    count = len(chapters)
    chapters = levels.outermost(chapters, MOST_CHAPTERS)
    if len(chapters) < count:
        yield ALL_CHAPTERS, str(count)
    if book_levels := levels.write_levels(chapters):
        yield levels.KEY, book_levels
    for number, chapter in enumerate(chapters):
        yield f"CHAPTER{number:03}", _chapter_time(chapter.start, rate)
        yield f"CHAPTER{number:03}NAME", chapter.title


def _chapter_time(samples: int, rate: int) -> str:
    # Rounded up, so that a player that goes there does not land in the chapter before.
    seconds, milliseconds = divmod(-(-samples * 1000 // rate), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
