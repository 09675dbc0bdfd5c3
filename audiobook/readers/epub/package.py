"""The package document of an EPUB: its files, their order, what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from audiobook.errors import SourceError
from audiobook.readers.archive import key
from audiobook.readers.epub.contents import Entry, nav_entries, ncx_entries, resolve
from audiobook.readers.epub.pages import PAGE_NAMES, parse_page

if TYPE_CHECKING:
    from audiobook.readers.epub.book import Book

_PAGES = frozenset(
    "application/xhtml+xml text/html text/x-oeb1-document application/xml text/xml".split()
)


class Item(NamedTuple):
    """A file that the package document lists."""

    path: str
    media_type: str
    properties: frozenset[str]


class Package:
    """What the package document says: the files, their order, what they are for."""

    def __init__(self, book: Book) -> None:
        self.path = _package_path(book)
        self.root = book.tree(self.path)
        self.items: dict[str, Item] = {}
        for item in self.root.iterfind("{*}manifest/{*}item"):
            path, _ = resolve(self.path, item.get("href") or "")
            properties = frozenset((item.get("properties") or "").split())
            self.items[item.get("id") or ""] = Item(
                path, (item.get("media-type") or "").lower(), properties
            )
        self.guide = {
            (said.get("type") or "").lower(): resolve(self.path, said.get("href") or "")[0]
            for said in self.root.iterfind("{*}guide/{*}reference")
        }
        self.spine = self._spine(book.name)
        self.contents = self._contents(book)

    def _spine(self, name: str) -> list[str]:
        """Return the paths of the pages in reading order, each once."""
        paths = {}
        for reference in self.root.iterfind("{*}spine/{*}itemref"):
            item = self.items.get(reference.get("idref") or "")
            if item and reference.get("linear") != "no" and _is_page(item):
                paths[key(item.path)] = item.path
        if not paths:
            raise SourceError(
                f"{name} has no reading order (an empty spine)", "mend it with calibre or Sigil"
            )
        return list(paths.values())

    def _contents(self, book: Book) -> list[Entry]:
        """Return the table of contents: EPUB 3's, else EPUB 2's, else nothing."""
        for item in self.items.values():
            if "nav" in item.properties and item.path in book:
                page = parse_page(book, item.path)
                if entries := list(nav_entries(page, item.path)):
                    return entries
        spine = self.root.find("{*}spine")
        named = self.items.get(spine.get("toc") or "") if spine is not None else None
        tables = [named] if named else []
        tables += [
            item for item in self.items.values() if item.media_type == "application/x-dtbncx+xml"
        ]
        for item in tables:
            if item.path in book:
                return list(ncx_entries(book.tree(item.path), item.path))
        return []


def _is_page(item: Item) -> bool:
    return item.media_type in _PAGES or (
        not item.media_type.startswith("image/") and item.path.lower().endswith(PAGE_NAMES)
    )


def _package_path(book: Book) -> str:
    """Return where the package document is: the container says, or there is only one."""
    if "META-INF/container.xml" in book:
        container = book.tree("META-INF/container.xml")
        for rootfile in container.iter("{*}rootfile"):
            path = unquote(rootfile.get("full-path") or "")
            if path in book:
                return path
    packages = book.names(".opf")
    if not packages:
        raise SourceError(
            f"{book.name} is a ZIP file without a book in it (no package document)",
            "give an EPUB, or unpack it and give the text",
        )
    return packages[0]
