"""Checks of what a feed and its episodes have in common: advisory, artwork, date, description."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from audiobook.messages import NOTHING, Message, message
from audiobook.podcast import wording
from audiobook.podcast.dates import is_future
from audiobook.podcast.feed import ITUNES, PREFIXES

if TYPE_CHECKING:
    from datetime import datetime

    from lxml import etree

    from audiobook.podcast.lint.findings import FeedFindings

SET_IT = message("set it in library.toml")
"""The remedy for what the owner of the library decides."""
_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?\d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? [+-]\d{4}")


def child_text(element: etree._Element, name: str) -> str:
    """Return the text of a child such as ``itunes:author``; empty if there is none."""
    prefix, _, local = name.rpartition(":")
    child = element.find(f"{{{PREFIXES[prefix]}}}{local}" if prefix else local)
    return (child.text or "").strip() if child is not None else ""


def says_otherwise(name: str, value: str, wanted: str) -> Message:
    """Return that an element holds another value than it must.

    Args:
        name: the name of the element.
        value: what it holds.
        wanted: what it must hold.
    """
    return message("{name} is {value!r} instead of {wanted}", name=name, value=value, wanted=wanted)


def too_long_description(size: int) -> Message:
    """Return that a description has a wrong number of bytes."""
    return message(
        "the description has {size:,} bytes; 1 to {most:,} are allowed",
        size=size,
        most=wording.MAX_DESCRIPTION,
    )


def check_explicit(feed: FeedFindings, element: etree._Element, where: Message = NOTHING) -> None:
    """Check the parental advisory.

    Args:
        feed: collects the findings.
        element: the feed or the episode.
        where: names the episode.
    """
    text = child_text(element, "itunes:explicit")
    what = message("itunes:explicit is {value!r} instead of true or false", value=text)
    feed.need(text in ("true", "false"), "explicit", what, where)


def check_artwork(feed: FeedFindings, element: etree._Element, where: Message = NOTHING) -> None:
    """Check the picture, if there is one.

    Args:
        feed: collects the findings.
        element: the feed or the episode.
        where: names the episode.
    """
    image = element.find(f"{{{ITUNES}}}image")
    if image is None:
        return
    path = feed.local_path(image.get("href", ""), "artwork", where)
    if path:
        feed.check_file("artwork", path)


def check_date(feed: FeedFindings, element: etree._Element, where: Message = NOTHING) -> float:
    """Check the date of publication, and return it in seconds since 1970.

    Args:
        feed: collects the findings.
        element: the feed or the episode.
        where: names the episode.
    """
    text = child_text(element, "pubDate")
    try:
        date: datetime | None = parsedate_to_datetime(text) if _DATE.fullmatch(text) else None
    except ValueError:
        date = None
    if date is None:
        what = message("the date is not written as in RFC 2822: {value!r}", value=text)
        feed.add("pubdate", what, where)
        return 0.0
    feed.need(
        not is_future(date.timestamp(), feed.now),
        "pubdate",
        message("the date is in the future: {date}", date=text),
        where,
        message("set the clock right, or put dates right with audiobook feed LIBRARY --redate"),
    )
    return date.timestamp()
