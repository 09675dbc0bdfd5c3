"""EPUB 2 and 3: a ZIP of web pages with a reading order and a table of contents."""

from __future__ import annotations

import codecs
import html.entities
import io
import posixpath
import re
import struct
import unicodedata
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from audiobook.errors import SourceError
from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.readers.markup import (
    attributes_of,
    flow,
    parse_html,
    refuse_excess,
    tag_name,
    types,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# The longest novels hold about 20 MB of pages; text compresses ten times, seldom twenty.
_MOST_BYTES = 256 * 2**20
_MOST_BYTES_A_FILE = 64 * 2**20
_MOST_RATIO, _RATIO_MATTERS = 200, 2**20
# Flags of a ZIP entry, the compressions of EPUB, and what zipfile says of what is damaged.
_ENCRYPTED, _SAYS_UTF_8 = 0x1, 0x800
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
# A page is a table of contents when so much of its text is links within the book, and it either
# is named so or is longer than the title of a part, which may well link back to the contents.
_CONTENTS_SHARE = 0.9
_LONGEST_TITLE_PAGE = 3

_PAGES = frozenset(
    "application/xhtml+xml text/html text/x-oeb1-document application/xml text/xml".split()
)
_PAGE_NAMES = (".xhtml", ".html", ".htm", ".xht", ".xml")
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_OPF = "http://www.idpf.org/2007/opf"
_XLINK = "http://www.w3.org/1999/xlink"
# A title stands among the first lines of its chapter, after the author's name and the book's.
_TITLE_WITHIN = 5

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

# Fonts may be garbled with these and the book still be read.
_FONT_OBFUSCATION = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_DRM = {
    "META-INF/license.lcpl": "Readium LCP",
    "META-INF/sinf.xml": "Apple FairPlay",
    "META-INF/rights.xml": "Adobe ADEPT",
}

_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9.-]*);")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));", re.I)
# In HTML only a few elements can close themselves; XHTML that is read as HTML forgets that.
_SELF_CLOSED = re.compile(
    rb"<((?!area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)[a-z][a-z0-9]*)"
    rb"(\s[^<>]*)?/>",
    re.I,
)
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
_ISO_DATE = re.compile(r"[1-9]\d{3}(?:-\d\d(?:-\d\d)?)?(?=$|T)")


def read(data: bytes, name: str) -> Document:
    """Read an EPUB into a document whose chapters are those of its table of contents.

    What stands before the first entry is a chapter without a title; a document that is itself
    only a table of contents is not read, nor is what the spine calls not linear.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is not an EPUB, is cut short, protected, has no reading order or no text,
            lacks a file it names, or is larger or deeper than books are.
    """
    archive = _Archive(data, name)
    package = _Package(archive)
    chapters = _chapters(archive, package)
    if not chapters:
        raise SourceError(
            f"{name} holds no text", "if its pages are pictures, read them with OCR first"
        )
    return Document(_meta(archive, package), tuple(chapters))


# --- the archive --------------------------------------------------------------------------------


class _Archive:
    """The files of an EPUB, found whatever the spelling, never more than a book holds."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = _MOST_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as problem:
            raise SourceError(
                f"{name} is not a whole EPUB (its ZIP directory cannot be read)",
                "it may be cut short: get the file again",
            ) from problem
        self._members = {_key(_file_name(member)): member for member in self._zip.infolist()}
        self._encrypted: set[str] = set()
        self._encrypted = self._protected()

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._members

    def names(self, suffix: str) -> list[str]:
        """Return the names of the files that end so, in the order of the archive."""
        names = map(_file_name, self._members.values())
        return [name for name in names if name.lower().endswith(suffix)]

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            SourceError: it is not there, protected, damaged or too large.
        """
        member = self._members.get(_key(path))
        if member is None:
            raise SourceError(
                f"{self.name} lacks {path}, which it says it holds",
                "get the book again, or mend it with calibre or Sigil",
            )
        if _key(path) in self._encrypted:
            raise self._locked()
        size, packed = member.file_size, max(1, member.compress_size)
        self._left -= size
        if size > _MOST_BYTES_A_FILE or self._left < 0:
            raise SourceError(f"{self.name} unpacks to more text than a book holds", _NO_BOOK)
        if size > _RATIO_MATTERS and size > packed * _MOST_RATIO:
            raise SourceError(f"{self.name} unpacks to {size // packed} times its size", _NO_BOOK)
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _PACKED:
            raise SourceError(
                f"{self.name} cannot be unpacked (it has a password, or a rare compression)",
                "pack it again as a plain ZIP",
            )
        try:
            return self._zip.read(member)
        except _DAMAGE as problem:
            raise SourceError(
                f"{self.name} is damaged ({path} cannot be unpacked)", "get the file again"
            ) from problem

    def parse(self, path: str) -> etree._Element:
        """Return the tree of an XML file."""
        return _parse_xml(self.read(path), path, self.name)

    def _protected(self) -> set[str]:
        """Return the files that are encrypted, other than fonts."""
        path = "META-INF/encryption.xml"
        locked: set[str] = set()
        if path not in self:
            return locked
        for entry in self.parse(path).iter("{*}EncryptedData"):
            method = entry.find("{*}EncryptionMethod")
            algorithm = method.get("Algorithm") if method is not None else None
            if algorithm not in _FONT_OBFUSCATION:
                references = entry.iter("{*}CipherReference")
                locked.update(_key(unquote(found.get("URI") or "")) for found in references)
        return locked

    def _locked(self) -> SourceError:
        who = next((drm for path, drm in _DRM.items() if path in self), "")
        return SourceError(
            f"{self.name} is locked with DRM{f' ({who})' if who else ''}",
            "get an edition without DRM; this program does not unlock books",
        )


_NO_BOOK = "give a book, not an archive made to fill the disk"


def _file_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a file, which some packers write in UTF-8 without saying so."""
    with suppress(UnicodeError):
        if not member.flag_bits & _SAYS_UTF_8:
            return member.filename.encode("cp437").decode("utf-8")
    return member.filename


def _key(path: str) -> str:
    """Return the path by which a file is found.

    Windows forgets case and turns slashes, macOS takes accents off their letters.
    """
    path = posixpath.normpath(path.replace("\\", "/").lstrip("/"))
    return unicodedata.normalize("NFC", path).casefold()


def _resolve(base: str, link: str) -> tuple[str, str]:
    """Return the path and the fragment that a link in a file leads to."""
    path, _, fragment = link.strip().partition("#")
    path = unquote(path)
    if not path:
        return base, unquote(fragment)
    # Steps above the root lead nowhere: to a name that no archive holds.
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)), unquote(fragment)


# --- the package --------------------------------------------------------------------------------


class _Item(NamedTuple):
    path: str
    media_type: str
    properties: frozenset[str]


class _Entry(NamedTuple):
    """One line of the table of contents."""

    title: str
    path: str
    fragment: str
    level: int


class _Package:
    """What the package document says: the files, their order, what they are for."""

    def __init__(self, archive: _Archive) -> None:
        self.path = _package_path(archive)
        self.root = archive.parse(self.path)
        self.items: dict[str, _Item] = {}
        for item in self.root.iterfind("{*}manifest/{*}item"):
            path, _ = _resolve(self.path, item.get("href") or "")
            properties = frozenset((item.get("properties") or "").split())
            self.items[item.get("id") or ""] = _Item(
                path, (item.get("media-type") or "").lower(), properties
            )
        self.guide = {
            (reference.get("type") or "").lower(): _resolve(self.path, reference.get("href") or "")[
                0
            ]
            for reference in self.root.iterfind("{*}guide/{*}reference")
        }
        self.spine = self._spine(archive.name)
        self.contents = self._contents(archive)

    def _spine(self, name: str) -> list[str]:
        """Return the paths of the pages in reading order, each once."""
        paths = {}
        for reference in self.root.iterfind("{*}spine/{*}itemref"):
            item = self.items.get(reference.get("idref") or "")
            if item and reference.get("linear") != "no" and _is_page(item):
                paths[_key(item.path)] = item.path
        if not paths:
            raise SourceError(
                f"{name} has no reading order (an empty spine)", "mend it with calibre or Sigil"
            )
        return list(paths.values())

    def _contents(self, archive: _Archive) -> list[_Entry]:
        """Return the table of contents: EPUB 3's, else EPUB 2's, else nothing."""
        for item in self.items.values():
            if "nav" in item.properties and item.path in archive:
                page = _parse_page(archive.read(item.path), item.path, archive.name)
                if entries := list(_nav_entries(page, item.path)):
                    return entries
        spine = self.root.find("{*}spine")
        named = self.items.get(spine.get("toc") or "") if spine is not None else None
        tables = [named] if named else []
        tables += [
            item for item in self.items.values() if item.media_type == "application/x-dtbncx+xml"
        ]
        for item in tables:
            if item.path in archive:
                return list(_ncx_entries(archive.parse(item.path), item.path))
        return []


def _is_page(item: _Item) -> bool:
    return item.media_type in _PAGES or (
        not item.media_type.startswith("image/") and item.path.lower().endswith(_PAGE_NAMES)
    )


def _package_path(archive: _Archive) -> str:
    """Return where the package document is: the container says, or there is only one."""
    if "META-INF/container.xml" in archive:
        container = archive.parse("META-INF/container.xml")
        for rootfile in container.iter("{*}rootfile"):
            path = unquote(rootfile.get("full-path") or "")
            if path in archive:
                return path
    packages = archive.names(".opf")
    if not packages:
        raise SourceError(
            f"{archive.name} is a ZIP file without a book in it (no package document)",
            "give an EPUB, or unpack it and give the text",
        )
    return packages[0]


def _nav_entries(page: etree._Element, path: str) -> Iterator[_Entry]:
    """Yield the entries of an EPUB 3 navigation document."""
    from lxml import etree

    navs = list(page.iter("{*}nav"))
    navs = [nav for nav in navs if "toc" in types(attributes_of(nav))] or navs
    for nav in navs[:1]:
        # An entry is a link, or the plain text above a nested list: its level is how many lists
        # are around it.
        level = 0
        for event, element in etree.iterwalk(nav, events=("start", "end")):
            tag = tag_name(element)
            if tag == "ol":
                level += 1 if event == "start" else -1
            elif event == "start" and tag == "a" and level and element.get("href"):
                title = " ".join("".join(map(str, element.itertext())).split())
                yield _Entry(title, *_resolve(path, element.get("href") or ""), level)


def _ncx_entries(root: etree._Element, path: str) -> Iterator[_Entry]:
    """Yield the entries of an EPUB 2 table of contents."""
    from lxml import etree

    level = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if tag_name(element) != "navpoint":
            continue
        if event == "end":
            level -= 1
            continue
        level += 1
        title = " ".join((element.findtext("{*}navLabel/{*}text") or "").split())
        content = element.find("{*}content")
        if content is not None and content.get("src"):
            yield _Entry(title, *_resolve(path, content.get("src") or ""), level)


# --- the chapters -------------------------------------------------------------------------------


def _chapters(archive: _Archive, package: _Package) -> list[Chapter]:
    """Read the spine and divide it where the table of contents says."""
    entries: dict[str, list[_Entry]] = {}
    for entry in package.contents:
        entries.setdefault(_key(entry.path), []).append(entry)
    chapters: list[Chapter] = []
    title, level = "", 1
    paragraphs: list[Paragraph] = []
    cited: set[str] = set()
    for path in package.spine:
        page = _parse_page(archive.read(path), path, archive.name)
        read = flow(page, path, cited)
        is_longer = len(read.paragraphs) > _LONGEST_TITLE_PAGE
        if read.links >= _CONTENTS_SHARE and (is_longer or path == package.guide.get("toc")):
            continue
        start = 0
        for cut, entry in _cuts(read.paragraphs, read.places, entries.get(_key(path), [])):
            paragraphs += read.paragraphs[start:cut]
            start = cut
            if paragraphs:
                chapters.append(_chapter(title, level, paragraphs))
            title, level, paragraphs = entry.title, entry.level, []
        paragraphs += read.paragraphs[start:]
    if paragraphs:
        chapters.append(_chapter(title, level, paragraphs))
    return chapters


def _cuts(
    paragraphs: list[Paragraph], places: dict[str, int], entries: list[_Entry]
) -> list[tuple[int, _Entry]]:
    """Return the positions in a page at which chapters begin, in order.

    An entry whose place is unknown stands for the whole page, unless another one does. Headings
    right before a place belong to what follows. Where entries share a place, a heading that shows
    the title of the outer one is left to it.
    """
    known = [entry for entry in entries if not entry.fragment or entry.fragment in places]
    found = [(places.get(entry.fragment, 0), entry) for entry in known]
    if all(place for place, _ in found):
        lost = [entry for entry in entries if entry not in known]
        found += [(0, entry) for entry in lost[:1]]
    cuts: list[tuple[int, _Entry]] = []
    previous = -1
    for place, entry in sorted(found, key=lambda cut: cut[0]):
        place = max(place, previous)
        if place == previous and place < len(paragraphs):
            place += _shows(paragraphs[place], cuts[-1][1].title)
        cut = place
        for before in range(place - 1, previous, -1):
            if paragraphs[before].kind is Kind.HEADING:
                cut = before
            elif paragraphs[before].kind is not Kind.BREAK:
                break
        cuts.append((cut, entry))
        previous = place
    return cuts


def _chapter(title: str, level: int, paragraphs: list[Paragraph]) -> Chapter:
    """Make a chapter; the first lines that show its title are its heading."""
    for place, paragraph in enumerate(paragraphs[:_TITLE_WITHIN]):
        if paragraph.kind is Kind.HEADING:
            break
        if _shows(paragraph, title):
            paragraphs[place] = Paragraph(paragraph.text, Kind.HEADING, level)
            break
    return Chapter(title, tuple(paragraphs), level)


def _shows(paragraph: Paragraph, title: str) -> bool:
    return bool(title) and _comparable(paragraph.text) == _comparable(title)


def _comparable(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


# --- what is known about the book ---------------------------------------------------------------


def _meta(archive: _Archive, package: _Package) -> Meta:
    """Return what the package document says of the book (Dublin Core)."""
    said = {
        key: [
            (" ".join("".join(map(str, element.itertext())).split()), element)
            for element in package.root.iterfind(f"{{*}}metadata//{{{_DUBLIN_CORE}}}{key}")
        ]
        for key in ("title", "creator", "date", "language", "publisher", "description")
    }
    authors = [text for text, element in said["creator"] if _role(element, package) in ("", "aut")]
    dates = [
        found[0]
        for text, element in said["date"]
        if _event(element) != "modification" and (found := _ISO_DATE.match(text))
    ]

    def first(key: str) -> str:
        return next((text for text, _ in said[key] if text), "")

    language = first("language")
    return Meta(
        title=first("title"),
        author=", ".join(filter(None, authors)),
        date=next(iter(dates), ""),
        language=language if language.lower() not in ("", "und") else Meta().language,
        publisher=first("publisher"),
        description=_plain(first("description"), archive.name),
        cover=_cover(archive, package),
    )


def _role(element: etree._Element, package: _Package) -> str:
    """Return the MARC role of a creator: in an attribute in EPUB 2, refined by a meta in 3."""
    if role := element.get(f"{{{_OPF}}}role"):
        return role
    refined = f"#{element.get('id')}"
    for meta in package.root.iterfind("{*}metadata/{*}meta"):
        if meta.get("refines") == refined and meta.get("property") == "role":
            return (meta.text or "").strip()
    return ""


def _event(element: etree._Element) -> str:
    return element.get(f"{{{_OPF}}}event") or ""


def _plain(description: str, name: str) -> str:
    """Return a description without its markup."""
    if "<" not in description:
        return description
    root = parse_html(description.encode(), name)
    return "\n".join(paragraph.text for paragraph in flow(root).paragraphs)


def _cover(archive: _Archive, package: _Package) -> bytes:
    """Return the picture on the cover: as EPUB 3 says it, else EPUB 2, else the cover page."""
    paths = [item.path for item in package.items.values() if "cover-image" in item.properties]
    for meta in package.root.iterfind("{*}metadata//{*}meta"):
        if meta.get("name") == "cover":
            content = meta.get("content") or ""
            item = package.items.get(content)
            paths.append(item.path if item else _resolve(package.path, content)[0])
    if page := package.guide.get("cover"):
        paths.append(page)
        if page in archive and page.lower().endswith(_PAGE_NAMES):
            paths += _pictures(_parse_page(archive.read(page), page, archive.name), page)
    for path in paths:
        if path in archive and (data := archive.read(path)).startswith(_PICTURES):
            return data
    return b""


def _pictures(page: etree._Element, path: str) -> Iterator[str]:
    """Yield the paths of the pictures on a page: `img` of HTML, `image` of SVG."""
    for element in page.iter("{*}img", "{*}image"):
        link = element.get("src") or element.get(f"{{{_XLINK}}}href") or element.get("xlink:href")
        if link:
            yield _resolve(path, link)[0]


# --- trees --------------------------------------------------------------------------------------


def _parse_xml(data: bytes, path: str, name: str) -> etree._Element:
    """Return the tree of an XML file, mended where it is not well formed."""
    from lxml import etree

    data = _REFERENCE.sub(_but_surrogates, _as_utf_8(data, path, name).strip())
    root = None
    for recover in (False, True):
        parser = _xml_parser(recover=recover)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            refuse_excess(parser, f"{name} ({path})")
        if root is not None:
            return root
    raise SourceError(
        f"{name} is damaged ({path} is not XML)", "get the book again, or mend it with calibre"
    )


def _parse_page(data: bytes, path: str, name: str) -> etree._Element:
    """Return the tree of a page: as XHTML when it is well formed, else as a browser reads HTML."""
    from lxml import etree

    data = _ENTITY.sub(_as_number, _as_utf_8(data, path, name).strip())
    if not data:
        return etree.Element("html")
    parser = _xml_parser()
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        refuse_excess(parser, f"{name} ({path})")
    declared = _DECLARED.search(data[:1024])
    data = _decode(data, declared[1].decode("ascii") if declared else "utf-8", path, name)
    return parse_html(_SELF_CLOSED.sub(rb"<\1\2></\1>", data), f"{name} ({path})")


def _as_utf_8(data: bytes, path: str, name: str) -> bytes:
    """Return a file that is in UTF-8, or in what it declares, but not in UTF-16."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16", path, name)
    return data


def _decode(data: bytes, encoding: str, path: str, name: str) -> bytes:
    """Return text in UTF-8, without a declaration that says otherwise."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as problem:
        raise SourceError(
            f"{name} is damaged ({path} is not text in {encoding})", "get the book again"
        ) from problem
    return _DECLARED.sub(b"", text.lstrip("\ufeff").encode(), count=1)


def _xml_parser(*, recover: bool = False) -> etree.XMLParser:
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


def _as_number(entity: re.Match[bytes]) -> bytes:
    """Write `&nbsp;` as XML can read it; an entity that HTML does not know is mere text."""
    text = html.entities.html5.get(f"{entity[1].decode('ascii')};")
    if text is None:
        return b"&amp;" + entity[0][1:]
    return "".join(f"&#{ord(character)};" for character in text).encode("ascii")


def _but_surrogates(reference: re.Match[bytes]) -> bytes:
    """Leave out references that libxml2 mends into text that Python cannot decode."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return b"" if 0xD800 <= number <= 0xDFFF else reference[0]
