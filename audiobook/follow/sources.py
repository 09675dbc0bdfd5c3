"""Asks a source on the web what it lists: a feed, a page with a feed, or a page of headlines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.follow import feeds, pages
from audiobook.follow.model import Followed
from audiobook.stages.readers.web import UNKNOWN, Validators

if TYPE_CHECKING:
    from audiobook.follow.courtesy import Visitor
    from audiobook.follow.model import Listing
    from audiobook.stages.readers.web import FetchedPage

# Feeds that a page offers and that are looked at until one lists something.
_MOST_FEEDS = 3


class Answer(NamedTuple):
    """What a source lists now."""

    listing: Listing | None
    """None if it is the list that was read last."""
    followed: Followed
    """What to keep of the source."""


def ask(url: str, followed: Followed, visitor: Visitor, *, anew: bool) -> Answer:
    """Return what a source lists.

    A page that offers a feed is followed by that feed, as long as there is one.

    Args:
        url: the address that the user named.
        followed: what was kept of the source.
        visitor: visits its site.
        anew: whether the list is wanted even if it is the one that was read last.

    Raises:
        SourceError: it cannot be read, or robots.txt forbids to look for articles on the page.
    """
    known = UNKNOWN if anew else Validators(followed.etag, followed.modified)
    if followed.feed:
        try:
            page = visitor.fetch(followed.feed, known, is_invited=True)
            if page.is_unchanged:
                return Answer(None, followed)
            if feeds.is_feed(page):
                return _answer(page, feeds.read_feed(page), followed)
        except SourceError:  # it may have moved: the page tells where
            pass
        followed, known = replace(followed, feed="", etag="", modified=""), UNKNOWN
    page = visitor.fetch(url, known, is_invited=True)
    if page.is_unchanged:
        return Answer(None, followed)
    if feeds.is_feed(page):
        return _answer(page, feeds.read_feed(page), followed)
    for address in pages.find_feeds(page)[:_MOST_FEEDS]:
        try:
            feed = visitor.fetch(address, is_invited=True)
            listing = feeds.read_feed(feed) if feeds.is_feed(feed) else None
        except SourceError:  # the page lists the articles, too
            continue
        if listing and listing.entries:
            return _answer(feed, listing, replace(followed, feed=address))
    visitor.check_allowed(page.url)
    return _answer(page, pages.read_page(page), followed)


def _answer(page: FetchedPage, listing: Listing, followed: Followed) -> Answer:
    """Return an answer; a list that broke off is asked for again, even if it does not change."""
    validators = page.validators if listing.is_whole else UNKNOWN
    kept = replace(followed, etag=validators.etag, modified=validators.modified)
    return Answer(listing, kept)
