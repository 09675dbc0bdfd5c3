"""RSS 2.0 with what Apple, the podcast namespace and Podlove add to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from audiobook.podcast import wording
from audiobook.podcast.manifest import media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml import etree

    from audiobook.podcast.shelf import Addresses

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
PSC = "http://podlove.org/simple-chapters"
PREFIXES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "psc": PSC}

_LONGEST_PERSON = 128
_PERSONS = {"author": "writing", "narrator": "cast"}


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says about itself."""

    root: str
    """Where the site is served, without a slash at the end."""
    path: str
    """Of the feed, from there."""
    page: str
    """Of the page it belongs to, from there."""
    artwork: str
    """From there."""
    title: str
    description: str
    """HTML, at most `wording.DESCRIPTION` bytes."""
    author: str
    owner: str
    email: str
    category: tuple[str, ...]
    language: str
    licence: str
    explicit: bool
    guid: str
    serial: bool
    """It is one book, chapter by chapter, not a library."""
    synthetic: bool
    """A machine speaks."""
    date: int
    """Of the latest episode, seconds since 1970."""
    persons: tuple[tuple[str, str], ...] = ()
    """Role (author or narrator) and name."""


@dataclass(frozen=True, slots=True)
class Episode:
    """What a feed says about an episode."""

    title: str
    description: str
    """HTML, at most `wording.DESCRIPTION` bytes."""
    guid: str
    date: int
    """Seconds since 1970."""
    seconds: float
    size: int
    """Bytes of the MP3."""
    at: Addresses
    language: str
    chapters: tuple[tuple[float, str], ...]
    """Seconds and title."""
    number: int = 0
    """From 1 in a serial feed."""
    persons: tuple[tuple[str, str], ...] = ()
    """Role (author or narrator) and name."""


def render(channel: Channel, episodes: Iterable[Episode]) -> bytes:
    """Render a feed, its episodes in the order given."""
    from lxml import etree

    root = etree.Element("rss", {"version": "2.0"}, PREFIXES)
    within = etree.SubElement(root, "channel")
    within.extend(_about(channel))
    for episode in episodes:
        within.append(_item(channel, episode))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def parser() -> etree.XMLParser:
    """Return what reads feeds of anyone safely."""
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _about(channel: Channel) -> list[etree._Element]:
    page, artwork = f"{channel.root}/{channel.page}", f"{channel.root}/{channel.artwork}"
    own = {"href": f"{channel.root}/{channel.path}", "rel": "self", "type": "application/rss+xml"}
    owner = [_element("itunes:name", channel.owner or channel.author or channel.title)]
    owner.append(_element("itunes:email", channel.email))
    top, *part = channel.category
    image = [
        _element("url", artwork),
        _element("title", channel.title),
        _element("link", page),
    ]
    return [
        _element("title", channel.title),
        _element("link", page),
        _element("atom:link", attributes=own),
        _element("description", channel.description),
        _element("language", channel.language),
        *_optional("copyright", channel.licence),
        _element("pubDate", _date(channel.date)),
        _element("generator", "audiobook"),
        _element("image", within=image),
        _element("itunes:image", attributes={"href": artwork}),
        _element("itunes:author", channel.author or channel.owner or channel.title),
        *([_element("itunes:owner", within=owner)] if channel.email else []),
        _element(
            "itunes:category",
            attributes={"text": top},
            within=[_element("itunes:category", attributes={"text": one}) for one in part],
        ),
        _element("itunes:explicit", str(channel.explicit).lower()),
        _element("itunes:type", "serial" if channel.serial else "episodic"),
        _element("podcast:guid", channel.guid),
        _element("podcast:medium", "audiobook" if channel.serial else "podcast"),
        *_optional("podcast:locked", "yes" if channel.email else "", {"owner": channel.email}),
        *_optional("podcast:txt", "true" if channel.synthetic else "", {"purpose": "ai-content"}),
        *_optional("podcast:license", channel.licence[:_LONGEST_PERSON]),
        *_people(channel.persons),
    ]


def _item(channel: Channel, episode: Episode) -> etree._Element:
    at, root = episode.at, channel.root
    files = {
        "url": f"{root}/{at.media}",
        "length": str(episode.size),
        "type": media_type(at.media),
    }
    item = [
        _element("title", episode.title),
        _element("link", f"{root}/{at.page}"),
        _element("description", episode.description),
        _element("guid", episode.guid, {"isPermaLink": "false"}),
        _element("enclosure", attributes=files),
        _element("pubDate", _date(episode.date)),
        _element("itunes:title", episode.title),
        _element("itunes:duration", str(max(1, round(episode.seconds)))),
        _element("itunes:explicit", str(channel.explicit).lower()),
        _element("itunes:episodeType", "full"),
    ]
    if episode.number:
        item.append(_element("itunes:episode", str(episode.number)))
    if at.cover:
        item.append(_element("itunes:image", attributes={"href": f"{root}/{at.cover}"}))
    if at.chapters:
        where = {"url": f"{root}/{at.chapters}", "type": media_type(at.chapters)}
        item.append(_element("podcast:chapters", attributes=where))
    for path in filter(None, (at.vtt, at.srt)):
        about = {"url": f"{root}/{path}", "type": media_type(path)}
        about |= {"language": episode.language, "rel": "captions"}
        item.append(_element("podcast:transcript", attributes=about))
    item += _people(episode.persons)
    marks = [
        _element("psc:chapter", attributes={"start": _mark(seconds), "title": title})
        for seconds, title in episode.chapters
    ]
    if marks:
        item.append(_element("psc:chapters", attributes={"version": "1.2"}, within=marks))
    return _element("item", within=item)


def _element(
    name: str,
    text: str = "",
    attributes: dict[str, str] | None = None,
    within: Sequence[etree._Element] = (),
) -> etree._Element:
    from lxml import etree

    prefix, _, local = name.rpartition(":")
    if prefix:
        space = PREFIXES[prefix]
        made = etree.Element(f"{{{space}}}{local}", nsmap={prefix: space})
    else:
        made = etree.Element(local)
    for key, value in (attributes or {}).items():
        made.set(key, value)
    made.text = text or None
    made.extend(within)
    return made


def _optional(
    name: str, text: str, attributes: dict[str, str] | None = None
) -> list[etree._Element]:
    return [_element(name, text, attributes)] if text else []


def _people(persons: Iterable[tuple[str, str]]) -> list[etree._Element]:
    return [
        _element(
            "podcast:person",
            name[:_LONGEST_PERSON].strip(),
            {"role": role, "group": _PERSONS[role]},
        )
        for role, name in persons
        if name
    ]


def _date(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC))


def _mark(seconds: float) -> str:
    """Return a time as Podlove Simple Chapters writes it."""
    thousandths = round(seconds * 1000)
    return f"{wording.clock(thousandths // 1000, hours=True)}.{thousandths % 1000:03}"
