"""Checks the episodes of a feed."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.messages import Message, message
from audiobook.podcast import wording
from audiobook.podcast.feed import PODCAST, PSC
from audiobook.podcast.lint.elements import (
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

_MINUTE = 60
_SAFE = re.compile(r"[A-Za-z0-9._-]+")
_STAMP = re.compile(r"(?:<p>|<br>)(?:\d+:)?\d\d:\d\d ")


def check_episodes(feed: FeedFindings, channel: etree._Element) -> None:
    """Check each episode of a feed, and their order."""
    items = channel.findall("item")
    feed.need(items, "items", message("the feed has no episodes"))
    places: dict[str, Message] = {}
    titles: dict[str, Message] = {}
    dates: list[float] = []
    for number, item in enumerate(items, 1):
        title = child_text(item, "title")[:40]
        where = message("episode {number} ({title})", number=number, title=title)
        _check_episode(feed, item, where, number)
        first = titles.setdefault(child_text(item, "title").casefold(), where)
        what = message("{other} has the same title: clients take them for one", other=first)
        feed.need(first == where, "item-title", what, where)
        enclosure = item.find("enclosure")
        if enclosure is not None:
            name = enclosure.get("url", "").rpartition("/")[2]
            _check_name(feed, name, places.setdefault(name.lower(), where), where)
        dates.append(check_date(feed, item, where))
    if feed.path != "feed.xml":
        are_apart = all(later - date >= _MINUTE for date, later in pairwise(dates))
        what = message("the episodes are not dated a minute apart, the oldest first")
        feed.need(are_apart, "dates", what)


def _check_name(feed: FeedFindings, name: str, first: Message, where: Message) -> None:
    """Check that the name of a sound file is safe, and that of no other episode."""
    what = message("the name of the sound file has unsafe characters: {name!r}", name=name)
    feed.need(_SAFE.fullmatch(name), "enclosure-name", what, where)
    what = message("the sound file {name} is also that of {other}", name=name, other=first)
    feed.need(first == where, "enclosure-name", what, where)


def _check_episode(feed: FeedFindings, item: etree._Element, where: Message, number: int) -> None:
    """Check one episode."""
    title = child_text(item, "title")
    feed.need(title, "item-title", message("the episode has no title"), where)
    description = child_text(item, "description")
    size = len(description.encode())
    fits = 0 < size <= wording.MAX_DESCRIPTION
    feed.need(fits, "item-description", too_long_description(size), where)
    _check_guid(feed, item, where)
    _check_enclosure(feed, item, where)
    check_explicit(feed, item, where)
    seconds = child_text(item, "itunes:duration")
    feed.need(
        seconds.isdecimal() and int(seconds) > 0,
        "duration",
        message("itunes:duration is {value!r} instead of whole seconds", value=seconds),
        where,
    )
    if feed.path != "feed.xml":
        text, wanted = child_text(item, "itunes:episode"), str(number)
        what = says_otherwise("itunes:episode", text, wanted)
        feed.need(text == wanted, "episode", what, where)
    starts = [chapter.get("start", "") for chapter in item.iter(f"{{{PSC}}}chapter")]
    in_order = starts[:1] == ["00:00:00.000"] and starts == sorted(starts)
    what = message("the episode has no psc:chapters in order from 0")
    feed.need(in_order, "psc", what, where)
    stamps = [stamp.strip("<>pbr ") for stamp in _STAMP.findall(description)]
    what = message("the description lists no chapters from 00:00")
    feed.need(stamps[:1] == ["00:00"], "timestamps", what, where)
    _check_named_files(feed, item, where)
    check_artwork(feed, item, where)


def _check_guid(feed: FeedFindings, item: etree._Element, where: Message) -> None:
    """Check the identity of an episode."""
    guid, text = item.find("guid"), child_text(item, "guid")
    is_link = guid is None or guid.get("isPermaLink") != "false"
    what = message("the episode has no guid, or one that counts as a link")
    feed.need(text and not is_link, "item-guid", what, where)
    what = message("the guid is also that of another episode")
    feed.need(text not in feed.guids, "item-guid", what, where)
    feed.guids.add(text)


def _check_enclosure(feed: FeedFindings, item: etree._Element, where: Message) -> None:
    """Check the sound of an episode."""
    enclosures = item.findall("enclosure")
    if len(enclosures) != 1:
        what = message("the episode has {count} enclosures instead of one", count=len(enclosures))
        feed.add("enclosure", what, where)
        return
    kind = enclosures[0].get("type") or ""
    wanted = "audio/mpeg"
    what = message(
        "the type of the sound is {kind!r} instead of {wanted}", kind=kind, wanted=wanted
    )
    feed.need(kind == wanted, "enclosure", what, where)
    path = feed.local_path(enclosures[0].get("url", ""), "enclosure", where)
    if path:
        size, length = (feed.site / path).stat().st_size, enclosures[0].get("length")
        what = message(
            "the sound has {length} bytes in the feed and {size} in its file",
            length=length,
            size=size,
        )
        feed.need(str(size) == length, "length", what, where)
        feed.check_file("mp3", path)


def _check_named_files(feed: FeedFindings, item: etree._Element, where: Message) -> None:
    """Check the chapters and transcripts of an episode."""
    chapters = item.findall(f"{{{PODCAST}}}chapters")
    kinds = [element.get("type") for element in chapters]
    what = message("the episode has no podcast:chapters")
    feed.need(kinds == ["application/json+chapters"], "chapters", what, where)
    transcripts = item.findall(f"{{{PODCAST}}}transcript")
    kinds = [element.get("type") for element in transcripts]
    feed.need(
        {"text/vtt", "application/x-subrip"} <= set(kinds),
        "transcript",
        message("the episode lacks a transcript: VTT and SRT are wanted"),
        where,
        message("build the book with this program"),
        is_error=False,
    )
    for element in transcripts:
        is_described = element.get("language") and element.get("rel") == "captions"
        what = message('a transcript lacks its language or rel="captions"')
        feed.need(is_described, "transcript", what, where)
    for element in (*chapters, *transcripts):
        path = feed.local_path(element.get("url", ""), "file-there", where)
        if path:
            feed.check_file("captions", path)
