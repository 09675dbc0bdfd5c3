"""What an EPUB says of itself (Dublin Core)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Meta
from audiobook.stages.readers.epub.covers import cover_of
from audiobook.stages.readers.markup import flow, parse_html
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from audiobook.stages.readers.epub.book import EpubArchive
    from audiobook.stages.readers.epub.package import EpubPackage

_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_OPF = "http://www.idpf.org/2007/opf"
_ISO_DATE = re.compile(r"[1-9]\d{3}(?:-\d\d(?:-\d\d)?)?(?=$|T)")


def meta_of(book: EpubArchive, package: EpubPackage) -> Meta:
    """Return what the package document says of the book (Dublin Core)."""
    texts = {
        key: [
            (" ".join("".join(map(str, element.itertext())).split()), element)
            for element in package.root.iterfind(f"{{*}}metadata//{{{_DUBLIN_CORE}}}{key}")
        ]
        for key in ("title", "creator", "date", "language", "publisher", "description")
    }
    roles = _refined_roles(package)
    authors = [text for text, element in texts["creator"] if _role(element, roles) in ("", "aut")]
    dates = [
        match[0]
        for text, element in texts["date"]
        if _date_event(element) != "modification" and (match := _ISO_DATE.match(text))
    ]

    def first(key: str) -> str:
        return next((text for text, _ in texts[key] if text), "")

    series, volume = _series(package)
    language = first("language")
    return Meta(
        title=first("title"),
        author=", ".join(filter(None, authors)),
        date=next(iter(dates), ""),
        language=language if language.lower() not in ("", "und") else Meta().language,
        publisher=first("publisher"),
        description=_without_markup(first("description"), book.name),
        series=series,
        volume=volume,
        cover=cover_of(book, package),
    )


def _refined_roles(package: EpubPackage) -> dict[str, str]:
    """Return the MARC roles that a `meta` gives, as in EPUB 3, by the link to the creator."""
    roles: dict[str, str] = {}
    for meta in package.root.iterfind("{*}metadata/{*}meta"):
        if meta.get("property") == "role":
            roles.setdefault(meta.get("refines") or "", (meta.text or "").strip())
    return roles


def _role(element: etree._Element, refined: Mapping[str, str]) -> str:
    """Return the MARC role of a creator: in an attribute in EPUB 2, refined by a `meta` in 3."""
    return element.get(f"{{{_OPF}}}role") or refined.get(f"#{element.get('id')}", "")


def _series(package: EpubPackage) -> tuple[str, str]:
    """Return the series and the place in it: as EPUB 3 says it, else as Calibre does."""
    metas = list(package.root.iterfind("{*}metadata//{*}meta"))
    refined = {
        (meta.get("refines"), meta.get("property")): " ".join((meta.text or "").split())
        for meta in metas
    }
    for meta in metas:
        name = " ".join((meta.text or "").split())
        if meta.get("property") == "belongs-to-collection" and name:
            of = f"#{meta.get('id')}"
            if refined.get((of, "collection-type"), "series") == "series":
                return name, refined.get((of, "group-position"), "")
    named = {meta.get("name"): " ".join((meta.get("content") or "").split()) for meta in metas}
    series = named.get("calibre:series", "")
    # Calibre writes 3.0 for 3.
    return series, named.get("calibre:series_index", "").removesuffix(".0") if series else ""


def _date_event(element: etree._Element) -> str:
    return element.get(f"{{{_OPF}}}event") or ""


def _without_markup(description: str, name: str) -> str:
    """Return a description without its markup."""
    if "<" not in description:
        return description
    root = parse_html(description.encode(), name)
    return "\n".join(paragraph.text for paragraph in flow(root).paragraphs)
