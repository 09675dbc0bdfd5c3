"""Small Kindle books made by the tests: Mobipocket, KF8, and PalmDOC, which has only text."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_NONE = 0xFFFFFFFF
Entry = tuple[bytes, dict[int, list[int]]]


def palm(records: Sequence[bytes], kind: bytes = b"BOOKMOBI") -> bytes:
    """Return a Palm database of these records."""
    offset = 78 + 8 * len(records) + 2
    table = b""
    for number, record in enumerate(records):
        table += struct.pack(">LL", offset, number)
        offset += len(record)
    head = b"Sach".ljust(60, b"\0") + kind + bytes(8) + struct.pack(">H", len(records))
    return head + table + bytes(2) + b"".join(records)


def packed(text: bytes) -> bytes:
    """Return text as PalmDOC packs what has no repetitions: runs of eight bytes."""
    runs = (text[start : start + 8] for start in range(0, len(text), 8))
    return b"".join(bytes([len(run)]) + run for run in runs)


def text_records(text: bytes) -> list[bytes]:
    """Return the records of a text, 4096 bytes each before they are packed."""
    return [packed(text[start : start + 4096]) for start in range(0, len(text), 4096)]


def palmdoc(text: bytes, *, locked: int = 0) -> bytes:
    """Return a book that is nothing but text."""
    texts = text_records(text)
    head = struct.pack(">HHLHHHH", 2, 0, len(text), len(texts), 4096, locked, 0)
    return palm([head, *texts], b"TEXtREAd")


def exth(fields: dict[int, bytes]) -> bytes:
    """Return what a book says of itself."""
    body = b"".join(
        struct.pack(">LL", number, len(value) + 8) + value for number, value in fields.items()
    )
    head = b"EXTH" + struct.pack(">LL", len(body) + 12, len(fields))
    return head + body + bytes(-len(head + body) % 4)


def header(
    count: int,
    title: bytes,
    fields: dict[int, bytes],
    *,
    version: int = 6,
    codec: int = 65001,
    locked: int = 0,
    indices: dict[int, int] | None = None,
) -> bytes:
    """Return the first record of a Mobipocket or KF8 book of so many records of text.

    ``indices`` are the numbers of further records, by where in the header they stand.
    """
    length = 264
    head = bytearray(16 + length)
    struct.pack_into(">HHLHHHH", head, 0, 2, 0, 0, count, 4096, locked, 0)
    struct.pack_into(">4sLLLLL", head, 16, b"MOBI", length, 2, codec, 1, version)
    for place in (0x28, 0x2C, 0x50, 0x6C, 0xC0, 0xF4, 0xF8, 0xFC, 0x100, 0x104):
        struct.pack_into(">L", head, place, (indices or {}).get(place, _NONE))
    struct.pack_into(">L", head, 0x5C, 0x2A)  # Vietnamese
    struct.pack_into(">L", head, 0x68, version)
    struct.pack_into(">L", head, 0x80, 0x40)
    about = exth(fields)
    struct.pack_into(">LL", head, 0x54, len(head) + len(about), len(title))
    return bytes(head) + about + title + bytes(2)


def _number(value: int) -> bytes:
    """Return a number as indices have it: seven bits a byte, the last one marked."""
    digits = [value & 0x7F | 0x80]
    while value := value >> 7:
        digits.insert(0, value & 0x7F)
    return bytes(digits)


def index(entries: Sequence[Entry], tags: dict[int, int], names: bytes = b"") -> list[bytes]:
    """Return the records of an index: its head, its entries, and the names that they point to.

    ``tags`` are the tags that every entry has, and how many numbers each has.
    """
    masks = [1 << place for place in range(len(tags))]
    table = b"".join(
        bytes([tag, size, mask, 0]) for (tag, size), mask in zip(tags.items(), masks, strict=True)
    )
    table += bytes([0, 0, 0, 1])
    tagx = b"TAGX" + struct.pack(">LL", len(table) + 12, 1) + table
    body, places = b"", []
    for text, values in entries:
        places.append(192 + len(body))
        body += bytes([len(text)]) + text + bytes([sum(masks)])
        body += b"".join(_number(value) for tag in tags for value in values[tag])
    idxt = b"IDXT" + b"".join(struct.pack(">H", place) for place in places)
    return [
        _indx(1, 1 if names else 0) + tagx,
        _indx(len(entries), 0, 192 + len(body)) + body + idxt,
        *([names] if names else []),
    ]


def _indx(count: int, names: int, start: int = 0) -> bytes:
    words = (192, 0, 0, 0, start, count, 65001, 0, count, 0, 0, 0, names)
    return (b"INDX" + struct.pack(">13L", *words)).ljust(192, b"\0")


def name_table(names: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """Return the names of an index in one record, and where each stands."""
    table, places = b"", []
    for name in names:
        places.append(len(table))
        table += _number(len(name)) + name
    return table, places


def mobi7(
    text: bytes,
    fields: dict[int, bytes] | None = None,
    *,
    title: bytes = b"Sach",
    points: Sequence[tuple[str, int, int]] = (),
    pictures: Sequence[bytes] = (),
    codec: int = 65001,
    locked: int = 0,
) -> bytes:
    """Return a Mobipocket book; its points are titles, levels from 0, and positions in the text."""
    texts = text_records(text)
    indices = {0x6C: len(texts) + 1} if pictures else {}
    records = [*pictures]
    if points:
        indices[0xF4] = len(texts) + 1 + len(pictures)
        names, places = name_table([name.encode() for name, _, _ in points])
        entries = [
            (b"%03d" % number, {1: [position], 2: [1], 3: [place], 4: [level]})
            for number, ((_, level, position), place) in enumerate(zip(points, places, strict=True))
        ]
        records += index(entries, {1: 1, 2: 1, 3: 1, 4: 1}, names)
    head = header(len(texts), title, fields or {}, codec=codec, locked=locked, indices=indices)
    return palm([head, *texts, *records])


def kf8(
    bodies: Sequence[str],
    fields: dict[int, bytes] | None = None,
    *,
    points: Sequence[tuple[str, int, int, int]] = (),
) -> bytes:
    """Return a KF8 book of pages; its points are titles, levels, pages and positions in them."""
    text, skeletons, fragments = b"", [], []
    begin, end = b"<html><body>", b"</body></html>"
    names, (place,) = name_table([b"P-//*[@aid='0']"])
    for number, body in enumerate(map(str.encode, bodies)):
        start = len(text)
        skeletons.append((b"SKEL%010d" % number, {1: [1], 6: [start, len(begin + end)]}))
        values = {2: [place], 3: [number], 4: [number], 6: [0, len(body)]}
        fragments.append((b"%010d" % (start + len(begin)), values))
        text += begin + end + body
    texts = text_records(text)
    following: list[bytes] = []
    indices = {}
    for field, records in (
        (0xFC, index(skeletons, {1: 1, 6: 2})),
        (0xF8, index(fragments, {2: 1, 3: 1, 4: 1, 6: 2}, names)),
    ):
        indices[field] = 1 + len(texts) + len(following)
        following += records
    if points:
        indices[0xF4] = 1 + len(texts) + len(following)
        titles, places = name_table([title.encode() for title, *_ in points])
        entries = [
            (b"%03d" % number, {3: [where], 4: [level], 6: [page, position]})
            for number, ((_, level, page, position), where) in enumerate(
                zip(points, places, strict=True)
            )
        ]
        following += index(entries, {3: 1, 4: 1, 6: 2}, titles)
    head = header(len(texts), b"Sach", fields or {}, version=8, indices=indices)
    return palm([head, *texts, *following])
