"""Opens files of sound for their tags: the only place where ID3 tags are read from files.

Frames of ID3v2 may be compressed, and mutagen unpacks them whole: 9 MB of a file may become 8 GB.
What is unpacked while a file is read is therefore bounded here. It also copies the rest of a frame
for each text in it: synced text is read here in one pass instead, and a frame that is divided into
texts without end is refused.
"""

from __future__ import annotations

import io
import threading
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import mutagen
from mutagen.id3 import ID3, _frames, _specs
from mutagen.mp3 import MP3

from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Mapping

Source = Path | IO[bytes] | io.BufferedIOBase

MOST_UNPACKED = 64 << 20
"""Bytes that the compressed frames of one file may hold together."""
_MOST_COPIED = 10**10
"""Bytes that are copied while a frame is divided into texts: a second or two."""


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


def _read_synced(spec: Any, _header: object, frame: Any, data: bytes) -> tuple[list[Any], bytes]:
    """Return the lines of synced text, each with its time: ``SynchronizedTextSpec.read``."""
    encoding, end_mark = spec._encodings[frame.encoding]
    lines: list[tuple[str, int]] = []
    position = 0
    while position < len(data):
        end = data.find(end_mark, position)
        while end >= 0 and (end - position) % len(end_mark):  # across two letters of UTF-16
            end = data.find(end_mark, end + 1)
        time = data[end + len(end_mark) : end + len(end_mark) + 4]
        if end < 0 or len(time) < 4:
            raise _specs.SpecError("not enough data")
        try:
            lines.append((data[position:end].decode(encoding), int.from_bytes(time)))
        except UnicodeError as problem:
            raise _specs.SpecError("decoding error") from problem
        position = end + len(end_mark) + 4
    return lines, b""


_read_multi: Any = _specs.MultiSpec.read


def _read_bounded(spec: Any, header: Any, frame: Any, data: bytes) -> Any:
    """Return the texts of a frame as ``MultiSpec.read`` does, unless that would take minutes."""
    wide = getattr(frame, "encoding", 0) in (_specs.Encoding.UTF16, _specs.Encoding.UTF16BE)
    pieces = data.count(b"\0\0" if wide else b"\0")
    if pieces * len(data) > _MOST_COPIED:
        raise ValueError(
            message("a frame of its tag is divided into {count:,} texts", count=pieces)
        )
    return _read_multi(spec, header, frame, data)


_ZLIB = _BoundedZlib()
for _owner, _name, _replacement in (
    (_frames, "zlib", _ZLIB),
    (_specs.SynchronizedTextSpec, "read", _read_synced),
    (_specs.MultiSpec, "read", _read_bounded),
):
    setattr(_owner, _name, _replacement)


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


def read_id3(
    source: Source, frames: Mapping[str, Any] | None = None, *, translate: bool = True
) -> ID3:
    """Return the ID3 tag of a file.

    Args:
        source: the file.
        frames: the only frames to read, by their names; None for all.
        translate: whether frames of older versions become those of v2.4.

    Raises:
        ID3NoHeaderError: it has none.
        ValueError: its frames hold too much; other errors are those in `outputs.damage`.
    """
    _ZLIB.remaining = MOST_UNPACKED
    return ID3(source, known_frames=frames, translate=translate)
