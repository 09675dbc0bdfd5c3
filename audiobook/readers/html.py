"""Web pages: what a saved page is about, without what stands around it."""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from audiobook.errors import SourceError
from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.readers.markup import flow, parse_html, refuse_flood

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_MOST_BYTES = 32 * 2**20
# For readability needs 3 kB for each.
_MOST_TAGS = 80_000
# A page that asks for a password and says no more than this is a wall, not an article.
_LOGIN_SAYS = 300
# The title is among the first paragraphs, after the section and the date.
_TITLE_WITHIN = 5
_SHORTEST_LEAD = 30

_SAID = (Kind.PROSE, Kind.VERSE, Kind.QUOTE)
_ARTICLES = ("Article", "BlogPosting", "Report", "Book", "Chapter")
_ISO_DATE = re.compile(r"[1-9]\d{3}(?:-\d\d(?:-\d\d)?)?(?=$|[T ])")


def read(data: bytes, name: str) -> Document:
    """Read a saved web page into a document of one chapter that begins with its title.

    The main text is found by readability, the algorithm of browsers' reading view. Title, author,
    date, publisher and description are those the page itself declares (Open Graph, schema.org in
    JSON-LD, plain `meta`); nothing is guessed.

    Args:
        data: the page in UTF-8, whatever it says of itself.
        name: what to call it in messages.

    Raises:
        SourceError: it is larger or deeper than pages are, has no main text, or the packages that
            find it are not installed.
    """
    if len(data) > _MOST_BYTES:
        raise SourceError(
            f"{name} is a page of {len(data) // 2**20} MB", "save the text alone, or in parts"
        )
    refuse_flood(data, name, _MOST_TAGS)
    page = data.decode("utf-8-sig")
    root = parse_html(page.encode(), name)
    title, main = _main_text(_without_nested_links(root, page), name)
    paragraphs = flow(main).paragraphs if main is not None else []
    said = sum(len(each.text) for each in paragraphs if each.kind in _SAID)
    if not said or (said < _LOGIN_SAYS and _asks_for_password(root)):
        raise SourceError(
            f"{name} holds no article (a login wall, or a page that a program fills)",
            "open it in a browser, signed in, and save the page or copy its text to a file",
        )
    meta = _meta(root, title)
    paragraphs = [*_lead(root, meta.description, paragraphs), *paragraphs]
    for place, paragraph in enumerate(paragraphs[:_TITLE_WITHIN]):
        if _bare(paragraph.text) == _bare(meta.title):
            paragraphs[place] = Paragraph(paragraph.text, Kind.HEADING, 1)
            # Old pages spell their title without accents, for the sake of old browsers.
            meta = replace(meta, title=paragraph.text) if meta.title.isascii() else meta
            break
    else:
        if meta.title:
            paragraphs.insert(0, Paragraph(meta.title, Kind.HEADING, 1))
    return Document(meta, (Chapter("", tuple(paragraphs)),))


def _without_nested_links(root: etree._Element, page: str) -> str:
    """Return a page without links in links, which libxml2 makes of those that nobody closed.

    Readability measures a text once for each link around it: 240 of them took it 14 seconds.
    """
    from lxml import etree

    if root.find(".//a//a") is None:
        return page
    for link in root.iter("a"):
        etree.strip_tags(link, "a")
    return etree.tostring(root, encoding="unicode", method="html")


def _main_text(page: str, name: str) -> tuple[str, etree._Element | None]:
    """Return the title of a page and the tree of its main text, None if there is none."""
    try:
        from readability import Document as Readable
        from readability.readability import Unparseable
    except ImportError as problem:
        raise SourceError(
            f"{name} is a web page, which needs more packages", "pip install 'audiobook[web]'"
        ) from problem
    logging.getLogger("readability").addHandler(logging.NullHandler())  # its errors are ours
    readable = Readable(page)
    try:
        summary = readable.summary(html_partial=True)
        title = readable.short_title()
    except Unparseable:
        return "", None
    return title, parse_html(summary.encode(), name) if summary.strip() else None


def _asks_for_password(root: etree._Element) -> bool:
    return any(field.get("type") == "password" for field in root.iter("input"))


def _lead(root: etree._Element, description: str, paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the lead of an article if it stands outside its main text, as newspapers have it.

    It is the paragraph of the page that begins with the page's own description.
    """
    begins = _bare(description).rstrip(".… ")
    if len(begins) < _SHORTEST_LEAD or any(_bare(p.text).startswith(begins) for p in paragraphs):
        return []
    shown = flow(root).paragraphs
    return [Paragraph(each.text) for each in shown if _bare(each.text).startswith(begins)][:1]


def _bare(text: str) -> str:
    """Return text for comparison: without accents, case and needless space."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


# --- what the page says of itself ---------------------------------------------------------------


def _meta(root: etree._Element, title: str) -> Meta:
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop")
        content = " ".join((element.get("content") or "").split())
        if key and content:
            said.setdefault(key.lower(), content)
    article = _article(root)
    authors = [said.get("article:author", ""), said.get("author", ""), _named(article, "author")]
    dates = [said.get("article:published_time", ""), _text(article, "datePublished")]
    dates += [said.get(key, "") for key in ("datepublished", "date", "dc.date")]
    found = (_ISO_DATE.match(date) for date in dates)
    language = root.get("lang") or said.get("og:locale", "").replace("_", "-")
    meta = Meta(
        title=said.get("og:title") or _text(article, "headline") or _heading(root, title),
        # Some sites give the address of the author's page instead of the name.
        author=next((author for author in authors if author and "://" not in author), ""),
        date=next((date[0] for date in found if date), ""),
        publisher=said.get("og:site_name") or _named(article, "publisher"),
        description=said.get("og:description")
        or said.get("description")
        or _text(article, "description"),
    )
    return replace(meta, language=language) if language else meta


def _heading(root: etree._Element, title: str) -> str:
    """Return the heading that is the first part of the title, which may name the site as well."""
    for heading in root.iter("h1"):
        text = " ".join("".join(map(str, heading.itertext())).split())
        if text and title.startswith(text):
            return text
    return title


def _article(root: etree._Element) -> dict[str, Any]:
    """Return what JSON-LD says of the article on the page (schema.org), or nothing."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            said = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue  # browsers and search engines skip what is not JSON, too
        for node in _nodes(said):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).endswith(_ARTICLES) for kind in kinds):
                return node
    return {}


def _nodes(said: object) -> Iterator[dict[str, Any]]:
    """Yield the top-level nodes of JSON-LD: one, a list, or the graph of one."""
    for node in said if isinstance(said, list) else [said]:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (each for each in graph or () if isinstance(each, dict))


def _text(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _named(node: dict[str, Any], key: str) -> str:
    """Return the names of people or organizations: each a name or a node that has one."""
    value = node.get(key)
    named = value if isinstance(value, list) else [value]
    names = [_text(each, "name") if isinstance(each, dict) else each for each in named]
    return ", ".join(name for name in names if isinstance(name, str) and name)
