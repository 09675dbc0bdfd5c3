"""Boxes of MP4 (ISO/IEC 14496-12 and -14; Apple's QuickTime File Format for text tracks)."""

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
"""Numbers from here on get 64 bits; some readers take those of 32 as signed."""
_ENABLED, _IN_MOVIE = 1, 2


def box(name: str, *content: bytes) -> bytes:
    """Make a box."""
    size = 8 + sum(map(len, content))
    return struct.pack(">I4s", size, name.encode("latin-1")) + b"".join(content)


def full_box(name: str, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Make a box that has a version and flags."""
    return box(name, struct.pack(">I", version << 24 | flags), *content)


def movie_header(rate: int, length: int) -> bytes:
    """Make the header of a movie of two tracks; ``length`` at ``rate`` a second."""
    wide = length >= _WIDE
    return full_box(
        "mvhd",
        struct.pack(">QQIQ" if wide else ">IIII", 0, 0, rate, length),
        struct.pack(">iH10x", 0x10000, 0x100),
        _MATRIX,
        struct.pack(">24xI", 3),
        version=wide,
    )


@dataclass(frozen=True, slots=True)
class Samples:
    """What a track is made of, and where in the file."""

    sizes: Sequence[int]
    """Bytes of each."""
    lengths: Sequence[tuple[int, int]]
    """Runs of samples that last equally long: how many, and how long each."""
    per_chunk: int
    """How many stand side by side; of the last chunk perhaps fewer."""
    start: int
    """Where in the file the first one stands; all others follow."""
    far: bool = False
    """Whether places in the file need 64 bits."""

    def tables(self) -> bytes:
        """Make the boxes that tell all this."""
        sizes = array("I", self.sizes)
        whole, rest = divmod(len(sizes), self.per_chunk)
        runs = [(1, self.per_chunk, 1)] if whole else []
        if rest:
            runs.append((whole + 1, rest, 1))
        places = array("Q" if self.far else "I")
        place = self.start
        for first in range(0, len(sizes), self.per_chunk):
            places.append(place)
            place += sum(sizes[first : first + self.per_chunk])
        lengths = [struct.pack(">II", *run) for run in self.lengths]
        return b"".join(
            (
                full_box("stts", struct.pack(">I", len(lengths)), *lengths),
                full_box(
                    "stsc", struct.pack(">I", len(runs)), *(struct.pack(">III", *r) for r in runs)
                ),
                full_box("stsz", struct.pack(">II", 0, len(sizes)), _big_endian(sizes)),
                full_box(
                    "co64" if self.far else "stco",
                    struct.pack(">I", len(places)),
                    _big_endian(places),
                ),
            )
        )


@dataclass(frozen=True, slots=True)
class Media:
    """A track: what it holds, and when it plays. All lengths are at the rate of the movie."""

    number: int
    handler: str
    """``soun`` or ``text``."""
    description: bytes
    """The box that says how its samples are encoded."""
    header: bytes
    """The box that belongs to its handler."""
    samples: Samples
    length: int
    """Of its media, all samples together."""
    plays: int
    """How long it plays in the movie."""
    skips: int = 0
    """How much of its media comes before what plays."""
    more_tables: bytes = b""
    refers: bytes = b""
    """The box that names other tracks, if any."""
    enabled: bool = True

    def track(self, rate: int, language: str) -> bytes:
        """Make the track.

        Args:
            rate: units of time a second.
            language: three letters of ISO 639-2.
        """
        wide = max(self.length, self.plays) >= _WIDE
        code = sum(ord(letter) - 0x60 << 10 - 5 * at for at, letter in enumerate(language))
        sound = self.handler == "soun"
        return box(
            "trak",
            full_box(
                "tkhd",
                struct.pack(">QQIxxxxQ" if wide else ">IIIxxxxI", 0, 0, self.number, self.plays),
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
                    struct.pack(">IQq" if wide else ">IIi", 1, self.plays, self.skips),
                    struct.pack(">hh", 1, 0),
                    version=wide,
                ),
            ),
            self.refers,
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


def sound_description(rate: int, configuration: bytes, most: int, bits: int) -> bytes:
    """Describe mono AAC.

    Args:
        rate: samples a second.
        configuration: its AudioSpecificConfig.
        most: bits of a frame.
        bits: a second, on average.
    """
    decoder = struct.pack(">BBBHII", 0x40, 0x15, 0, most // 8, most * rate // 1024, bits)
    decoder = _descriptor(4, decoder + _descriptor(5, configuration))
    stream = _descriptor(3, struct.pack(">HB", 0, 0) + decoder + _descriptor(6, b"\x02"))
    entry = struct.pack(">6xH8xHH4xI", 1, 1, 16, min(rate, 0xFFFF) << 16)
    return box("mp4a", entry, full_box("esds", stream))


def sound_header() -> bytes:
    """Make the box that belongs to the handler of sound."""
    return full_box("smhd", bytes(4))


def roll() -> bytes:
    """Say that a decoder must begin one sample early to decode any (14496-12, 10.1)."""
    return full_box("sgpd", b"roll", struct.pack(">IIh", 2, 1, -1), version=1)


def rolls(count: int) -> bytes:
    """Say that `roll` goes for so many samples."""
    return full_box("sbgp", b"roll", struct.pack(">III", 1, count, 1))


def text_description() -> bytes:
    """Describe text as QuickTime has it: black on white, in the system's own type."""
    entry = struct.pack(">6xHIi3H4h8xhhxxx3HB", 1, 0, 1, *[0xFFFF] * 3, *[0] * 4, 0, 0, 0, 0, 0, 0)
    return box("text", entry)


def text_header() -> bytes:
    """Make the box that belongs to the handler of text; without it QuickTime shows nothing."""
    ditherless = struct.pack(">HHHHhxx", 0x40, 0x8000, 0x8000, 0x8000, 0)
    matrix = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    return box("gmhd", full_box("gmin", ditherless), box("text", matrix))


def text_sample(text: str) -> bytes:
    """Make a sample of text in UTF-8."""
    data = text.encode(errors="replace")[:0xFFFF].decode(errors="ignore").encode()
    return struct.pack(">H", len(data)) + data + box("encd", struct.pack(">I", 0x100))


def _descriptor(tag: int, content: bytes) -> bytes:
    # The length could take one byte; all writers use four, and some readers count on it.
    return struct.pack(">B3BB", tag, 0x80, 0x80, 0x80, len(content)) + content


def _big_endian(numbers: array[int]) -> bytes:
    if sys.byteorder == "little":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()
