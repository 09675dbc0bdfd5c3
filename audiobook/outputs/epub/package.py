"""Makes the package document and the tables of contents of an EPUB."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from audiobook.outputs.epub.xml import (
    COVER,
    LANG,
    PACKAGE,
    TYPE,
    H,
    Maker,
    clock,
    language,
    one_line,
    xhtml_file,
    xml_file,
)
from audiobook.outputs.pictures import mime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml import etree

    from audiobook.model import Meta
    from audiobook.outputs.epub.xml import Sheet

_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"
_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_O = Maker(_OPF, {None: _OPF, "dc": _DC})
_D = Maker(_DC, {"dc": _DC})
_N = Maker(_NCX, {None: _NCX})
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
# A fixed time, so that the same book gives the same bytes; another book has another identifier.
_MODIFIED = "2000-01-01T00:00:00Z"
_ACTIVE = "-epub-media-overlay-active"
_WORDS = {
    "vi": ("Mục lục", "Bìa", "Văn bản và lời đọc đi cùng nhau, từng câu một; giọng đọc do máy."),
    "en": ("Contents", "Cover", "Text and narration in step, by the sentence; a synthetic voice."),
}


def render(meta: Meta, sheets: Sequence[Sheet], identifier: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the package document and of the tables for EPUB 3 and EPUB 2.

    Args:
        meta: what is known about the book.
        sheets: its chapters.
        identifier: the URN of the book.
    """
    folder = PACKAGE.rpartition("/")[0]
    words = _WORDS.get(meta.language[:2], _WORDS["en"])
    yield PACKAGE, xml_file(_package(meta, sheets, identifier, words[2]))
    yield f"{folder}/nav.xhtml", _nav_file(meta, sheets, words)
    yield f"{folder}/toc.ncx", xml_file(_ncx(meta, sheets, identifier))


def _package(meta: Meta, sheets: Sequence[Sheet], identifier: str, summary: str) -> etree._Element:
    tag = language(meta.language)
    return _O(
        "package",
        {"version": "3.0", "unique-identifier": "id", LANG: tag},
        _O("metadata", *_metadata(meta, sheets, identifier, summary)),
        _O("manifest", *_manifest(meta, sheets)),
        _O(
            "spine",
            {"toc": "ncx"},
            *([_O("itemref", idref="cover-page")] if meta.cover else []),
            *(_O("itemref", idref=f"page-{sheet.number}") for sheet in sheets),
        ),
    )


def _metadata(
    meta: Meta, sheets: Sequence[Sheet], identifier: str, summary: str
) -> Iterator[etree._Element]:
    yield _D("identifier", {"id": "id"}, identifier)
    yield _D("title", _title(meta))
    yield _D("language", language(meta.language))
    if author := one_line(meta.author):
        yield _D("creator", {"id": "author"}, author)
        yield _meta_property("role", "aut", refines="#author", scheme="marc:relators")
    if narrator := one_line(meta.narrator):
        yield _D("contributor", {"id": "narrator"}, narrator)
        yield _meta_property("role", "nrt", refines="#narrator", scheme="marc:relators")
        yield _meta_property("media:narrator", narrator)
    for name in ("publisher", "description"):
        if value := one_line(getattr(meta, name)):
            yield _D(name, value)
    if series := one_line(meta.series):
        yield _meta_property("belongs-to-collection", series, id="series")
        yield _meta_property("collection-type", "series", refines="#series")
        if volume := one_line(meta.volume):
            yield _meta_property("group-position", volume, refines="#series")
    if _is_date(meta.date):
        yield _D("date", meta.date)
    yield _meta_property("dcterms:modified", _MODIFIED)
    for sheet in sheets:
        if sheet.milliseconds:
            length = clock(sheet.milliseconds)
            yield _meta_property("media:duration", length, refines=f"#overlay-{sheet.number}")
    yield _meta_property("media:duration", clock(sum(sheet.milliseconds for sheet in sheets)))
    yield _meta_property("media:active-class", _ACTIVE)
    for mode in ("textual", "auditory", *(["visual"] if meta.cover else [])):
        yield _meta_property("schema:accessMode", mode)
    for modes in ("textual,auditory", "textual", "auditory"):
        yield _meta_property("schema:accessModeSufficient", modes)
    for feature in (
        "synchronizedAudioText",
        "tableOfContents",
        "readingOrder",
        "structuralNavigation",
        "displayTransformability",
        *(["alternativeText"] if meta.cover else []),
    ):
        yield _meta_property("schema:accessibilityFeature", feature)
    yield _meta_property("schema:accessibilityHazard", "none")
    yield _meta_property("schema:accessibilitySummary", summary)
    if meta.cover:
        yield _O("meta", name="cover", content="cover")  # for readers of EPUB 2


def _meta_property(name: str, value: str, **attributes: str) -> etree._Element:
    return _O("meta", {"property": name, **attributes}, value)


def _manifest(meta: Meta, sheets: Sequence[Sheet]) -> Iterator[etree._Element]:
    def item(name: str, href: str, media: str, **attributes: str) -> etree._Element:
        return _O("item", {"id": name, "href": href, "media-type": media, **attributes})

    yield item("nav", "nav.xhtml", "application/xhtml+xml", properties="nav")
    yield item("ncx", "toc.ncx", "application/x-dtbncx+xml")
    yield item("style", "style.css", "text/css")
    if meta.cover:
        media = mime(meta.cover)
        yield item("cover", COVER[media], media, properties="cover-image")
        yield item("cover-page", "cover.xhtml", "application/xhtml+xml")
    for sheet in sheets:
        number = sheet.number
        overlay = {"media-overlay": f"overlay-{number}"} if sheet.milliseconds else {}
        yield item(f"page-{number}", sheet.page, "application/xhtml+xml", **overlay)
        if sheet.milliseconds:
            yield item(f"overlay-{number}", sheet.overlay, "application/smil+xml")
            yield item(f"audio-{number}", sheet.audio, "audio/mpeg")


def _nav_file(meta: Meta, sheets: Sequence[Sheet], words: tuple[str, str, str]) -> bytes:
    contents, cover, _ = words
    entries = H("ol")
    _nest(
        sheets,
        lambda sheet, _: H("li", H("a", sheet.title, href=sheet.page)),
        lambda above: entries if above is None else _last_list(above),
    )
    landmarks = [("bodymatter", _title(meta), sheets[0].page)]
    if meta.cover:
        landmarks.insert(0, ("cover", cover, "cover.xhtml"))
    return xhtml_file(
        contents,
        language(meta.language),
        H("nav", {TYPE: "toc", "role": "doc-toc", "id": "toc"}, H("h1", contents), entries),
        H(
            "nav",
            {TYPE: "landmarks", "hidden": "hidden"},
            H(
                "ol",
                *(H("li", H("a", {TYPE: kind}, title, href=to)) for kind, title, to in landmarks),
            ),
        ),
        style="style.css",
    )


def _last_list(entry: etree._Element) -> etree._Element:
    if len(entry) == 1:
        entry.append(H("ol"))
    return entry[-1]


def _ncx(meta: Meta, sheets: Sequence[Sheet], identifier: str) -> etree._Element:
    points = _N("navMap")
    depth = _nest(
        sheets,
        lambda sheet, number: _N(
            "navPoint",
            {"id": f"point-{number}", "playOrder": str(number)},
            _N("navLabel", _N("text", sheet.title)),
            _N("content", src=sheet.page),
        ),
        lambda above: points if above is None else above,
    )
    return _N(
        "ncx",
        {"version": "2005-1", LANG: language(meta.language)},
        _N(
            "head",
            _N("meta", name="dtb:uid", content=identifier),
            _N("meta", name="dtb:depth", content=str(depth)),
            _N("meta", name="dtb:totalPageCount", content="0"),
            _N("meta", name="dtb:maxPageNumber", content="0"),
        ),
        _N("docTitle", _N("text", _title(meta))),
        points,
    )


def _nest(
    sheets: Sequence[Sheet],
    make: Callable[[Sheet, int], etree._Element],
    below: Callable[[etree._Element | None], etree._Element],
) -> int:
    """Nest the entries of chapters by their levels, and return the greatest depth.

    Args:
        sheets: the chapters.
        make: returns the entry of a chapter and its number, from 1.
        below: returns the element for entries below an entry, or for the outermost ones if that
            is None.
    """
    above: list[tuple[int, etree._Element]] = []
    deepest = 0
    for number, sheet in enumerate(sheets, 1):
        while above and above[-1][0] >= sheet.chapter.level:
            above.pop()
        entry = make(sheet, number)
        below(above[-1][1] if above else None).append(entry)
        above.append((sheet.chapter.level, entry))
        deepest = max(deepest, len(above))
    return deepest


def _title(meta: Meta) -> str:
    return one_line(meta.title) or "—"


def _is_date(written: str) -> bool:
    """Whether a text is a date of EPUB: a year, a month or a day (W3CDTF)."""
    if not _DATE.fullmatch(written):
        return False
    try:
        date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return False
    return True
