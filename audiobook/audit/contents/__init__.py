"""Reads what a book's file says of itself: tags, chapters, synced text, cover, frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobook.audit.contents import m4b, mp3, opus, wav
from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.messages.foreign import explain
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.audit.types import FileContents

_READERS: dict[str, Callable[[Path, Any], FileContents]] = {
    "MP3": mp3.read,
    "MP4": m4b.read,
    "OggOpus": opus.read,
    "WAVE": wav.read,
}
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000


def read_contents(path: Path) -> FileContents:
    """Read all that a file says without its sound being decoded.

    Raises:
        SourceError: it cannot be read, or is not an MP3, M4B, Opus or WAV file.
    """
    from audiobook.outputs.damage import DAMAGED
    from audiobook.outputs.tag_reading import open_sound

    try:
        if files.is_special(path):
            raise SourceError(
                message("{path} is a pipe or a device", path=path), message("name a finished book")
            )
        with path.open("rb"):  # to tell a file that is not there from one that is not sound
            pass
        file: Any = open_sound(path)
        reader = _READERS.get(type(file).__name__)
        if reader is None:
            raise SourceError(
                message("{path} is not an MP3, M4B, Opus or WAV file", path=path),
                message("name a finished book"),
            )
        contents = reader(path, file)
        if not _LOWEST_RATE <= contents.rate <= _HIGHEST_RATE:
            raise ValueError(
                message("it says that it has {count} samples a second", count=contents.rate)
            )
        return contents
    except OSError as problem:
        raise SourceError(
            message("cannot read {path}: {reason}", path=path, reason=problem),
            message("name a finished book"),
        ) from problem
    except DAMAGED as problem:
        raise SourceError(
            message("{path} is not a sound file: {reason}", path=path, reason=explain(problem)),
            message("name a finished book"),
        ) from problem
