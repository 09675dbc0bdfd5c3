""".memory.json: what was read from books and written for them, so that it is not done again.

The file lies in the folder of the site but is not published: it can always be made again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from audiobook.model import BoundChapter, Meta
from audiobook.podcast import stamps
from audiobook.podcast.manifest import SiteFile
from audiobook.podcast.model import Addresses, Thumbnail, Volume
from audiobook.podcast.records import record_of
from audiobook.podcast.stamps import Stamp
from audiobook.system.json_data import DAMAGE, load_json, read_facts

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".memory.json"
FORMAT = 6
"""Goes up when a new version of the program would write another site for the same library."""


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """The files that were written for a book, or for the library as a whole."""

    key: str
    """Fingerprint of all that the files were made from."""
    files: tuple[SiteFile, ...]
    stamps: tuple[Stamp, ...]
    """The stamps of the files, in the same order."""
    addresses: Addresses | None = None
    """The addresses of the files of a book; None for those of the library."""

    def checked(self, site: Path, *, verify: bool = False) -> WrittenFiles | None:
        """Return the files as they are now; None if one is missing or damaged.

        Args:
            site: the folder of the site.
            verify: whether to read every file as a whole, and not only samples.
        """
        current = []
        for file, known in zip(self.files, self.stamps, strict=True):
            stamp = stamps.check(site, file, known, verify=verify)
            if stamp is None:
                return None
            current.append(stamp)
        return replace(self, stamps=tuple(current))


@dataclass(slots=True)
class SiteMemory:
    """What is remembered of a site; it is filled while the site is written."""

    books: dict[str, Volume] = field(default_factory=dict)
    """The books by the names of their files."""
    written: dict[str, WrittenFiles] = field(default_factory=dict)
    """The files by the name of the book, and those of the library under names with a slash."""

    def volume(self, path: Path, place: str) -> Volume | None:
        """Return a book as it was read if its file has not changed since; None otherwise.

        Args:
            path: its file.
            place: its path in the library.
        """
        volume = self.books.get(place)
        if volume is None:
            return None
        try:
            is_unchanged = path.stat().st_size == volume.size and stamps.stamp(path) == (
                volume.changed,
                volume.sample,
            )
        except OSError:
            return None  # reading the file will report the error
        return replace(volume, path=path) if is_unchanged else None

    def intact(
        self, name: str, key: str, site: Path, *, verify: bool = False
    ) -> WrittenFiles | None:
        """Return the files that were written under a name if they are still right.

        Args:
            name: the name of the book, or of an entry for the library as a whole.
            key: the fingerprint of what they would be made from now.
            site: the folder of the site.
            verify: whether to read every file as a whole, and not only samples.

        Returns:
            None if they were made from something else, or one is missing or damaged.
        """
        written = self.written.get(name)
        checked = written.checked(site, verify=verify) if written and written.key == key else None
        if checked is not None:
            self.written[name] = checked
        return checked


def read(site: Path, library: Path) -> SiteMemory:
    """Read what is remembered of a site; nothing if another version of the program wrote it."""
    try:
        document = load_json(read_facts(site / NAME))
        if document["format"] != FORMAT:
            return SiteMemory()
        books = {
            name: _parse_volume(library / name, entry) for name, entry in document["books"].items()
        }
        written = {name: _parse_written(entry) for name, entry in document["written"].items()}
    except DAMAGE:
        return SiteMemory()  # all of it can be made again
    return SiteMemory(books, written)


def render(memory: SiteMemory) -> bytes:
    """Render the content of `.memory.json`."""
    books = {name: _volume_json(volume) for name, volume in memory.books.items()}
    written = {
        name: (
            entry.key,
            [
                (file.path, file.size, file.sha256, file.immutable, *stamp)
                for file, stamp in zip(entry.files, entry.stamps, strict=True)
            ],
            asdict(entry.addresses) if entry.addresses else None,
        )
        for name, entry in memory.written.items()
    }
    document = {"format": FORMAT, "books": books, "written": written}
    return json.dumps(document).encode()


def _volume_json(volume: Volume) -> list[object]:
    chapters = [
        (chapter.title, chapter.start, chapter.end, chapter.level) for chapter in volume.chapters
    ]
    meta = {name: value for name, value in asdict(volume.meta).items() if value}
    numbers = [volume.rate, volume.samples, volume.size]
    return [
        meta,
        *numbers,
        volume.digest,
        chapters,
        volume.synthetic,
        volume.changed,
        volume.sample,
    ]


def _parse_volume(path: Path, row: list[Any]) -> Volume:
    meta, rate, samples, size, digest, chapters, synthetic, changed, sample = row
    bound_chapters = tuple(
        BoundChapter(title=title, start=start, end=end, level=level)
        for title, start, end, level in chapters
    )
    return Volume(
        path=path,
        name="",
        meta=Meta(**meta),
        rate=rate,
        samples=samples,
        size=size,
        digest=digest,
        chapters=bound_chapters,
        cues=(),
        synthetic=synthetic,
        changed=changed,
        sample=sample,
    )


def _parse_written(row: list[Any]) -> WrittenFiles:
    key, rows, addresses = row
    return WrittenFiles(
        key,
        tuple(_parse_file(file) for *file, _, _ in rows),
        tuple(Stamp(changed, sample) for *_, changed, sample in rows),
        _parse_addresses(addresses) if addresses else None,
    )


def _parse_file(row: list[Any]) -> SiteFile:
    return record_of(SiteFile, dict(zip(SiteFile.__slots__, row, strict=True)))


def _parse_addresses(entry: dict[str, Any]) -> Addresses:
    thumbnails = tuple(Thumbnail(*thumbnail) for thumbnail in entry.pop("thumbnails"))
    return Addresses(**entry, thumbnails=thumbnails)
