"""The pages of a site: a library to choose from, and a page to listen to each book and read it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from audiobook.messages import in_language
from audiobook.podcast.pages import assets, described, subscribing, templates, texts
from audiobook.podcast.pages.assets import ASSETS, PLAYER_SCRIPTS, VERSION
from audiobook.podcast.pages.templates import make_environment, template_loader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.podcast.model import Addresses, Library, Volume

__all__ = [
    "ASSETS",
    "LIBRARY_FEED",
    "LIBRARY_PAGE",
    "LIBRARY_SUBSCRIBE",
    "PLAYER_SCRIPTS",
    "VERSION",
    "library_files",
    "listening_variables",
    "make_environment",
    "render_library",
    "render_subscribe",
    "render_volume",
    "template_loader",
]

LIBRARY_PAGE, LIBRARY_FEED, LIBRARY_SUBSCRIBE = "index.html", "feed.xml", "subscribe.html"
"""Addresses from the root of the site."""


def render_library(
    library: Library,
    volumes: Sequence[tuple[Volume, Addresses]],
    *,
    root: str = "",
    artwork: str = "",
) -> str:
    """Render the page that lists all books.

    Args:
        library: the settings of the library.
        volumes: the books in the order in which they are shown, each with the addresses of its
            files; cues are not needed.
        root: the address of the site, without a slash at the end; empty if it is not known.
        artwork: the path of the picture of the library; empty for none.
    """
    with in_language(words_language(library)):
        return _render(
            "library.html",
            library,
            LIBRARY_PAGE,
            root,
            scripts=assets.LIBRARY_SCRIPTS,
            volumes=volumes,
            summary=described.describe_library(library),
            picture=artwork,
        )


def render_volume(library: Library, volume: Volume, addresses: Addresses, *, root: str = "") -> str:
    """Render the page of a book: cover, chapters, player, and the text as it is heard.

    Args:
        library: the settings of the library.
        volume: the book; without cues the page has no text.
        addresses: the addresses of the files of the book, from the root of the site.
        root: the address of the site, without a slash at the end; empty if it is not known.
    """
    with in_language(words_language(library)):
        return _render(
            "volume.html",
            library,
            addresses.page,
            root,
            scripts=assets.PLAYER_SCRIPTS,
            volume=volume,
            meta=volume.meta,
            addresses=addresses,
            summary=described.describe_volume(volume),
            picture=addresses.cover,
            data=described.audiobook_data(library, volume, addresses, root) if root else "",
            **listening_variables(volume),
        )


def render_subscribe(
    library: Library, page: str, feed: str, *, root: str, title: str = "", back: str = ""
) -> str:
    """Render the page that tells how to subscribe to a feed.

    Args:
        library: the settings of the library.
        page: the path of the page from the root of the site.
        feed: the path of the feed.
        root: the address of the site, without a slash at the end.
        title: what the feed is called; that of the library if empty.
        back: the path of the page that led here; that of the library if empty.
    """
    address = f"{root}/{feed}"
    with in_language(words_language(library)):
        return _render(
            "subscribe.html",
            library,
            page,
            root,
            scripts=assets.SUBSCRIBE_SCRIPTS,
            title=title or library.title,
            back=back or LIBRARY_PAGE,
            feed_path=feed,
            address=address,
            links=subscribing.app_links(address),
            code=subscribing.qr_code(address),
        )


def library_files(
    library: Library, volumes: Sequence[tuple[Volume, Addresses]], root: str
) -> dict[str, bytes]:
    """Return the files that belong to no book alone, without the feed, by their paths.

    Args:
        library: the settings of the library.
        volumes: the books and the addresses of their files, in the order of the page.
        root: the address of the site, without a slash at the end.
    """
    shared = {f"{assets.FOLDER}/{name}": data for name, data in ASSETS.items()}
    icons = {side: f"{assets.FOLDER}/icon-{side}.png" for side in (180, 512)}
    pages = [LIBRARY_PAGE, *(addresses.page for _, addresses in volumes)]
    texts = {
        described.MANIFEST: described.render_manifest(library, icons),
        described.ROBOTS: described.render_robots(root),
        described.SITEMAP: described.render_sitemap(root, pages),
        LIBRARY_SUBSCRIBE: render_subscribe(library, LIBRARY_SUBSCRIBE, LIBRARY_FEED, root=root),
    }
    written = {path: text.encode() for path, text in texts.items()}
    return {**shared, **assets.WORKER, **written}


def listening_variables(volume: Volume) -> dict[str, Any]:
    """Return what the parts of a page to listen on show of a book: its contents and its text."""
    return {
        "contents": texts.nest_chapters(volume.chapters, volume.rate),
        "sections": texts.text_sections(volume) if volume.cues else [],
    }


def words_language(library: Library) -> str:
    """Return the language of the words on the pages of a library: vi, or en for all others."""
    return "vi" if library.language.lower().partition("-")[0] == "vi" else "en"


def _render(template: str, library: Library, page: str, root: str, **variables: Any) -> str:
    """Render a page, with addresses relative to it."""
    to = _relative_to(page)
    site = {
        "library": library,
        "language": words_language(library),
        "to": to,
        "home": to(LIBRARY_PAGE),
        "feed": to(LIBRARY_FEED),
        "subscribe": to(LIBRARY_SUBSCRIBE),
        "manifest": to(described.MANIFEST),
        "assets": {name: to(f"{assets.FOLDER}/{name}") for name in ASSETS},
        "root": root,
        "page": page,
    }
    return templates.environment().get_template(template).render(**site, **variables)


def _relative_to(page: str) -> Callable[[str], str]:
    folder = posixpath.dirname(page) or "."

    def to(address: str) -> str:
        slash = "/" if address.endswith("/") else ""
        return posixpath.relpath(address, folder) + slash

    return to
