"""What a page says of itself: in its `meta` elements, in JSON-LD, in its title and headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from audiobook.stages.readers.page.article import words
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

Node = dict[str, Any]
_ARTICLES = ("Article", "Posting", "Report", "Review", "Book", "Chapter", "Recipe")
# Where JSON-LD keeps the node of the article itself; elsewhere are other articles.
_AROUND = ("@graph", "mainEntity", "mainEntityOfPage")
_DEEPEST = 4
_SHORTEST_SITE = 3
# What a title has between the headline and the name of the site.
SEPARATOR = re.compile(r"\s+[|–—·•:»«›‹~♥-]+\s+|\s+//\s+(?:»\s+)?|\s*[|｜]\s*")
_SITE_KEYS = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "publisher",
    "dc.publisher",
    "copyright",
    "al:ios:app_name",
    "al:android:app_name",
)
_URL_KEYS = ("og:url", "twitter:url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a page declares about itself."""

    meta: dict[str, list[str]]
    """The contents of its `meta` elements, by `property`, `name` or `itemprop` in small letters."""
    articles: list[Node]
    """What JSON-LD says of the article."""
    by_id: dict[str, Node] = field(default_factory=dict)
    """The nodes of JSON-LD that others point to."""
    title: str
    """Of the window."""
    headings: list[str]
    """Of the first rank."""
    addresses: list[str]
    """Of the page itself."""
    sites: list[str]
    """What the site and its publisher are called."""
    language: str

    def meta_contents(self, *keys: str) -> list[str]:
        """Return all that some `meta` elements say, in the order of the keys."""
        return [content for key in keys for content in self.meta.get(key, ())]

    def texts(self, key: str) -> list[str]:
        """Return the texts that JSON-LD has under a key of the article."""
        values = (node.get(key) for node in self.articles)
        return [
            on_one_line(unescape(value))
            for value in values
            if isinstance(value, str) and value.strip()
        ]

    @property
    def bodies(self) -> list[str]:
        """What JSON-LD gives as the text of the article."""
        texts = (node.get("articleBody") for node in self.articles)
        return [text for text in texts if isinstance(text, str)]

    @property
    def is_vietnamese(self) -> bool:
        """Whether it is in Vietnamese; many a Vietnamese page does not say what it is in."""
        return (self.language or "vi").lower().startswith("vi")

    @property
    def is_paid(self) -> bool:
        """Whether the article is said to be for those who pay."""
        return any(
            str(node.get("isAccessibleForFree", True)).lower() == "false" for node in self.articles
        )

    @property
    def publisher(self) -> str:
        """The name of the site, or of its publisher."""
        return next((site for site in self.sites if site), "")

    def is_site(self, name: str) -> bool:
        """Whether a name is that of the site or of its publisher."""
        key = "".join(words(name))
        bare = (site.partition(" (")[0] for site in self.sites)
        return key in {"".join(words(site)) for site in (*self.sites, *bare)}

    def without_site(self, name: str) -> str:
        """Return a name without that of the site behind it."""
        for site in self.sites:
            if len(site) > _SHORTEST_SITE and name.lower().endswith(f" {site.lower()}"):
                return name[: -len(site)].strip()
        return name


def gather(root: etree._Element, linked: Sequence[object]) -> Declared:
    """Gather what a page says of itself.

    Args:
        root: the page.
        linked: its JSON-LD.
    """
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop")
        content = on_one_line(element.get("content") or "")
        if key and content:
            meta.setdefault(key.strip().lower(), []).append(content)
    nodes = list(_linked_nodes(linked, 0))
    articles = [node for node in nodes if _is_article(node)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    titles = [on_one_line(_text_of(element)) for element in root.iter("title")]
    headings = [text for element in root.iter("h1") if (text := on_one_line(_text_of(element)))]
    canonical = [e.get("href") or "" for e in root.iter("link") if e.get("rel") == "canonical"]
    addresses = [address for key in _URL_KEYS for address in meta.get(key, [])] + canonical
    declared = Declared(
        meta=meta,
        articles=articles,
        by_id=by_id,
        title=titles[0] if titles else "",
        headings=headings,
        addresses=[address for address in addresses if "://" in address],
        sites=[],
        language=root.get("lang") or meta.get("og:locale", [""])[0].replace("_", "-"),
    )
    declared.sites.extend(_sites(declared, nodes))
    return declared


def on_one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def text_up_to(element: etree._Element, most: int) -> str:
    """Return the text of an element on one line, cut where it is longer than so many characters."""
    text = ""
    for piece in element.itertext():
        if start := str(piece).lstrip()[: most + 2]:
            text += f" {on_one_line(start)}"
        if len(text) > most + 1:
            break
    return text.strip()


def names_and_types(value: object, declared: Declared) -> Iterator[tuple[str, str]]:
    """Yield the names that a value of JSON-LD holds, and the type of each: Person, Organization."""
    if isinstance(value, str):
        yield on_one_line(unescape(value)), ""
    elif isinstance(value, list):
        for entry in value[:20]:
            yield from names_and_types(entry, declared)
    elif isinstance(value, dict):
        name = value.get("name")
        if name is None and isinstance(value.get("@id"), str):
            value = declared.by_id.get(value["@id"], {})
            name = value.get("name")
        if name is None:
            parts = (value.get(key) for key in ("givenName", "familyName"))
            name = " ".join(part for part in parts if isinstance(part, str))
        for entry in name if isinstance(name, list) else [name]:
            if isinstance(entry, str) and entry.strip():
                yield on_one_line(unescape(entry)), " ".join(_types(value))


def _text_of(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _types(node: Node) -> list[str]:
    kinds = node.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _is_article(node: Node) -> bool:
    return any(kind.endswith(_ARTICLES) for kind in _types(node))


def _linked_nodes(value: object, depth: int) -> Iterator[Node]:
    """Yield the nodes of JSON-LD that the page itself is about."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for node in value:
            yield from _linked_nodes(node, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _AROUND:
            yield from _linked_nodes(value.get(key), depth + 1)


def _sites(declared: Declared, nodes: Sequence[Node]) -> Iterator[str]:
    yield from declared.meta_contents(*_SITE_KEYS)
    for node in nodes:
        if _is_article(node):
            yield from (name for name, _ in names_and_types(node.get("publisher"), declared))
            yield from (
                name for name, _ in names_and_types(node.get("sourceOrganization"), declared)
            )
        elif {"WebSite", "Organization", "NewsMediaOrganization"} & set(_types(node)):
            yield from (name for name, _ in names_and_types(node, declared))
            yield from (name for name, _ in names_and_types(node.get("alternateName"), declared))
    for address in declared.addresses:
        if host := _host(address):
            yield host
            yield host.partition(".")[0]


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:  # brackets that hold no IPv6 address
        return ""
