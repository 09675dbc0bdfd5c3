"""ID3v2 tags as their frames in bytes, so that those that are not changed stay as they are."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, NamedTuple

from mutagen.id3 import ID3, Frame, ID3NoHeaderError

from audiobook.outputs.mp3 import fields, headers
from audiobook.outputs.tag_reading import read_id3

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADER = 10
_NAME = re.compile(rb"[A-Z][A-Z0-9]{3}")
_OLDER, _NEWER = 3, 4
_SYNCHSAFE = 7
_UNSYNCHRONISED = 0x80
"""In v2.3 a tag in which a zero follows each byte of eight ones."""
_SORTED_BY = tuple(fields.SORT_FRAMES.values())


class RawTag(NamedTuple):
    """A tag of ID3v2.3 or v2.4."""

    version: int
    frames: list[bytes]


def read_raw(file: IO[bytes]) -> RawTag:
    """Return the tag with which a file begins; one without frames where there is none.

    A tag that is written in a rare way, as v2.2 or with an extended header, is converted to v2.4.

    Raises:
        mutagen.MutagenError: it is damaged.
        ValueError: its frames hold too much.
    """
    head = headers.read_at(file, 0, _HEADER)
    if not head.startswith(b"ID3"):
        return RawTag(_OLDER, [])
    version, flags = head[3], head[5]
    data = headers.read_at(file, _HEADER, headers.after_tag(head) - _HEADER)
    if version == _OLDER and flags == _UNSYNCHRONISED:
        data, flags = data.replace(b"\xff\0", b"\xff"), 0
    if version in (_OLDER, _NEWER) and not flags:
        frames = _split(data, _SYNCHSAFE if version == _NEWER else 8)
        if frames is not None:
            return RawTag(version, frames)
    file.seek(0)
    try:
        return render(read_id3(file).values(), _NEWER)
    except ID3NoHeaderError:
        return RawTag(_OLDER, [])


def render(frames: Iterable[Frame], version: int) -> RawTag:
    """Return frames of mutagen in bytes, in this version."""
    tag, sort = ID3(), list[Frame]()
    for frame in frames:
        if isinstance(frame, _SORTED_BY):
            sort.append(frame)
        else:
            tag.add(frame)
    if version == _OLDER:
        tag.update_to_v23()
    for frame in sort:
        tag.add(frame)
    if not tag:
        return RawTag(version, [])
    file = io.BytesIO()
    tag.save(file, v2_version=version, padding=lambda _info: 0)
    rendered = _split(file.getvalue()[_HEADER:], _SYNCHSAFE if version == _NEWER else 8)
    return RawTag(version, rendered or [])


def parse(version: int, frames: Iterable[bytes]) -> ID3:
    """Return frames as mutagen reads them, without those that it does not know."""
    data = join(RawTag(version, [*frames]))
    return read_id3(io.BytesIO(data), translate=False) if len(data) > _HEADER else ID3()


def join(tag: RawTag) -> bytes:
    """Return a tag as it stands in a file, without padding."""
    data = b"".join(tag.frames)
    size = bytes(len(data) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes((tag.version, 0, 0)) + size + data


def _split(data: bytes, bits: int) -> list[bytes] | None:
    """Return the frames of a tag; None where they do not follow one another to its end.

    Args:
        data: the tag without its header.
        bits: how many bits of each byte of a size count.
    """
    frames, position = list[bytes](), 0
    while position < len(data):
        if not any(data[position : position + _HEADER]):
            return None if any(data[position:]) else frames
        end = position + _HEADER + _size(data[position : position + _HEADER], bits)
        if not _NAME.match(data, position) or end > len(data):
            return None
        frames.append(data[position:end])
        position = end
    return frames


def _size(frame: bytes, bits: int) -> int:
    size = 0
    for byte in frame[4:8]:
        size = size << bits | byte
    return size
