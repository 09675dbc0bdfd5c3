"""What is in a Kindle book, as KindleUnpack (the package `mobi`) sees it.

`serve` runs in a process of its own; it answers with a ZIP archive of what it found.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.messages.plain import to_plain
from audiobook.stages.readers.archive import Archive
from audiobook.system import apart
from audiobook.system.requirements import install_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

_AGAIN = message(
    "get it again, or convert it, for example with Calibre: ebook-convert FILE FILE.epub"
)
_ABOUT, _COVER = "book.json", "cover"
# What KindleUnpack raises at a file that is not as it expects.
_DAMAGE = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NameError),
    *(struct.error, TypeError, ValueError),
)
# A Palm database has a header, and a record begins where its table says.
_HEADER = 78


class KindleEntry(NamedTuple):
    """One line of the table of contents."""

    title: str
    level: int
    """1 for the outermost."""
    page: str
    """The name of a page, empty where there is only one text."""
    anchor: str
    """The name of an element in it, empty for its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A Kindle book in its parts."""

    meta: dict[str, list[str]]
    """What it says of itself, by the names that KindleUnpack has for it."""
    codec: str
    """What its text is said to be encoded in."""
    pages: dict[str, bytes]
    """The pages of a KF8 book by name; of an older one, all of its text."""
    entries: list[KindleEntry]
    is_kf8: bool
    cover: bytes


def unpack_book(data: bytes, name: str) -> Unpacked:
    """Return what is in a Kindle book, from another process.

    Raises:
        SourceError: it is locked, damaged or not a text, or the package `mobi` is missing.
    """
    if find_spec("mobi") is None:
        raise SourceError(
            message("{name} is a Kindle book, which needs mobi", name=name), install_hint("mobi")
        )
    answer = apart.ask(serve, data, name=name, program="KindleUnpack", remedy=_AGAIN)
    archive = Archive(answer, name)
    about: dict[str, Any] = json.loads(archive.read(_ABOUT))
    if "error" in about:
        raise apart.refusal_error(about, name)
    return Unpacked(
        meta=about["meta"],
        codec=about["codec"],
        pages={page: archive.read(page) for page in about["pages"]},
        entries=[KindleEntry(*entry) for entry in about["entries"]],
        is_kf8=about["is_kf8"],
        cover=archive.read(_COVER),
    )


class _RefusedError(Exception):
    """What is wrong with a file, and the remedy, on the way to the other process."""


def serve() -> None:
    """Read a Kindle book from standard input and write its parts to standard output, as a ZIP."""
    data = sys.stdin.buffer.read()
    cover = b""
    pages: dict[str, bytes] = {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # KindleUnpack prints
            about, pages, cover = _unpacked_parts(data)
    except _RefusedError as problem:
        error, remedy = problem.args
        about = {"error": to_plain(error), "remedy": to_plain(remedy)}
    with zipfile.ZipFile(sys.stdout.buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_ABOUT, json.dumps(about | {"pages": list(pages)}))
        archive.writestr(_COVER, cover)
        for page, content in pages.items():
            archive.writestr(page, content)


def _unpacked_parts(data: bytes) -> tuple[dict[str, Any], dict[str, bytes], bytes]:
    from mobi.kindleunpack import unpackException
    from mobi.mobi_uncompress import unpackException as UncompressError

    damage = (*_DAMAGE, unpackException, UncompressError)
    try:
        sections = _palm_records(data)
        header = _header(sections)
        text = header.getRawML()
        pages, entries = _kf8(header, sections, text) if header.isK8() else _mobi7(header, text)
    except damage as problem:
        raise _RefusedError(
            message("{name} is a damaged Kindle book", name=""), _AGAIN
        ) from problem
    cover = b""
    with contextlib.suppress(*damage):
        cover = _cover(header, sections)
    about = {
        "meta": {key: [*map(str, values)] for key, values in header.getMetaData().items()}
        | {"Full_Title": [header.title]},
        "codec": header.codec,
        "entries": entries,
        "is_kf8": header.isK8(),
    }
    return about, pages, cover


def _palm_records(data: bytes) -> Any:
    """Return the records of a Palm database; the library reads them from a file."""
    from mobi.mobi_sectioner import Sectionizer

    count = int.from_bytes(data[76:_HEADER])
    offsets = [offset for offset, _ in struct.iter_unpack(">LL", data[_HEADER:][: 8 * count])]
    if offsets != sorted(offsets) or len(offsets) < max(count, 1) or offsets[-1] > len(data):
        raise _RefusedError(
            message("{name} is a damaged Kindle book (its records overlap)", name=""), _AGAIN
        )
    handle, path = tempfile.mkstemp()
    try:
        os.write(handle, data)
        return Sectionizer(path)
    finally:
        os.close(handle)
        Path(path).unlink()


def _header(sections: Any) -> Any:
    """Return the header of the KF8 book in a file, else of the older one."""
    from mobi.mobi_header import MobiHeader

    first = MobiHeader(sections, 0)
    # PalmDOC says it only here, and the library does not look at it.
    if first.crypto_type or int.from_bytes(first.header[12:14]):
        raise _RefusedError(
            message("{name} is locked with DRM ({scheme})", name="", scheme="Kindle"),
            message("get an edition without DRM; this program does not unlock books"),
        )
    if first.isPrintReplica():
        raise _RefusedError(
            message("{name} is a Kindle Print Replica, which is a PDF inside", name=""),
            message("take the PDF out, for example with KindleUnpack, and give that"),
        )
    if not first.isK8():
        for number in range(1, sections.num_sections - 1):
            if sections.loadSection(number) == b"BOUNDARY":
                return MobiHeader(sections, number + 1)
    return first


def _mobi7(header: Any, text: bytes) -> tuple[dict[str, bytes], list[KindleEntry]]:
    """Return the text of a book before KF8, with an anchor wherever a link leads."""
    from mobi.mobi_html import HTMLProcessor

    points = list(_points(header))
    processor = HTMLProcessor(None, {}, _Nothing())
    processor.findAnchors(text, points, {})
    text, _ = processor.insertHREFS()
    return {"text": text}, [
        KindleEntry(point["text"], max(point["hlvl"], 0) + 1, "", f"filepos{point['pos']}")
        for point in points
    ]


class _Nothing(list[None]):
    """As many pictures as a book refers to, none of which matters."""

    def __getitem__(self, place: Any) -> Any:
        return None


def _kf8(header: Any, sections: Any, text: bytes) -> tuple[dict[str, bytes], list[KindleEntry]]:
    """Return the pages of a KF8 book."""
    from mobi.mobi_html import XHTMLK8Processor
    from mobi.mobi_k8proc import K8Processor

    book = K8Processor(header, sections, None)
    book.buildParts(text)
    entries = []
    for point in _points(header):
        with contextlib.suppress(*_DAMAGE):  # an entry that leads nowhere
            _, _, _, fragment, _, offset = point["pos_fid"].split(":")
            page, anchor = book.getIDTagByPosFid(fragment, offset)
            entries.append(
                KindleEntry(point["text"], max(point["hlvl"], 0) + 1, page, anchor.decode())
            )
    XHTMLK8Processor(_Nothing(), book).buildXHTML()
    pages: dict[str, bytes] = {}
    for number in range(book.getNumberOfParts()):
        name = book.getPartInfo(number)[2]
        # The library gives a page without fragments the name of the one before it.
        pages[f"{number:04}-{name}" if name in pages else name] = book.getPart(number)
    return pages, entries


def _points(header: Any) -> Iterator[dict[str, Any]]:
    """Yield the entries of the table of contents, none where it is damaged."""
    from mobi.mobi_ncx import ncxExtract

    with contextlib.suppress(*_DAMAGE):
        yield from ncxExtract(header, None).parseNCX()


def _cover(header: Any, sections: Any) -> bytes:
    offsets = header.getMetaData().get("CoverOffset", ())
    for offset in offsets:
        if 0 <= int(offset) < sections.num_sections - header.firstresource:
            return bytes(sections.loadSection(header.firstresource + int(offset)))
    return b""
