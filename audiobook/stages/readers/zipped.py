"""ZIP archives of texts: a book whose chapters lie in files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.archive import Archive
from audiobook.system.folders import natural_key
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection

# Files that are not texts of the book: hidden ones, those that macOS adds, those of a saved page,
# and those that tell people about the archive.
_NO_TEXT = re.compile(
    r"(?:^|/)(?:\.|__MACOSX/|[^/]*_files/|(?:read[ _-]?me|licen[cs]e|changelog)[^/]*$)", re.I
)
# The longest serials have some thousand chapters.
_MOST_TEXTS = 10_000


class Contents(NamedTuple):
    """What an archive holds."""

    texts: list[tuple[str, bytes]]
    """The path and the bytes of each text, in natural order."""
    passed_over: list[str]
    """The paths of other files."""


def unpack(data: bytes, name: str, suffixes: Collection[str]) -> Contents:
    """Return the texts of an archive.

    Args:
        data: the file.
        name: what to call it in messages.
        suffixes: what the names of texts end in.

    Raises:
        SourceError: it is damaged, has a password, unpacks to more than a book, holds no text, or
            more than 10,000.
    """
    archive = Archive(data, name)
    paths = sorted((path for path in archive.names() if not path.endswith("/")), key=natural_key)
    texts = [path for path in paths if path.lower().endswith(tuple(suffixes))]
    wanted = [path for path in texts if not _NO_TEXT.search(path)]
    if not wanted:
        raise SourceError(
            message("{name} is a ZIP archive without a text in it", name=name),
            message("unpack it and give the file inside"),
        )
    if len(wanted) > _MOST_TEXTS:
        raise SourceError(
            message("{name} holds more than {most:,} texts", name=name, most=_MOST_TEXTS),
            message("divide it"),
        )
    wanted_paths = set(wanted)
    return Contents(
        [(path, archive.read(path)) for path in wanted],
        [path for path in paths if path not in wanted_paths],
    )
