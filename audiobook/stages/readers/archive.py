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
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers import expat

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.markup import refuse_excess, refuse_flood
from audiobook.stages.readers.salvage import rebuild
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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

DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
"""The encoding that a file declares."""
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));", re.I)


class DamageError(SourceError):
    """A file of an archive is damaged: another may do in its place."""


class Event(NamedTuple):
    """One piece of an XML file."""

    kind: str
    """start, end or text."""
    name: str
    """Prefix and local name of the element, or the text."""
    attributes: Mapping[str, str] = {}
    """By local name."""


class Archive:
    """The files of a ZIP archive, found however a path is spelled, and unpacked within bounds."""

    def __init__(self, data: bytes, name: str, *, salvage: bool = False) -> None:
        """Open an archive.

        Args:
            data: the whole file.
            name: what to call it in messages.
            salvage: whether to save what is whole where the directory of the archive is damaged.

        Raises:
            SourceError: it is no ZIP archive, is cut short, or has more files than books have.
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
            SourceError: it is no XML, declares entities, or cannot be read.
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
            SourceError: it is no XML, declares entities, or cannot be read.
        """
        if path not in self:
            return
        parser = _Parser(prefixes, self._entities)
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
        return _entities_error(self.name)


def parse_xml(data: bytes, name: str) -> etree._Element | None:
    """Return the tree of an XML file, mended where it is not well formed; None if it is no XML.

    Raises:
        SourceError: it declares entities, or is larger or deeper than texts are.
    """
    from lxml import etree

    data = _REFERENCE.sub(_without_surrogates, data.strip())
    refuse_flood(data, name)
    for recover in (False, True):
        parser = xml_parser(recover=recover)
        root = None
        with suppress(etree.XMLSyntaxError):
            root = etree.fromstring(data, parser)
        refuse_excess(parser, name)
        if root is not None:
            declared: Any = root.getroottree().docinfo.internalDTD
            if declared is not None and any(True for _ in declared.iterentities()):
                raise _entities_error(name)
            return root
    return None


def _entities_error(name: str) -> SourceError:
    return SourceError(
        message("{name} declares XML entities, which no book needs", name=name),
        message("do not trust it"),
    )


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


def xml_parser(*, recover: bool = False) -> etree.XMLParser:
    """Return a parser that loads nothing, expands nothing, and stops at 256 open elements."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _file_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a file, which some packers write in UTF-8 without saying so."""
    with suppress(UnicodeError):
        if not member.flag_bits & _SAYS_UTF_8:
            return member.filename.encode("cp437").decode("utf-8")
    return member.filename


def _without_surrogates(reference: re.Match[bytes]) -> bytes:
    """Leave out references that libxml2 mends into text that Python cannot decode."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return b"" if 0xD800 <= number <= 0xDFFF else reference[0]


class _Parser:
    """Expat, which opens nothing outside the file, as a source of events."""

    def __init__(self, prefixes: Mapping[str, str], refusal: Callable[[], SourceError]) -> None:
        self._prefixes, self._refusal = prefixes, refusal
        self._events: list[Event] = []
        self._names: dict[str, str] = {}
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._refuse
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, last: bool = False) -> list[Event]:
        self._expat.Parse(chunk, last)
        events, self._events = self._events, []
        return events

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(" ")[2]: text for key, text in attributes.items()}
        self._events.append(Event("start", self._prefixed(name), local))

    def _end(self, name: str) -> None:
        self._events.append(Event("end", self._prefixed(name)))

    def _text(self, text: str) -> None:
        self._events.append(Event("text", text))

    def _refuse(self, *_declaration: object) -> None:
        raise self._refusal()

    def _prefixed(self, name: str) -> str:
        prefixed = self._names.get(name)
        if prefixed is None:
            namespace, _, local = name.rpartition(" ")
            prefix = self._prefixes.get(namespace)
            prefixed = self._names[name] = f"{prefix}:{local}" if prefix else local
        return prefixed
