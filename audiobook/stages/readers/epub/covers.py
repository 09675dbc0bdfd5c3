"""Finds the cover of an EPUB: where the book says it is, or on a first page that shows only it."""

from __future__ import annotations

import base64
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.outputs.cover import size_of
from audiobook.outputs.pictures import kind_of
from audiobook.stages.readers.archive import DamageError
from audiobook.stages.readers.epub.contents import resolve
from audiobook.stages.readers.epub.pages import PAGE_NAMES, parse_page
from audiobook.stages.readers.xml_files import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from audiobook.stages.readers.epub.book import EpubArchive
    from audiobook.stages.readers.epub.package import EpubPackage

_XLINK = "http://www.w3.org/1999/xlink"
_LINKS = ("src", "href", f"{{{_XLINK}}}href", "xlink:href")
_TYPE = "{http://www.idpf.org/2007/ops}type"
# What the guide of EPUB 2 calls a cover page, and in books of Microsoft the picture itself.
_GUIDE = ("cover", "other.ms-coverimage-standard", "other.ms-coverimage")
_IDS = frozenset(("cover", "cover-image", "coverimage", "cover_image", "cover-img"))
# A first page that nobody calls a cover is one if it holds a picture of so many pixels at least, at
# most so many letters, and is a file of at most so many bytes.
_LEAST_SIDE, _MOST_LETTERS, _MOST_BYTES = 300, 40, 20_000
# Pictures that are looked at until one can be used; a file may be named as often as it likes.
_MOST_CANDIDATES = 20
# Bytes of the pictures that are put into a drawing.
_MOST_EMBEDDED = 32 * 2**20


def cover_of(book: EpubArchive, package: EpubPackage) -> bytes:
    """Return the picture on the cover of a book; empty if it has none.

    One that cannot be used is returned only where there is no other, for the user to hear of it.
    """
    unusable, lost = b"", list[str]()
    for picture in islice(_candidates(book, package, lost), _MOST_CANDIDATES):
        if kind_of(picture):
            return picture
        unusable = unusable or picture
    if not unusable:
        book.faults.covers += lost
    return unusable


def _candidates(book: EpubArchive, package: EpubPackage, lost: list[str]) -> Iterator[bytes]:
    """Yield what may be the cover, best first; paths of what cannot be read go into ``lost``."""
    for path in dict.fromkeys(_named_paths(book, package)):
        if path not in book:
            lost.append(path)
            continue
        try:
            yield from _pictures_at(book, path)
        except DamageError:
            lost.append(path)
    with suppress(DamageError):  # told of where the page is read
        yield from _lone_picture(book, package)


def _pictures_at(book: EpubArchive, path: str) -> Iterator[bytes]:
    """Yield the pictures on a page, or the picture that is the file itself."""
    if path.lower().endswith(PAGE_NAMES):
        yield from _pictures_on(book, parse_page(book, path), path)
    else:
        data = book.read(path)
        yield _embed_pictures(book, data, path) if kind_of(data) == "SVG" else data


def _named_paths(book: EpubArchive, package: EpubPackage) -> Iterator[str]:
    """Yield the paths of pictures and pages that a book calls its cover: as EPUB 3 does, else 2."""
    items = package.items
    yield from (item.path for item in items.values() if "cover-image" in item.properties)
    for meta in package.root.iterfind("{*}metadata//{*}meta"):
        if meta.get("name") == "cover":
            content = meta.get("content") or ""
            item = items.get(content)
            yield item.path if item else resolve(package.path, content)[0]
    yield from (package.guide[kind] for kind in _GUIDE if kind in package.guide)
    for item in items.values():
        if "nav" in item.properties and item.path in book:
            with suppress(DamageError):  # told of where the table of contents is read
                yield from _landmarks(parse_page(book, item.path), item.path)
    for name, item in items.items():
        if name.lower() in _IDS and item.media_type.startswith("image/"):
            yield item.path


def _landmarks(nav: etree._Element, path: str) -> Iterator[str]:
    for link in nav.iter("{*}a"):
        if "cover" in (link.get(_TYPE) or "").split():
            yield resolve(path, link.get("href") or "")[0]


def _lone_picture(book: EpubArchive, package: EpubPackage) -> Iterator[bytes]:
    """Yield the picture on the first page of a book if that shows hardly anything else."""
    for path in package.spine[:1]:
        if path not in book or len(book.read(path)) > _MOST_BYTES:
            return
        page = parse_page(book, path)
        body = page.find(".//{*}body")
        text = "".join(map(str, body.itertext())) if body is not None else ""
        pictures = list(islice(_pictures_on(book, page, path), 2))
        if sum(map(str.isalpha, text)) <= _MOST_LETTERS and len(pictures) == 1:
            yield from filter(_is_large, pictures)


def _is_large(picture: bytes) -> bool:
    try:
        return min(size_of(picture)) >= _LEAST_SIDE
    except SourceError:
        return False


def _pictures_on(book: EpubArchive, page: etree._Element, path: str) -> Iterator[bytes]:
    """Yield the pictures on a page: `img` of HTML, `image` of SVG, and drawings in SVG."""
    from lxml import etree

    for element in page.iter("{*}img", "{*}image", "{*}object"):
        link = _link_of(element) or element.get("data") or ""
        target = resolve(path, link)[0]
        if target in book:
            yield book.read(target)
    for drawing in page.iter("{*}svg"):
        if drawing.find(".//{*}image") is None:
            yield etree.tostring(drawing, with_tail=False)


def _embed_pictures(book: EpubArchive, svg: bytes, path: str) -> bytes:
    """Return an SVG picture with the pictures in it that are files of their own in the book.

    Those beyond `_MOST_EMBEDDED` stay links, which lead nowhere.
    """
    from lxml import etree

    try:
        root = parse_xml(svg, f"{book.name} ({path})")
    except SourceError:
        return svg  # drawn as far as it goes
    if root is None:
        return svg
    left = _MOST_EMBEDDED
    for element in root.iter("{*}image"):
        target = resolve(path, _link_of(element))[0]
        if target in book:
            picture = book.read(target)
            left -= len(picture)
            if left < 0:
                break
            data = base64.b64encode(picture).decode("ascii")
            for name in _LINKS:
                element.attrib.pop(name, "")
            element.set(f"{{{_XLINK}}}href", f"data:image/png;base64,{data}")
    return etree.tostring(root)


def _link_of(element: etree._Element) -> str:
    return next((link for name in _LINKS if (link := element.get(name))), "")
