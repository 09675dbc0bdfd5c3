"""The table of contents of an EPUB: the navigation of EPUB 3, the NCX of EPUB 2."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from audiobook.stages.readers.markup import attributes_of, tag_name, types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree


class ContentsEntry(NamedTuple):
    """One line of the table of contents."""

    title: str
    path: str
    fragment: str
    level: int


def nav_entries(page: etree._Element, path: str) -> Iterator[ContentsEntry]:
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
                yield ContentsEntry(title, *resolve(path, element.get("href") or ""), level)


def ncx_entries(root: etree._Element, path: str) -> Iterator[ContentsEntry]:
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
            yield ContentsEntry(title, *resolve(path, content.get("src") or ""), level)


def resolve(base: str, link: str) -> tuple[str, str]:
    """Return the path and the fragment that a link in a file leads to."""
    path, _, fragment = link.strip().partition("#")
    path = unquote(path)
    if not path:
        return base, unquote(fragment)
    # Steps above the root lead nowhere: to a name that no archive holds.
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)), unquote(fragment)
