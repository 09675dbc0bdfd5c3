"""What can be saved of a ZIP archive whose directory is damaged, as of a file cut short."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

_MARK = b"PK\x03\x04"
# What stands before a file: version, flags, compression, time, date, checksum, size packed and
# unpacked, lengths of its name and of what follows the name (APPNOTE.TXT, 4.3.7).
_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _SIZE_FOLLOWS, _SAYS_UTF_8 = 0x1, 0x8, 0x800
_CHUNK = 64 * 1024
# At most this many times the size of the archive is unpacked; a sound one is unpacked once.
_MOST_PASSES = 4


class _File(NamedTuple):
    name: str
    content: bytes | None
    """None where the file is not whole."""
    end: int
    """The position up to which the archive was read."""


def rebuild(data: bytes, most: int) -> io.BytesIO | None:
    """Return an archive of the files that are whole, each known by the header before it.

    Args:
        data: the damaged archive.
        most: bytes that the files may unpack to; what is beyond is not saved.

    Returns:
        None where no file is whole.
    """
    rebuilt = io.BytesIO()
    work = _MOST_PASSES * len(data)
    names: set[str] = set()
    place = data.find(_MARK)
    with zipfile.ZipFile(rebuilt, "w") as archive:
        while 0 <= place <= len(data) - _HEADER.size and work > 0:
            file = _unpack(data, place, most)
            work -= file.end - place
            following = place + len(_MARK)
            if file.content is not None:
                following = file.end
                most -= len(file.content)
                if file.name not in names:
                    archive.writestr(file.name, file.content)
                names.add(file.name)
            place = data.find(_MARK, following)
    rebuilt.seek(0)
    return rebuilt if names else None


def _unpack(data: bytes, place: int, most: int) -> _File:
    """Return the file whose header is at a place."""
    header = _HEADER.unpack_from(data, place)
    flags, method, checksum, packed = header[2], header[3], header[6], header[7]
    name_at = place + _HEADER.size
    name = data[name_at : name_at + header[9]]
    start = name_at + header[9] + header[10]
    content: bytes | None = None
    end = start
    if flags & _ENCRYPTED or not name or name.endswith(b"/"):
        pass
    elif method == zipfile.ZIP_DEFLATED:
        content, end = _inflate(data, start, most)
    elif method == zipfile.ZIP_STORED and not flags & _SIZE_FOLLOWS:
        content, end = data[start : start + packed], start + packed
    if content is not None and not flags & _SIZE_FOLLOWS and zlib.crc32(content) != checksum:
        content = None
    return _File(name.decode("utf-8" if flags & _SAYS_UTF_8 else "cp437", "replace"), content, end)


def _inflate(data: bytes, start: int, most: int) -> tuple[bytes | None, int]:
    """Return what is unpacked from a place, None if it has no end, and as far as it was read."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces = []
    place = start
    try:
        while not inflating.eof and place < len(data) and most > 0:
            chunk = inflating.unconsumed_tail + data[place : place + _CHUNK]
            place += _CHUNK
            pieces.append(inflating.decompress(chunk, most))
            most -= len(pieces[-1])
    except zlib.error:
        return None, place
    if not inflating.eof:
        return None, place
    return b"".join(pieces), min(place, len(data)) - len(inflating.unused_data)
