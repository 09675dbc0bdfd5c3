"""The day on which an article was published."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from audiobook.stages.readers.page.declared import text_up_to
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from audiobook.stages.readers.page.declared import Declared

_META = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "published_time",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "date",
)
_ISO = re.compile(r"([1-9]\d{3})(?:-(\d\d)(?:-(\d\d))?)?(?=$|[T ])")
_UTC = re.compile(r"T?[ ]?(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|\+00:?00)")
_VIETNAM = timezone(timedelta(hours=7))
# As Vietnamese sites show it: 3/9/2024, 03-09-2024, 3.9.2024, ngày 3 tháng 9 năm 2024.
_SHOWN = re.compile(
    r"\b(\d{1,2})(?:\s?[/.-]\s?|\s+tháng\s+)(\d{1,2})(?:\s?[/.-]\s?|,?\s+(?:năm\s+)?)(\d{4})\b",
    re.IGNORECASE,
)
# In an address: bai-viet-20240903081512345.htm, /2024/09/03/.
_NUMBERED = re.compile(r"[-/](20\d\d)/?(0\d|1[0-2])/?([0-3]\d)(?=\d{4,}|/)")
_DATED = re.compile(r"date|time|publish|ngay|meta|posted", re.IGNORECASE)
_LONGEST = 80  # characters of a line that gives a date


def choose(declared: Declared, root: etree._Element) -> str:
    """Return the day an article was published, as ISO 8601; empty where that is not known.

    Where a page says no more it is a month or a year.

    Args:
        declared: what the page says of itself.
        root: the page.
    """
    vietnamese = declared.is_vietnamese
    for text in _declared_dates(declared, root):
        if day := _day_in(text, vietnamese=vietnamese):
            return day
    if vietnamese:
        return next(_shown_dates(root), "") or next(_dates_in_addresses(declared), "")
    return _guessed_date(root)


def _declared_dates(declared: Declared, root: etree._Element) -> Iterator[str]:
    yield from declared.texts("datePublished")
    yield from declared.meta_contents(*_META)
    for element in root.iter("time", "span", "abbr", "div", "p"):
        if element.get("itemprop") == "datePublished" or "pubdate" in element.attrib:
            shown = text_up_to(element, _LONGEST)
            yield element.get("datetime") or element.get("content") or shown
    yield from declared.texts("dateCreated")
    for element in root.iter("time"):
        yield element.get("datetime") or ""


def _day_in(text: str, *, vietnamese: bool) -> str:
    text = text.strip()
    if written := _ISO.match(text):
        utc = _UTC.match(text, written.end())
        if vietnamese and utc and written[3]:
            # Vietnamese sites show the day as it is in Viet Nam.
            moment = datetime.fromisoformat(f"{written[0]}T{utc[1]}:{utc[2]}+00:00")
            return moment.astimezone(_VIETNAM).date().isoformat()
        return written[0]
    return _date_in_numbers(text)


def _date_in_numbers(text: str) -> str:
    written = _SHOWN.search(text[:_LONGEST])
    return _iso_date(int(written[3]), int(written[2]), int(written[1])) if written else ""


def _iso_date(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # there is no such day
        return ""


def _dates_in_addresses(declared: Declared) -> Iterator[str]:
    """Yield the days that the addresses of the page hold, as the number of an article."""
    for address in declared.addresses:
        if written := _NUMBERED.search(address):
            yield from filter(None, (_iso_date(*map(int, written.groups())),))


def _guessed_date(root: etree._Element) -> str:
    """Return the day that htmldate finds in a page, in whatever language; nothing if it does not.

    It is handed a tree: what it is handed as text it may take for an address, and fetch.
    """
    from htmldate import find_date
    from lxml import etree, html

    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    tree = html.document_fromstring(etree.tostring(root, method="html", encoding="utf-8"), parser)
    return find_date(tree, extensive_search=False, original_date=True) or ""


def _shown_dates(root: etree._Element) -> Iterator[str]:
    """Yield the days that lines near the article give."""
    for element in root.iter("time", "span", "div", "p", "li", "td", "em", "i", "small"):
        named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-role')}"
        if element.tag == "time" or _DATED.search(named):
            text = text_up_to(element, _LONGEST)
            if len(text) <= _LONGEST and (day := _date_in_numbers(text)):
                yield day
