"""RSS 2.0 with what Apple, the podcast namespace and Podlove add to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.podcast import wording
from audiobook.podcast.manifest import media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml import etree

    from audiobook.podcast.model import Addresses

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
PSC = "http://podlove.org/simple-chapters"
PREFIXES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "psc": PSC}

_LONGEST_PERSON = 128
_TITLE = re.compile(rb"<title>[^<]*</title>")
_PERSONS = {"author": "writing", "narrator": "cast"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says about itself."""

    root: str
    """The address at which the site is served, without a slash at the end."""
    path: str
    """The path of the feed from the root."""
    page: str
    """The path of the page that the feed belongs to, from the root."""
    artwork: str
    """The path of the picture from the root."""
    title: str
    description: str
    """Plain text, at most `wording.MAX_DESCRIPTION` bytes: clients show tags of it as they are."""
    author: str
    owner: str
    email: str
    category: tuple[str, ...]
    language: str
    licence: str
    explicit: bool
    guid: str
    serial: bool
    """The feed holds one book, chapter by chapter, and not a library."""
    synthetic: bool
    """A machine speaks."""
    date: int
    """The date of the latest episode, in seconds since 1970."""
    has_moved: bool = False
    """Clients may still ask for it at another address, and shall remember this one."""
    persons: tuple[tuple[str, str], ...] = ()
    """Role (author or narrator) and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What a feed says about an episode."""

    title: str
    description: str
    """HTML, at most `wording.MAX_DESCRIPTION` bytes."""
    guid: str
    date: int
    """Seconds since 1970."""
    seconds: float
    size: int
    """Bytes of the MP3."""
    addresses: Addresses
    language: str
    chapters: tuple[tuple[float, str], ...]
    """The second at which each chapter begins, and its title."""
    number: int = 0
    """Counts from 1 in a serial feed; 0 in others."""
    season: int = 0
    """The number of the part of the book, from 1; 0 where there are none."""
    season_title: str = ""
    """The title of that part."""
    persons: tuple[tuple[str, str], ...] = ()
    """Role (author or narrator) and name."""


def render(channel: Channel, episodes: Iterable[Episode]) -> bytes:
    """Render a feed with its episodes in this order, as XML in UTF-8."""
    from lxml import etree

    root = etree.Element("rss", {"version": "2.0"}, PREFIXES)
    channel_element = etree.SubElement(root, "channel")
    channel_element.extend(_channel_elements(channel))
    for episode in episodes:
        channel_element.append(_item_element(channel, episode))
    data = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return _TITLE.sub(_plainly, data)


def _plainly(title: re.Match[bytes]) -> bytes:
    """Return a title in which "<" and "&" are written so that no client takes it for HTML.

    As the RSS Advisory Board has it (Best Practices Profile, "Character Data").
    """
    return title[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def safe_parser() -> etree.XMLParser:
    """Return an XML parser that is safe for feeds of any origin: it fetches nothing."""
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def parse(data: bytes) -> etree._Element:
    """Return the root of a feed of any origin.

    Raises:
        ValueError: it is not XML.
    """
    from lxml import etree

    try:
        return etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as problem:
        raise ValueError(message("the feed is not XML: {reason}", reason=problem)) from problem


def _channel_elements(channel: Channel) -> list[etree._Element]:
    page, artwork = f"{channel.root}/{channel.page}", f"{channel.root}/{channel.artwork}"
    self_link = {
        "href": f"{channel.root}/{channel.path}",
        "rel": "self",
        "type": "application/rss+xml",
    }
    new_address = self_link["href"] if channel.has_moved else ""
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
        _element("atom:link", attributes=self_link),
        *_optional_element("itunes:new-feed-url", new_address),
        _element("description", channel.description),
        _element("language", channel.language),
        *_optional_element("copyright", channel.licence),
        _element("pubDate", _rfc_2822_date(channel.date)),
        _element("generator", "audiobook"),
        _element("image", children=image),
        _element("itunes:image", attributes={"href": artwork}),
        _element("itunes:author", channel.author or channel.owner or channel.title),
        *([_element("itunes:owner", children=owner)] if channel.email else []),
        _element(
            "itunes:category",
            attributes={"text": top},
            children=[_element("itunes:category", attributes={"text": name}) for name in part],
        ),
        _element("itunes:explicit", str(channel.explicit).lower()),
        _element("itunes:type", "serial" if channel.serial else "episodic"),
        _element("podcast:guid", channel.guid),
        _element("podcast:medium", "audiobook" if channel.serial else "podcast"),
        *_optional_element(
            "podcast:locked", "yes" if channel.email else "", {"owner": channel.email}
        ),
        *_optional_element(
            "podcast:txt", "true" if channel.synthetic else "", {"purpose": "ai-content"}
        ),
        *_optional_element("podcast:license", channel.licence[:_LONGEST_PERSON]),
        *_person_elements(channel.persons),
    ]


def _item_element(channel: Channel, episode: Episode) -> etree._Element:
    addresses, root = episode.addresses, channel.root
    enclosure = {
        "url": f"{root}/{addresses.media}",
        "length": str(episode.size),
        "type": media_type(addresses.media),
    }
    elements = [
        _element("title", episode.title),
        _element("link", f"{root}/{addresses.page}"),
        _element("description", episode.description),
        _element("guid", episode.guid, {"isPermaLink": "false"}),
        _element("enclosure", attributes=enclosure),
        _element("pubDate", _rfc_2822_date(episode.date)),
        _element("itunes:title", episode.title),
        _element("itunes:duration", str(max(1, round(episode.seconds)))),
        _element("itunes:explicit", str(channel.explicit).lower()),
        _element("itunes:episodeType", "full"),
    ]
    if episode.number:
        elements.append(_element("itunes:episode", str(episode.number)))
    if episode.season:
        name = episode.season_title[:_LONGEST_PERSON].strip()
        elements.append(_element("itunes:season", str(episode.season)))
        elements.append(
            _element("podcast:season", str(episode.season), {"name": name} if name else {})
        )
    if addresses.cover:
        elements.append(_element("itunes:image", attributes={"href": f"{root}/{addresses.cover}"}))
    if addresses.chapters:
        chapters_attributes = {
            "url": f"{root}/{addresses.chapters}",
            "type": media_type(addresses.chapters),
        }
        elements.append(_element("podcast:chapters", attributes=chapters_attributes))
    for path in filter(None, (addresses.vtt, addresses.srt)):
        transcript_attributes = {"url": f"{root}/{path}", "type": media_type(path)}
        transcript_attributes |= {"language": episode.language, "rel": "captions"}
        elements.append(_element("podcast:transcript", attributes=transcript_attributes))
    elements += _person_elements(episode.persons)
    chapters = [
        _element("psc:chapter", attributes={"start": _podlove_time(seconds), "title": title})
        for seconds, title in episode.chapters
    ]
    if chapters:
        elements.append(_element("psc:chapters", attributes={"version": "1.2"}, children=chapters))
    return _element("item", children=elements)


def _element(
    name: str,
    text: str = "",
    attributes: dict[str, str] | None = None,
    children: Sequence[etree._Element] = (),
) -> etree._Element:
    from lxml import etree

    prefix, _, local = name.rpartition(":")
    if prefix:
        namespace = PREFIXES[prefix]
        element = etree.Element(f"{{{namespace}}}{local}", nsmap={prefix: namespace})
    else:
        element = etree.Element(local)
    for key, value in (attributes or {}).items():
        element.set(key, value)
    element.text = text or None
    element.extend(children)
    return element


def _optional_element(
    name: str, text: str, attributes: dict[str, str] | None = None
) -> list[etree._Element]:
    return [_element(name, text, attributes)] if text else []


def _person_elements(persons: Iterable[tuple[str, str]]) -> list[etree._Element]:
    return [
        _element(
            "podcast:person",
            name[:_LONGEST_PERSON].strip(),
            {"role": role, "group": _PERSONS[role]},
        )
        for role, name in persons
        if name
    ]


def _rfc_2822_date(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC))


def _podlove_time(seconds: float) -> str:
    """Return a time as Podlove Simple Chapters writes it."""
    thousandths = round(seconds * 1000)
    return f"{wording.clock_time(thousandths // 1000, hours=True)}.{thousandths % 1000:03}"
