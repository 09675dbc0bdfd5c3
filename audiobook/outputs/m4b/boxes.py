"""Makes boxes of MP4 (ISO/IEC 14496-12 and -14; Apple's QuickTime File Format for text tracks)."""

from __future__ import annotations

import struct
import sys
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_WIDE = 1 << 31
"""Numbers from here on are written with 64 bits; some readers take 32 bits as signed."""
_ENABLED, _IN_MOVIE = 1, 2


def box(name: str, *content: bytes) -> bytes:
    """Return a box."""
    size = 8 + sum(map(len, content))
    return struct.pack(">I4s", size, name.encode("latin-1")) + b"".join(content)


def full_box(name: str, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box that has a version and flags.

    Args:
        name: its four letters.
        content: what it holds, one part after the other.
        version: of its layout; in 1 times have 64 bits.
        flags: 24 bits that its kind defines.
    """
    return box(name, struct.pack(">I", version << 24 | flags), *content)


def movie_header(rate: int, length: int) -> bytes:
    """Return the header of a movie of two tracks, of a length in units of 1 / ``rate`` s."""
    wide = length >= _WIDE
    return full_box(
        "mvhd",
        struct.pack(">QQIQ" if wide else ">IIII", 0, 0, rate, length),
        struct.pack(">iH10x", 0x10000, 0x100),
        _MATRIX,
        struct.pack(">24xI", 3),
        version=wide,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """The samples of a track, and their places in the file."""

    sizes: Sequence[int]
    """Bytes of each sample."""
    lengths: Sequence[tuple[int, int]]
    """Runs of samples of one length: how many samples, and the length of each."""
    per_chunk: int
    """Samples in each chunk; the last chunk may have fewer."""
    start: int
    """Position of the first sample in the file; the others follow."""
    far: bool = False
    """Whether positions in the file need 64 bits."""

    def tables(self) -> bytes:
        """Return the boxes with these tables."""
        sizes = array("I", self.sizes)
        full_chunks, remainder = divmod(len(sizes), self.per_chunk)
        runs = [(1, self.per_chunk, 1)] if full_chunks else []
        if remainder:
            runs.append((full_chunks + 1, remainder, 1))
        positions = array("Q" if self.far else "I")
        position = self.start
        for first in range(0, len(sizes), self.per_chunk):
            positions.append(position)
            position += sum(sizes[first : first + self.per_chunk])
        lengths = [struct.pack(">II", *run) for run in self.lengths]
        return b"".join(
            (
                full_box("stts", struct.pack(">I", len(lengths)), *lengths),
                full_box(
                    "stsc", struct.pack(">I", len(runs)), *(struct.pack(">III", *r) for r in runs)
                ),
                full_box("stsz", struct.pack(">II", 0, len(sizes)), big_endian(sizes)),
                full_box(
                    "co64" if self.far else "stco",
                    struct.pack(">I", len(positions)),
                    big_endian(positions),
                ),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A track and its samples. All lengths are in units of time of the movie."""

    number: int
    handler: str
    """``soun`` or ``text``."""
    description: bytes
    """The box that says how its samples are encoded."""
    header: bytes
    """The box that belongs to its handler."""
    samples: Samples
    length: int
    """Length of all its samples together."""
    played: int
    """Length that is played in the movie."""
    skipped: int = 0
    """Length at the beginning that is not played."""
    more_tables: bytes = b""
    references: bytes = b""
    """The box that refers to other tracks; may be empty."""
    enabled: bool = True

    def track(self, rate: int, language: str) -> bytes:
        """Return the box of the track.

        Args:
            rate: units of time a second.
            language: three letters of ISO 639-2.
        """
        wide = max(self.length, self.played) >= _WIDE
        code = sum(ord(letter) - 0x60 << 10 - 5 * index for index, letter in enumerate(language))
        sound = self.handler == "soun"
        return box(
            "trak",
            full_box(
                "tkhd",
                struct.pack(">QQIxxxxQ" if wide else ">IIIxxxxI", 0, 0, self.number, self.played),
                struct.pack(">8xhhhxx", 0, 0, 0x100 if sound else 0),
                _MATRIX,
                bytes(8),
                version=wide,
                flags=_IN_MOVIE | (_ENABLED if self.enabled else 0),
            ),
            box(
                "edts",
                full_box(
                    "elst",
                    struct.pack(">IQq" if wide else ">IIi", 1, self.played, self.skipped),
                    struct.pack(">hh", 1, 0),
                    version=wide,
                ),
            ),
            self.references,
            box(
                "mdia",
                full_box(
                    "mdhd",
                    struct.pack(">QQIQ" if wide else ">IIII", 0, 0, rate, self.length),
                    struct.pack(">HH", code, 0),
                    version=wide,
                ),
                full_box("hdlr", struct.pack(">4x4s12x", self.handler.encode()), b"\0"),
                box(
                    "minf",
                    self.header,
                    box("dinf", full_box("dref", struct.pack(">I", 1), full_box("url ", flags=1))),
                    box(
                        "stbl",
                        full_box("stsd", struct.pack(">I", 1), self.description),
                        self.samples.tables(),
                        self.more_tables,
                    ),
                ),
            ),
        )


def sound_description(rate: int, configuration: bytes, largest_frame: int, bitrate: int) -> bytes:
    """Return the box that describes mono AAC.

    Args:
        rate: samples a second.
        configuration: its AudioSpecificConfig.
        largest_frame: in bits.
        bitrate: bits a second, on average.
    """
    decoder = struct.pack(
        ">BBBHII", 0x40, 0x15, 0, largest_frame // 8, largest_frame * rate // 1024, bitrate
    )
    decoder = _descriptor(4, decoder + _descriptor(5, configuration))
    stream = _descriptor(3, struct.pack(">HB", 0, 0) + decoder + _descriptor(6, b"\x02"))
    entry = struct.pack(">6xH8xHH4xI", 1, 1, 16, min(rate, 0xFFFF) << 16)
    return box("mp4a", entry, full_box("esds", stream))


def sound_header() -> bytes:
    """Return the box that belongs to the handler of sound."""
    return full_box("smhd", bytes(4))


def roll_description() -> bytes:
    """Return the box which says that decoding begins one sample early (14496-12, 10.1)."""
    return full_box("sgpd", b"roll", struct.pack(">IIh", 2, 1, -1), version=1)


def roll_groups(count: int) -> bytes:
    """Say that `roll_description` goes for so many samples."""
    return full_box("sbgp", b"roll", struct.pack(">III", 1, count, 1))


def text_description() -> bytes:
    """Return the box that describes text of QuickTime: black on white, in the system font."""
    entry = struct.pack(">6xHIi3H4h8xhhxxx3HB", 1, 0, 1, *[0xFFFF] * 3, *[0] * 4, 0, 0, 0, 0, 0, 0)
    return box("text", entry)


def text_header() -> bytes:
    """Return the box that belongs to the handler of text; QuickTime needs it to show anything."""
    ditherless = struct.pack(">HHHHhxx", 0x40, 0x8000, 0x8000, 0x8000, 0)
    matrix = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    return box("gmhd", full_box("gmin", ditherless), box("text", matrix))


def text_sample(text: str) -> bytes:
    """Return a sample of text in UTF-8."""
    data = text.encode(errors="replace")[:0xFFFF].decode(errors="ignore").encode()
    return struct.pack(">H", len(data)) + data + box("encd", struct.pack(">I", 0x100))


def _descriptor(tag: int, content: bytes) -> bytes:
    # One byte would do for the length, but all writers use four, and some readers expect them.
    return struct.pack(">B3BB", tag, 0x80, 0x80, 0x80, len(content)) + content


def big_endian(numbers: array[int]) -> bytes:
    """Return numbers as MP4 writes them."""
    if sys.byteorder == "little":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()
