"""Reads pages that list articles: the feeds that they offer, and the links to articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from audiobook.errors import SourceError
from audiobook.follow.feeds import joined, text_of
from audiobook.follow.model import Entry, Listing
from audiobook.messages import message
from audiobook.model import count_words
from audiobook.stages import readers
from audiobook.stages.readers.markup import parse_html

if TYPE_CHECKING:
    from lxml import etree

    from audiobook.stages.readers.web import FetchedPage

# Words of a link from which on it is a headline, outside and inside a heading.
_FEWEST, _FEWEST_IN_HEADING = 5, 2
# What stands around the articles of a page.
_AROUND = frozenset(("nav", "header", "footer", "aside", "form"))
_HEADS = frozenset(("header", "footer"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml"))
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)
_MOST = 500
"""Links of a page that are taken for articles."""


def find_feeds(page: FetchedPage) -> list[str]:
    """Return the addresses of the feeds that a page offers, those of its own site first.

    They are the links that readers of feeds look for (RSS Advisory Board, "RSS Autodiscovery");
    feeds of comments are left out.
    """
    root = parse_html(readers.decode(page.data, page.url, page.charset).encode(), page.url)
    feeds = [
        urldefrag(joined(page.url, link.get("href") or ""))[0]
        for link in root.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
    ]
    feeds = [feed for feed in dict.fromkeys(feeds) if feed and not _COMMENTS.search(feed)]
    return sorted(feeds, key=lambda feed: _host_of(feed) != _host_of(page.url))


def read_page(page: FetchedPage) -> Listing:
    """Return the articles that a page lists, in its order: links of its site with headlines.

    Raises:
        SourceError: it lists none.
    """
    root = parse_html(readers.decode(page.data, page.url, page.charset).encode(), page.url)
    base = joined(page.url, next((base.get("href") or "" for base in root.iter("base")), ""))
    titles: dict[str, str] = {}
    headlines: set[str] = set()
    for anchor in root.iter("a"):
        link = urldefrag(joined(base, anchor.get("href") or ""))[0]
        if not _may_be_article(link, page.url) or _is_around(anchor):
            continue
        title, is_heading = _headline_of(anchor)
        if is_heading:
            headlines.add(link)
        if link not in titles or len(title) > len(titles[link]):
            titles[link] = title
    entries = [
        Entry(identity=link, link=link, title=title)
        for link, title in titles.items()
        if count_words(title) >= (_FEWEST_IN_HEADING if link in headlines else _FEWEST)
    ]
    if not entries:
        raise SourceError(
            message("{url} is no feed, and lists no articles", url=page.url),
            message("give the address of a feed, or of a page with headlines on it"),
        )
    name = next(map(_text_in, root.iter("title")), "")
    return Listing(entries=tuple(entries[:_MOST]), title=name)


def _headline_of(anchor: etree._Element) -> tuple[str, bool]:
    """Return what a link says, or the heading in it, and whether it is a heading."""
    for heading in anchor.iter(*_HEADINGS):
        return _text_in(heading), True
    inside = any(parent.tag in _HEADINGS for parent in anchor.iterancestors())
    return _text_in(anchor) or text_of(anchor.get("title") or ""), inside


def _text_in(element: etree._Element) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())


def _is_around(anchor: etree._Element) -> bool:
    """Return whether a link stands in a menu or the like; articles have heads of their own."""
    parents = {parent.tag for parent in anchor.iterancestors()}
    return bool(parents & _AROUND - (_HEADS if "article" in parents else frozenset()))


def _may_be_article(link: str, page: str) -> bool:
    """Return whether a link leads to another page of the same site that may be an article."""
    from courlan import is_navigation_page, is_not_crawlable

    parts = urlsplit(link)
    return (
        parts.scheme in ("http", "https")
        and _host_of(link) == _host_of(page)
        and (parts.path.strip("/") != "" or bool(parts.query))
        and link.rstrip("/") != page.rstrip("/")
        and not (is_not_crawlable(link) or (is_navigation_page(link) and not parts.query))
    )


def _host_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port or ''}"
