"""Checks what a feed says about itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from audiobook.messages import message
from audiobook.podcast import categories, wording
from audiobook.podcast.feed import ATOM, ITUNES, PODCAST
from audiobook.podcast.lint.elements import (
    SET_IT,
    check_artwork,
    check_date,
    check_explicit,
    child_text,
    says_otherwise,
    too_long_description,
)

if TYPE_CHECKING:
    from lxml import etree

    from audiobook.podcast.lint.findings import FeedFindings

_LONGEST_PERSON = 128
_TAG = re.compile(r"</?(?:p|br|a|b|i|em|strong|ul|ol|li|div|span)\b[^>]*>", re.IGNORECASE)
_NEEDED = {
    "title": message("the feed has no title"),
    "link": message("the feed has no link"),
    "description": message("the feed has no description"),
    "language": message("the feed has no language"),
}


def check_channel(feed: FeedFindings, channel: etree._Element) -> None:
    """Check the channel of a feed by every rule."""
    for name, missing in _NEEDED.items():
        feed.need(child_text(channel, name), f"channel-{name}", missing, remedy=SET_IT)
    description = child_text(channel, "description")
    feed.need(
        not _TAG.search(description),
        "channel-description",
        message("the description of the feed is no plain text: clients show its tags"),
    )
    size = len(description.encode())
    feed.need(
        size <= wording.MAX_DESCRIPTION,
        "channel-description",
        too_long_description(size),
        remedy=SET_IT,
    )
    _check_address(feed, channel)
    _check_category(feed, channel)
    check_explicit(feed, channel)
    author = child_text(channel, "itunes:author")
    feed.need(author, "author", message("the feed has no itunes:author"), remedy=SET_IT)
    _check_kind(feed, channel)
    _check_guid(feed, child_text(channel, "podcast:guid"))
    _check_lock(feed, channel)
    _check_narration(feed, channel)
    _check_people(feed, channel)
    check_date(feed, channel)
    has_artwork = channel.find(f"{{{ITUNES}}}image") is not None
    feed.need(has_artwork, "artwork", message("the feed has no artwork"), remedy=SET_IT)
    check_artwork(feed, channel)


def _check_address(feed: FeedFindings, channel: etree._Element) -> None:
    """Check that the feed names its own address, once."""
    links = [
        (link.get("type"), link.get("href"))
        for link in channel.findall(f"{{{ATOM}}}link")
        if link.get("rel") == "self"
    ]
    kind, address = "application/rss+xml", f"{feed.root}/{feed.path}"
    named = ", ".join(f"{link_address} ({link_kind})" for link_kind, link_address in links)
    feed.need(
        links == [(kind, address)],
        "self-link",
        message(
            "atom:link must name {address} ({kind}) once; it names {named}",
            address=address,
            kind=kind,
            named=named or message("nothing"),
        ),
    )


def _check_category(feed: FeedFindings, channel: etree._Element) -> None:
    """Check that the feed has a category that Apple has, too."""
    tops = channel.findall(f"{{{ITUNES}}}category")
    category = tuple(element.get("text", "") for top in tops[:1] for element in top.iter())
    feed.need(
        categories.is_known(category),
        "category",
        message("Apple has no category {category}", category=" > ".join(category))
        if category
        else message("the feed has no category"),
        remedy=SET_IT,
    )


def _check_kind(feed: FeedFindings, channel: etree._Element) -> None:
    """Check that clients show a book from its beginning, and a library from its latest book."""
    is_book = feed.path != "feed.xml"
    for name, wanted in (
        ("itunes:type", "serial" if is_book else "episodic"),
        ("podcast:medium", "audiobook" if is_book else "podcast"),
    ):
        text = child_text(channel, name)
        feed.need(text == wanted, "kind", says_otherwise(name, text, wanted))


def _check_guid(feed: FeedFindings, guid: str) -> None:
    """Check the identity of the feed."""
    try:
        UUID(guid)
    except ValueError:
        feed.add("feed-guid", message("podcast:guid is not a UUID: {guid!r}", guid=guid))
    feed.guids.add(guid)


def _check_lock(feed: FeedFindings, channel: etree._Element) -> None:
    """Check that other hosts ask the owner before they import the feed."""
    locked = channel.find(f"{{{PODCAST}}}locked")
    feed.need(
        locked is not None and "@" in locked.get("owner", "") and locked.text in ("yes", "no"),
        "locked",
        message("the feed has no podcast:locked with an owner: anyone may import it elsewhere"),
        remedy=message("set email in library.toml"),
        is_error=False,
    )


def _check_narration(feed: FeedFindings, channel: etree._Element) -> None:
    """Check that the feed says that a machine speaks."""
    ai_content = [
        element.text
        for element in channel.findall(f"{{{PODCAST}}}txt")
        if element.get("purpose") == "ai-content"
    ]
    feed.need(
        ai_content == ["true"],
        "ai-content",
        message("the feed does not say that a machine speaks"),
        remedy=message("leave it so only if people read the books"),
        is_error=False,
    )


def _check_people(feed: FeedFindings, channel: etree._Element) -> None:
    """Check that authors and narrators are named, none at too great length."""
    people = [person.text or "" for person in channel.iter(f"{{{PODCAST}}}person")]
    for name in people:
        feed.need(
            0 < len(name) <= _LONGEST_PERSON,
            "person",
            message(
                "a name has {count} characters; 1 to {most} are allowed: {name!r}",
                count=len(name),
                most=_LONGEST_PERSON,
                name=name[:40],
            ),
        )
    feed.need(
        people,
        "person",
        message("the feed names neither author nor narrator"),
        remedy=message("build books with --author and --narrator"),
        is_error=False,
    )
