"""Reads RSS and Atom feeds, in whatever encoding they are."""

from __future__ import annotations

import calendar
import io
import json
import re
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from audiobook.errors import SourceError
from audiobook.follow.model import Entry, Listing
from audiobook.messages import message
from audiobook.model import count_words
from audiobook.podcast import wording
from audiobook.stages import readers
from audiobook.system import apart
from audiobook.vietnamese import clean_letters

if TYPE_CHECKING:
    from audiobook.stages.readers.web import FetchedPage

_HEAD = 4096
# Bytes of a feed that is read in this process: in half a second, whatever is in it. Some feeds
# take feedparser time by the square of their length.
_SMALL = 1 << 16
_REMEDY = message("tell those who publish it, or follow the page that lists the articles")
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
# The text is handed on in UTF-8, whatever it says of itself.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What follows the text of an article in feeds of WordPress.
_FOOTER = re.compile(
    r"<p>\s*(?:The post|Bài viết|Bài)\s.{0,400}?(?:appeared first on|xuất hiện (?:đầu tiên|trước)"
    r").{0,400}?</p>\s*$",
    re.DOTALL,
)
# How a text ends that goes on elsewhere.
_GOES_ON = re.compile(
    r"(?:…|\.\.\.|\[[.…]+\]|\[&#8230;\]|(?:xem|đọc) (?:tiếp|thêm)\W*|continue reading\b.{0,200}"
    r"|read more\W*)$",
    re.IGNORECASE | re.DOTALL,
)
# Words of a text that a feed calls the content of an article, or only its summary, from which on it
# is taken for the whole article.
_FEWEST_OF_CONTENT, _FEWEST_OF_SUMMARY = 60, 300
_LONGEST_SUMMARY = 500  # characters
_LATEST = 4_102_444_800  # seconds since 1970: the year 2100; what is later was misread


def is_feed(page: FetchedPage) -> bool:
    """Return whether what was fetched is a feed, and not a page."""
    head = page.data[:_HEAD].replace(b"\0", b"").decode("latin-1")  # UTF-16 becomes readable
    return bool(_FEED.search(re.sub(r"<!--.*?-->", "", head, flags=re.DOTALL)))


def read_feed(page: FetchedPage) -> Listing:
    """Return what a feed lists, the newest article first.

    A feed that breaks off is read as far as it goes, but for its last article, which may have
    broken off, too.

    Raises:
        SourceError: it is not a feed that can be read.
    """
    text = readers.decode(page.data, page.url, page.charset)
    data = _DECLARATION.sub("", text).encode("utf-8", "replace")
    if len(data) <= _SMALL:
        read = _read(data, page.url)
    else:
        given = page.url.encode() + b"\n" + data
        answer = apart.ask(serve, given, name=page.url, program="feedparser", remedy=_REMEDY)
        document = json.loads(answer)
        read = document | {"entries": [Entry(**entry) for entry in document["entries"]]}
    is_whole = bool(_END.search(text))
    entries = read["entries"] if is_whole else read["entries"][:-1]
    if not entries and read["reason"]:
        raise SourceError(
            message("{url} is a damaged feed: {reason}", url=page.url, reason=read["reason"]),
            _REMEDY,
        )
    return Listing(entries=newest_first(entries), title=read["title"], is_whole=is_whole)


def serve() -> None:
    """Read an address and what it led to from standard input, and write what that lists as JSON."""
    url, _, data = sys.stdin.buffer.read().partition(b"\n")
    read = _read(data, url.decode())
    entries = [asdict(entry) for entry in read["entries"]]
    sys.stdout.buffer.write(json.dumps(read | {"entries": entries}).encode())


def _read(data: bytes, url: str) -> dict[str, Any]:
    """Return the title and the entries of a feed, and why it is damaged, if it is.

    Args:
        data: the feed in UTF-8.
        url: its address.
    """
    import feedparser

    feed = feedparser.parse(
        io.BytesIO(data),
        # Without the address of the feed, or it would make addresses of GUIDs, too.
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    publisher = text_of(feed.feed.get("title", ""))
    return {
        "title": publisher,
        "entries": [_entry_of(item, publisher, url) for item in feed.entries],
        "reason": str(feed.get("bozo_exception") or "") if feed.bozo else "",
    }


def newest_first(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return articles by their dates; as they stand where one of them has none."""
    if all(entry.moment for entry in entries):
        entries = sorted(entries, key=lambda entry: -entry.moment)
    return tuple(entries)


def text_of(markup: str) -> str:
    """Return a piece of HTML, or a text with entities in it, as text on one line."""
    from lxml import etree, html

    if not markup.strip():
        return ""
    if "<" not in markup and "&" not in markup:
        return _one_line(markup)
    try:
        element = html.fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _one_line(markup)
    etree.strip_elements(element, "script", "style", with_tail=False)
    return _one_line(" ".join(map(str, element.itertext())))


def joined(base: str, link: str) -> str:
    """Return an address that may be relative to that of its page; empty if it is none."""
    try:
        address = urljoin(base, link.strip())
        _ = urlsplit(address).port  # raises where it is no number of a port
    except ValueError:  # such as http://[
        return ""
    return address


def shortened(text: str) -> str:
    """Return a summary of a length that players show, ended at a word."""
    if len(text) <= _LONGEST_SUMMARY:
        return text
    return text[:_LONGEST_SUMMARY].rpartition(" ")[0].rstrip(" .,;:") + "…"


def _one_line(text: str) -> str:
    return " ".join(clean_letters(text).split())


def _entry_of(item: Any, publisher: str, url: str) -> Entry:
    contents = [part.get("value", "") for part in item.get("content", ())]
    content = max(contents, key=len, default="")
    summary = item.get("summary", "")
    link = _link_of(item, url)
    moment, date = _when(item)
    return Entry(
        identity=item.get("id", "").strip(),
        link=link,
        title=text_of(item.get("title", "")),
        author=_author_of(item),
        date=date,
        moment=moment,
        summary=shortened(text_of(summary or content)),
        publisher=text_of(item.get("source", {}).get("title", "")) or publisher,
        content=_whole_text(content, summary, link),
        excerpt=content or summary,
        updated=dict.get(item, "updated", ""),
    )


def _whole_text(content: str, summary: str, link: str) -> str:
    """Return the text of an article if a feed gives all of it; empty if it must be read elsewhere.

    Without a link what the feed gives is all that there is.
    """
    for markup, fewest in ((content, _FEWEST_OF_CONTENT), (summary, _FEWEST_OF_SUMMARY)):
        markup = _FOOTER.sub("", markup.strip())
        text = text_of(markup)
        if text and (not link or (count_words(text) >= fewest and not _GOES_ON.search(text))):
            return markup
    return ""


def _link_of(item: Any, url: str) -> str:
    """Return the address of an article; empty if there is none that leads to a page."""
    link = item.get("link", "").strip()
    is_number = link == item.get("id") and not link.startswith(("http://", "https://", "/"))
    if not link or is_number:  # a GUID that does not say that it is no address
        return ""
    link = joined(url, link)
    return link if link.startswith(("http://", "https://")) else ""


def _author_of(item: Any) -> str:
    """Return the names of the authors of an article, without their e-mail addresses."""
    details = item.get("authors", ())
    several = [detail.get("name", "") for detail in details] if len(details) > 1 else []
    names = [wording.without_email(text_of(name)) for name in several or [item.get("author", "")]]
    return ", ".join(dict.fromkeys(filter(None, (name.strip(" ()<>") for name in names))))


def _when(item: Any) -> tuple[float, str]:
    """Return when an article was published: seconds since 1970, and the day where it was."""
    for name in ("published", "updated"):
        written = dict.get(item, name, "").strip()
        for parse in (parsedate_to_datetime, datetime.fromisoformat):
            with suppress(ValueError, IndexError, TypeError, OverflowError):
                moment = parse(written.replace("Z", "+00:00"))
                seconds = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
                if 0 < seconds < _LATEST:
                    return seconds, f"{moment:%Y-%m-%d}"
        if parsed := dict.get(item, f"{name}_parsed"):
            with suppress(ValueError, OverflowError):
                seconds = calendar.timegm(parsed)
                if 0 < seconds < _LATEST:
                    return seconds, f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
    return 0.0, ""
