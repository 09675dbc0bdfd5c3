"""How to subscribe to a feed: links that open programs, and a code for the camera of a phone."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

from audiobook.podcast.codes import svg_code


class AppLink(NamedTuple):
    """A link that opens a podcast program."""

    name: str
    platforms: str
    """What the program runs on."""
    scheme: str
    """What stands before the address."""
    address: str
    """What stands behind it: the address of the feed, as this program takes it."""


# What each program documents, or, of gPodder, what its launcher registers for.
_PROGRAMS = (
    ("Apple Podcasts", "iPhone, iPad, Mac", "podcast://"),
    ("Overcast", "iPhone, iPad", "overcast://x-callback-url/add?url="),
    ("Pocket Casts", "Android, iPhone", "pktc://subscribe/"),
    ("AntennaPod", "Android", "antennapod-subscribe://"),
    ("gPodder", "Linux, Windows, Mac", "gpodder://"),
)


def app_links(feed: str) -> list[AppLink]:
    """Return a link for each program that can be opened by one.

    A browser would make nothing good of a second scheme behind the first, so an address stands
    there without its own, except where it is a parameter.

    Args:
        feed: the address of the feed.
    """
    parts = urlsplit(feed)
    bare = f"{parts.netloc}{parts.path}"
    return [
        AppLink(name, platforms, scheme, quote(feed, safe="") if scheme[-1] == "=" else bare)
        for name, platforms, scheme in _PROGRAMS
    ]


def qr_code(address: str) -> str:
    """Return the QR code of an address as an SVG element; empty for one that leads nowhere.

    A server that is found at several addresses puts the one that it is asked for in place of such
    an address (RFC 6761, 6.4) on the page; it cannot do that in a picture.
    """
    host = urlsplit(address).hostname or ""
    return "" if host.endswith(".invalid") else svg_code(address)
