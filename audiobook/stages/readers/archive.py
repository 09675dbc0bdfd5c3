"""ZIP archives of XML, as EPUB and Word files are, read within bounds on time and memory.

The name of a file in an archive is a key, never a path; nothing outside the archive is opened.
"""

from __future__ import annotations

import codecs
import io
import posixpath
import struct
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING
from xml.parsers import expat

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.salvage import rebuild
from audiobook.stages.readers.xml_files import (
    DECLARED,
    Event,
    EventParser,
    entities_error,
    parse_xml,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree


# The longest novels hold 20 MB of pages, or of Word's markup, which packs ten to forty times.
_MOST_BYTES = 256 * 2**20
_MOST_BYTES_WHOLE = 64 * 2**20
_MOST_RATIO, _RATIO_MATTERS = 250, 4 * 2**20
_MOST_MEMBERS = 50_000
_CHUNK = 64 * 1024

_ENTRY = b"PK\x01\x02"
# Flags of a ZIP entry, the compressions of EPUB and OOXML, and what zipfile says of damage.
_ENCRYPTED, _SAYS_UTF_8 = 0x1, 0x800
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError),
)
_AGAIN = message("it may be incomplete: get it again, or repair it with the program that made it")
_NO_DIRECTORY = message("its directory is missing or damaged")
_NO_BOOK = message(
    "give a book, not an archive made to fill the memory; if you trust it, give the text in it"
)


class DamageError(SourceError):
    """A file of an archive is damaged: another may do in its place."""


class Archive:
    """The files of a ZIP archive, found however a path is spelled, and unpacked within bounds."""

    def __init__(self, data: bytes, name: str, *, salvage: bool = False) -> None:
        """Open an archive.

        Args:
            data: the whole file.
            name: what to call it in messages.
            salvage: whether to save what is whole where the directory of the archive is damaged.

        Raises:
            SourceError: it is not a ZIP archive, is cut short, or has more files than books have.
        """
        self.name = name
        self.salvaged = ""
        """How its directory was damaged, so that files may be missing; empty where it was not."""
        self._left = _MOST_BYTES
        self._unpacked: set[str] = set()
        if data.count(_ENTRY) > _MOST_MEMBERS:  # before zipfile makes an object of each
            raise SourceError(
                message("{name} holds more files than a book does", name=name), _NO_BOOK
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as problem:
            rebuilt = rebuild(data, _MOST_BYTES) if salvage else None
            if rebuilt is None:
                raise _broken_error(name, _NO_DIRECTORY) from problem
            self._zip = zipfile.ZipFile(rebuilt)
            self.salvaged = _NO_DIRECTORY
        self._members = {key(_file_name(member)): member for member in self._zip.infolist()}

    def __contains__(self, path: str) -> bool:
        return key(path) in self._members

    def names(self, suffix: str = "") -> list[str]:
        """Return the names of the files that end so, in the order of the archive."""
        names = map(_file_name, self._members.values())
        return [name for name in names if name.lower().endswith(suffix)]

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            SourceError: it is not there, has a password, is damaged or too large.
        """
        if path not in self:
            raise SourceError(
                message("{name} lacks {path}, which it says it holds", name=self.name, path=path),
                _AGAIN,
            )
        if self._members[key(path)].file_size > _MOST_BYTES_WHOLE:
            raise SourceError(
                message("{name} unpacks to more text than a book holds", name=self.name), _NO_BOOK
            )
        return b"".join(self._chunks(path))

    def tree(self, path: str) -> etree._Element:
        """Return the tree of an XML file, mended where it is not well formed.

        Raises:
            SourceError: it is not XML, declares entities, or cannot be read.
        """
        root = parse_xml(self.as_utf_8(self.read(path), path), f"{self.name} ({path})")
        if root is None:
            raise self.damage_error(message("{path} is not XML", path=path))
        return root

    def events(self, path: str, prefixes: Mapping[str, str]) -> Iterator[Event]:
        """Yield the XML of a file piece by piece, whatever its size and depth.

        Args:
            path: the file; one that is not there yields nothing.
            prefixes: what to call the elements of each namespace; others have bare names.

        Raises:
            SourceError: it is not XML, declares entities, or cannot be read.
        """
        if path not in self:
            return
        parser = EventParser(prefixes, self._entities)
        try:
            for chunk in self._chunks(path):
                yield from parser.feed(chunk)
            yield from parser.feed(b"", last=True)
        except (expat.ExpatError, LookupError, ValueError) as problem:
            # LookupError, ValueError: an encoding that Python does not know, or cannot use here.
            raise self.damage_error(message("{path} is not XML", path=path)) from problem

    def broken_error(self) -> SourceError:
        """Return the error that says that what could be saved of the archive is not enough."""
        return _broken_error(self.name, self.salvaged)

    def damage_error(self, reason: str) -> DamageError:
        """Return the error that says that the archive is damaged."""
        return DamageError(
            message("{name} is damaged ({reason})", name=self.name, reason=reason), _AGAIN
        )

    def as_utf_8(self, data: bytes, path: str) -> bytes:
        """Return a file of the archive as UTF-8 if it is in UTF-16, else as it is.

        Raises:
            SourceError: it begins as UTF-16 does and is not text in that.
        """
        if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as problem:
            raise self.damage_error(message("{path} is not text in UTF-16", path=path)) from problem
        # Without its declaration, which names the old encoding.
        return DECLARED.sub(b"", text.lstrip("\ufeff").encode(), count=1)

    def _chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file; zipfile reads no more than the size that it declares."""
        member = self._members[key(path)]
        size, packed = member.file_size, max(1, member.compress_size)
        if key(path) not in self._unpacked:  # what is read again is no more text
            self._unpacked.add(key(path))
            self._left -= size
        if self._left < 0:
            raise SourceError(
                message("{name} unpacks to more text than a book holds", name=self.name), _NO_BOOK
            )
        if size > _RATIO_MATTERS and size > packed * _MOST_RATIO:
            raise SourceError(
                message(
                    "{name} unpacks to {times} times its size", name=self.name, times=size // packed
                ),
                _NO_BOOK,
            )
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _PACKED:
            raise SourceError(
                message(
                    "{name} cannot be unpacked (it has a password, or a rare compression)",
                    name=self.name,
                ),
                message("pack it again as a plain ZIP"),
            )
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _DAMAGE as problem:
            raise self.damage_error(message("{path} cannot be unpacked", path=path)) from problem

    def _entities(self) -> SourceError:
        return entities_error(self.name)


def _broken_error(name: str, reason: str) -> SourceError:
    return SourceError(
        message("{name} is a broken ZIP, EPUB or DOCX file ({reason})", name=name, reason=reason),
        _AGAIN,
    )


def key(path: str) -> str:
    """Return the key by which a file is found.

    Windows forgets case and turns slashes, macOS takes accents off their letters.
    """
    path = posixpath.normpath(path.replace("\\", "/").lstrip("/"))
    return unicodedata.normalize("NFC", path).casefold()


def _file_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a file, which some packers write in UTF-8 without saying so."""
    with suppress(UnicodeError):
        if not member.flag_bits & _SAYS_UTF_8:
            return member.filename.encode("cp437").decode("utf-8")
    return member.filename
