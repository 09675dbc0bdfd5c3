"""Tells what a finished book holds, and how it was made, without decoding its sound."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from audiobook.app.ownership import OutputLedger
from audiobook.audit.contents import read_contents
from audiobook.outputs import languages

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.audit.types import FileContents


@dataclass(frozen=True, slots=True, kw_only=True)
class BookInformation:
    """What a file tells of a book, and what this machine remembers of it."""

    path: Path
    contents: FileContents
    source: Path | None
    """The text that it was made from; None where that is not known here."""

    @property
    def language(self) -> str:
        """Its language as BCP 47 where that is known, else as its tag writes it."""
        return languages.from_tag(self.contents.language) or self.contents.language


def read_information(path: Path, cache: Path) -> BookInformation:
    """Return what a finished book holds.

    Args:
        path: an MP3, M4B, Opus or WAV file, by this program or another.
        cache: the cache folder, which remembers sources.

    Raises:
        SourceError: it cannot be read, or is no such file.
    """
    contents = read_contents(path)
    source = OutputLedger(cache).origin_of(path) if contents.provenance else None
    return BookInformation(path=path, contents=contents, source=source)


def json_values(information: BookInformation) -> dict[str, Any]:
    """Return what a book holds as dictionaries, lists, strings and numbers.

    What a book does not tell is an empty string or None. Times are seconds, loudness LUFS, bit
    rates kbit/s, sizes bytes.
    """
    contents = information.contents
    note = contents.provenance
    return {
        "path": str(information.path),
        "format": contents.format,
        "title": contents.title,
        "author": contents.author,
        "narrator": contents.narrator,
        "series": contents.series,
        "volume": contents.volume,
        "album": contents.album,
        "date": contents.date,
        "language": information.language,
        "genre": contents.genre,
        "publisher": contents.publisher,
        "description": contents.description,
        "seconds": round(contents.seconds, 3),
        "size": contents.size,
        "bitrate": round(contents.bitrate, 1),
        "constant_bitrate": contents.constant,
        "sample_rate": contents.rate,
        "channels": contents.channels,
        "loudness": None if contents.loudness is None else round(contents.loudness, 2),
        "cover": None if contents.cover is None else asdict(contents.cover),
        "sentences": len(contents.sentences),
        "encoder": contents.encoder,
        "source": None if information.source is None else str(information.source),
        "making": None if note is None else dict(note.making),
        "fallback_sentences": [] if note is None else [list(run) for run in note.stood_in],
        "retagged": sorted(contents.changes),
        "unlisted_chapters": contents.unlisted_chapters,
        "chapters": [
            {
                "title": chapter.title,
                "start": round(chapter.start, 3),
                "end": round(chapter.end, 3),
                "level": chapter.level,
                "part": chapter.parent,
            }
            for chapter in contents.heard_chapters
        ],
    }
