"""The package document of an EPUB: its files, their order, what they are for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.archive import DamageError, key
from audiobook.stages.readers.epub.contents import ContentsEntry, nav_entries, ncx_entries, resolve
from audiobook.stages.readers.epub.pages import PAGE_NAMES, parse_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobook.stages.readers.epub.book import EpubArchive

_PAGES = frozenset(
    "application/xhtml+xml text/html text/x-oeb1-document application/xml text/xml".split()
)
# Entries of the package that stand in for one another, one after another.
_MOST_FALLBACKS = 16


class Item(NamedTuple):
    """A file that the package document lists."""

    path: str
    media_type: str
    properties: frozenset[str]
    fallback: str = ""
    """The name of what to show where this cannot be shown."""


class EpubPackage:
    """What the package document says: the files, their order, what they are for."""

    def __init__(self, book: EpubArchive) -> None:
        self.path = _package_path(book)
        self.root = book.tree(self.path)
        self.items: dict[str, Item] = {}
        for item in self.root.iterfind("{*}manifest/{*}item"):
            link = item.get("href") or ""
            path = resolve(self.path, link)[0]
            if path not in book:  # as the link is spelled, or in another folder
                path = resolve(self.path, link.replace("%", "%25"))[0]
                path = path if path in book else book.locate(resolve(self.path, link)[0])
            properties = frozenset((item.get("properties") or "").split())
            self.items[item.get("id") or ""] = Item(
                path,
                (item.get("media-type") or "").strip().lower(),
                properties,
                item.get("fallback") or "",
            )
        self.guide = {
            (entry.get("type") or "").lower(): resolve(self.path, entry.get("href") or "")[0]
            for entry in self.root.iterfind("{*}guide/{*}reference")
        }
        self.spine: list[str] = []
        """The pages in reading order."""
        self.asides: list[str] = []
        """The pages beside it."""
        self._read_spine(book)
        self.contents = self._contents(book)

    def _read_spine(self, book: EpubArchive) -> None:
        """Find the pages in reading order, and those beside it, each once.

        Raises:
            SourceError: there are none, or a file cut short lacks some.
        """
        pages = self._pages_in_spine(book)
        if not any(path in book for path in pages):
            pages = self._pages_as_listed(book) or pages
        if not pages:
            raise SourceError(
                message("{name} has no reading order (an empty spine)", name=book.name),
                message("repair it with calibre or Sigil, or read its pictures with OCR"),
            )
        book.faults.missing += [path for path in pages if path not in book]
        present = {key(path): (path, aside) for path, aside in pages.items() if path in book}
        if not present or (book.salvaged and book.faults.missing):
            book.read(book.faults.missing[0])  # which says what is not there
        all_aside = all(aside for _, aside in present.values())
        self.spine = [path for path, aside in present.values() if all_aside or not aside]
        self.asides = [path for path, aside in present.values() if aside and not all_aside]

    def _pages_in_spine(self, book: EpubArchive) -> dict[str, bool]:
        """Return the pages that the spine refers to, and whether each stands beside the order.

        A reference may name a file instead of its entry.
        """
        by_path = {item.path: item for item in self.items.values()}
        pages: dict[str, bool] = {}
        for reference in self.root.iterfind("{*}spine/{*}itemref"):
            name = reference.get("idref") or ""
            item = self.items.get(name) or by_path.get(resolve(self.path, name)[0])
            if item is None:
                book.faults.missing.append(name)
            elif page := self._displayable_page(item):
                aside = reference.get("linear") == "no"
                pages[page.path] = aside and pages.get(page.path, True)
        return pages

    def _pages_as_listed(self, book: EpubArchive) -> dict[str, bool]:
        """Return the pages in the order in which the package lists them."""
        paths = [
            item.path
            for item in self.items.values()
            if _is_page(item) and "nav" not in item.properties and item.path in book
        ]
        book.faults.unordered = paths
        return dict.fromkeys(paths, False)

    def _displayable_page(self, item: Item | None) -> Item | None:
        """Return an entry of the package if it is a page, or the page that stands in for it."""
        for _ in range(_MOST_FALLBACKS):
            if item is None or _is_page(item):
                break
            item = self.items.get(item.fallback)
        return item if item and _is_page(item) else None

    def _contents(self, book: EpubArchive) -> list[ContentsEntry]:
        """Return the table of contents: EPUB 3's, else EPUB 2's, else nothing.

        One that is damaged is noted, and is no page of the book either.
        """
        for item, entries_of in self._tables_of_contents():
            if item.path not in book:
                continue
            try:
                entries = entries_of(book, item.path)
            except DamageError:
                book.faults.contents.append(item.path)
                self.spine = [path for path in self.spine if path != item.path]
                continue
            if entries:
                return entries
        return []

    def _tables_of_contents(
        self,
    ) -> Iterator[tuple[Item, Callable[[EpubArchive, str], list[ContentsEntry]]]]:
        """Yield the tables of contents, best first, each with what reads it."""
        for item in self.items.values():
            if "nav" in item.properties:
                yield item, _read_nav
        spine = self.root.find("{*}spine")
        named = self.items.get(spine.get("toc") or "") if spine is not None else None
        if named:
            yield named, _read_ncx
        for item in self.items.values():
            if item.media_type == "application/x-dtbncx+xml" and item is not named:
                yield item, _read_ncx


def _read_nav(book: EpubArchive, path: str) -> list[ContentsEntry]:
    return list(nav_entries(parse_page(book, path), path))


def _read_ncx(book: EpubArchive, path: str) -> list[ContentsEntry]:
    return list(ncx_entries(book.tree(path), path))


def _is_page(item: Item) -> bool:
    return item.media_type in _PAGES or (
        not item.media_type.startswith("image/") and item.path.lower().endswith(PAGE_NAMES)
    )


def _package_path(book: EpubArchive) -> str:
    """Return where the package document is: the container says, or there is only one."""
    if "META-INF/container.xml" in book:
        with suppress(DamageError):  # what is damaged says nothing
            container = book.tree("META-INF/container.xml")
            for rootfile in container.iter("{*}rootfile"):
                path = unquote(rootfile.get("full-path") or "")
                if path in book:
                    return path
    packages = book.names(".opf")
    if not packages and book.salvaged:
        raise book.broken_error()
    if not packages:
        raise SourceError(
            message(
                "{name} is a ZIP file without a book in it (no package document)", name=book.name
            ),
            message("give an EPUB, or unpack it and give the text"),
        )
    book.faults.packages.append(packages[0])
    return packages[0]
