"""Opens files of sound for their tags: the only place where ID3 tags are read from files.

Frames of ID3v2 may be compressed, and mutagen unpacks them whole: 9 MB of a file may become 8 GB.
What is unpacked while a file is read is therefore bounded here.
"""

from __future__ import annotations

import io
import threading
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import mutagen
from mutagen.id3 import ID3, _frames
from mutagen.mp3 import MP3

from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Mapping

Source = Path | IO[bytes] | io.BufferedIOBase

MOST_UNPACKED = 64 << 20
"""Bytes that the compressed frames of one file may hold together."""


class _BoundedZlib(threading.local):
    """Stands in mutagen for the module zlib, of which it uses no more than this."""

    error = zlib.error
    remaining = MOST_UNPACKED
    """Bytes that may still be unpacked of the file that this thread reads."""

    def decompress(self, data: bytes) -> bytes:
        """Return the data unpacked.

        Raises:
            zlib.error: it is damaged.
            ValueError: it is more than may be.
        """
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(data, self.remaining + 1)
        self.remaining -= len(unpacked)
        if self.remaining < 0:
            raise ValueError(
                message("the frames of its tag hold more than {most} MB", most=MOST_UNPACKED >> 20)
            )
        if not unpacker.eof:
            raise zlib.error("incomplete")
        return unpacked


_ZLIB = _BoundedZlib()
setattr(_frames, "zlib", _ZLIB)  # noqa: B010 (it declares no such attribute)


def open_sound(source: Source) -> Any:
    """Return what mutagen reads of a file of any kind; None if it knows no such kind.

    Raises:
        ValueError: its frames hold too much; other errors are those in `outputs.damage`.
    """
    _ZLIB.remaining = MOST_UNPACKED
    return mutagen.File(source)


def open_mp3(source: Source, tag: type[ID3] = ID3) -> MP3:
    """Return what mutagen reads of an MP3.

    Args:
        source: the file.
        tag: the class that its tag is read by.

    Raises:
        ValueError: its frames hold too much; other errors are those in `outputs.damage`.
    """
    _ZLIB.remaining = MOST_UNPACKED
    return MP3(source, ID3=tag)


def read_id3(source: Source, frames: Mapping[str, Any] | None = None) -> ID3:
    """Return the ID3 tag of a file.

    Args:
        source: the file.
        frames: the only frames to read, by their names; None for all.

    Raises:
        ID3NoHeaderError: it has none.
        ValueError: its frames hold too much; other errors are those in `outputs.damage`.
    """
    _ZLIB.remaining = MOST_UNPACKED
    return ID3(source, known_frames=frames)
