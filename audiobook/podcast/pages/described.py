"""What pages tell search engines and other programs of a library and its books."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from audiobook.messages import localize, message
from audiobook.podcast.pages.templates import duration, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobook.podcast.model import Addresses, Library, Volume

SITEMAP, ROBOTS, MANIFEST = "sitemap.xml", "robots.txt", "site.webmanifest"
"""Addresses from the root of the site."""
_MOST_CHARACTERS = 300
"""Of a description: search engines show about half of that."""


def describe_library(library: Library) -> str:
    """Return what a search engine may show of the page of a library, on one line."""
    if library.description:
        return shorten(library.description)
    told = message("{title}: audiobooks to listen to and to read along.", title=library.title)
    return localize(told)


def describe_volume(volume: Volume) -> str:
    """Return what a search engine may show of the page of a book, on one line."""
    meta = volume.meta
    if meta.description:
        return shorten(meta.description)
    name = " – ".join(filter(None, (meta.title or volume.name, meta.author)))
    told = message("{name}: an audiobook of {length}.", name=name, length=duration(volume.seconds))
    return localize(told)


def shorten(text: str) -> str:
    """Return a text on one line, in whole words, as long as a description may be."""
    line = " ".join(text.split())
    if len(line) <= _MOST_CHARACTERS:
        return line
    cut = line[:_MOST_CHARACTERS]
    return f"{cut.rpartition(' ')[0] or cut}…"


def audiobook_data(library: Library, volume: Volume, addresses: Addresses, root: str) -> str:
    """Return what a book is, as JSON-LD (schema.org Audiobook) that can stand in a page.

    A voice that a machine speaks is no reader: only people are named as such.

    Args:
        library: the settings of the library.
        volume: the book.
        addresses: the addresses of its files from the root of the site.
        root: the address of the site, without a slash at the end.
    """
    meta = volume.meta
    person = {"@type": "Person"}
    book: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Audiobook",
        "name": meta.title or volume.name,
        "author": {**person, "name": meta.author} if meta.author else None,
        "readBy": {**person, "name": meta.narrator}
        if meta.narrator and not volume.synthetic
        else None,
        "publisher": {"@type": "Organization", "name": meta.publisher} if meta.publisher else None,
        "description": meta.description and shorten(meta.description),
        "inLanguage": meta.language or library.language,
        "datePublished": meta.date,
        "duration": f"PT{round(volume.seconds)}S",
        "image": f"{root}/{addresses.cover}" if addresses.cover else None,
        "url": f"{root}/{addresses.page}",
        "encoding": {
            "@type": "AudioObject",
            "contentUrl": f"{root}/{addresses.media}",
            "encodingFormat": "audio/mpeg",
        },
    }
    told = {name: value for name, value in book.items() if value}
    # ASCII, and nothing in it that could end the element or begin another.
    text = json.dumps(_cleaned(told))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    return plain(value)


def render_sitemap(root: str, pages: Iterable[str]) -> str:
    """Return the map of a site (sitemaps.org 0.9).

    Args:
        root: the address of the site, without a slash at the end.
        pages: the paths of its pages from there.
    """
    entries = "".join(f"<url><loc>{escape(f'{root}/{page}')}</loc></url>\n" for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n"
    )


def render_robots(root: str) -> str:
    """Return what search engines are told (RFC 9309); they ask for it at the root of a host."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {root}/{SITEMAP}\n"


def render_manifest(library: Library, icons: dict[int, str]) -> str:
    """Return what a phone needs to put the library among its programs (W3C Web App Manifest).

    Args:
        library: the settings of the library.
        icons: the paths of square PNG files by their sides in pixels.
    """
    document = {
        "name": plain(library.title),
        "short_name": plain(library.title),
        "lang": library.language,
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#fbf8f2",
        "theme_color": "#96291b",
        "icons": [
            {"src": path, "sizes": f"{side}x{side}", "type": "image/png"}
            for side, path in icons.items()
        ],
    }
    return json.dumps(document, ensure_ascii=True)
