"""Who wrote an article: its reporters, not its newspaper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.readers.page.article import words
from audiobook.stages.readers.page.declared import names_and_types, text_up_to
from audiobook.stages.readers.page.people import (
    AGENCY,
    LEADING,
    LONGEST,
    LONGEST_NAME,
    SIGNATURE,
    is_name_shown,
    is_signature,
    names_on_line,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from audiobook.model import Paragraph
    from audiobook.stages.readers.page.declared import Declared


_META = (
    "citation_author",
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "sailthru.author",
    "parsely-author",
    "article:author_name",
    "articleauthor",
    "cxenseparse:author",
)
_TAGS = ("a", "span", "div", "p", "address", "li", "strong", "b", "em", "h3", "h4", "h5", "section")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:author|byline|tac-?gia|writer|reporter|phong-?vien)s?(?:-?name|-?info)?"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Elements that name those who comment, or who wrote other articles.
_OTHERS = re.compile(r"comment|binh-?luan|related|lien-?quan|sidebar|recommend|most-read", re.I)
_JOINED = re.compile(r"\s(?:và|and|und|et|og|och|y)\s|,\S", re.IGNORECASE)
# Names of people who write together, as many pages declare them.
_DESK = re.compile(
    r"\b(?:staff|team|desk|redaktion|newsroom|ban biên tập|t[oò][àa] soạn)\b", re.IGNORECASE
)
_RIGHT = re.compile(r"text-align: *right", re.IGNORECASE)
_LAST = 4  # paragraphs in which an article is signed


def choose(
    declared: Declared,
    root: etree._Element,
    beginning: Sequence[Paragraph],
    article: Sequence[Paragraph],
) -> str:
    """Return the authors of an article, joined by commas; nothing if it names none.

    They are people, if the page names any anywhere; else the agency that it declares, else the
    newspaper or the desk, if it declares that as the author.

    Args:
        declared: what the page says of itself.
        root: the page.
        beginning: what it shows where the article begins.
        article: its main text, at the end of which Vietnamese newspapers name their reporters.
    """
    agencies: list[str] = []
    chosen: list[str] = []
    for lines in _lines_of_candidates(declared, root, beginning, article):
        people: dict[str, str] = {}
        for text in lines:
            for name in names_on_line(text, declared):
                if AGENCY.search(name):
                    agencies.append(name)
                else:
                    people.setdefault("".join(words(name)), name)
        names = list(people.values())
        if not chosen or _is_fuller(names, chosen, lines):
            chosen = names
    return ", ".join(chosen) or next(iter(agencies), "") or _organisation(declared)


def _is_fuller(names: Sequence[str], chosen: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether some names are those chosen and more: a page may declare the first author alone."""
    more = names[len(chosen) :]
    return (
        names[: len(chosen)] == chosen
        and all(SIGNATURE.fullmatch(name) for name in more)
        and any(_JOINED.search(text) for text in lines)
        and bool(more)
    )


def _organisation(declared: Declared) -> str:
    """Return the newspaper or the desk that a page declares as the author."""
    names = [
        pair for node in declared.articles for pair in names_and_types(node.get("author"), declared)
    ]
    desks = [name for name, _ in names if _DESK.search(name)]
    papers = [name for name, kind in names if kind == "Organization" or declared.is_site(name)]
    others = [name for name in declared.meta_contents("author") if declared.is_site(name)]
    return next(iter((*papers, *others, *desks)), "")


def _lines_of_candidates(
    declared: Declared,
    root: etree._Element,
    beginning: Sequence[Paragraph],
    article: Sequence[Paragraph],
) -> Iterator[list[str]]:
    """Yield the lines that may name the authors, the surest first."""
    for key in ("author", "creator"):
        yield [
            name
            for node in declared.articles
            for name, kind in names_and_types(node.get(key), declared)
            if kind != "Organization" or AGENCY.search(name)
        ]
    for key in _META:
        yield declared.meta_contents(key)
    for elements in _bylines(root):
        shown = [text for element in elements for text in _lines_of(element)]
        yield [text for text in shown if is_name_shown(text)]
    lines = [paragraph.text for paragraph in beginning if len(paragraph.text) <= LONGEST_NAME]
    yield [text for text in lines if (lead := LEADING.match(text)) and lead.end() < len(text)][:1]
    if declared.is_vietnamese:
        aligned = [
            text_up_to(block, LONGEST) for block in root.iter("p", "div") if _is_right(block)
        ]
        last = [
            paragraph.text for paragraph in article[-_LAST:] if paragraph.kind is not Kind.HEADING
        ]
        yield [text for text in (*aligned, *last) if is_signature(text)][-1:]


def _is_right(element: etree._Element) -> bool:
    style = element.get("style") or ""
    return element.get("align") == "right" or bool(_RIGHT.search(style))


def _bylines(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield the elements that the page marks as a byline, with the clearer mark first.

    What stands side by side and looks the same belongs together.
    """
    sure: list[etree._Element] = []
    marked: list[etree._Element] = []
    for element in root.iter(*_TAGS):
        marks = [element.get(key) or "" for key in ("class", "id", "data-role", "data-testid")]
        if _OTHERS.search(" ".join(marks)):
            continue
        if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").split():
            sure.append(element)
        elif any(_BYLINE.search(mark) for mark in marks):
            marked.append(element)
    beside = _elements_beside(root)
    groups: dict[object, list[etree._Element]] = {}
    for element in (*sure, *marked):
        if any(ancestor in beside for ancestor in element.iterancestors()):
            continue
        key = element.getparent(), element.tag, element.get("class")
        groups.setdefault(key, []).append(element)
    yield from groups.values()


def _elements_beside(root: etree._Element) -> set[etree._Element]:
    """Return the elements that show comments or other articles, and not the headline of the page.

    The heading of another article leads to it.
    """
    of_page = {around for heading in root.iter("h1") for around in heading.iterancestors()}
    others = {element for element in root.iter("*") if _OTHERS.search(element.get("class") or "")}
    cards = {
        heading.getparent()
        for heading in root.iter("h2", "h3")
        if heading.find(".//a[@href]") is not None
    }
    return {element for element in (others | cards) - of_page if element is not None}


def _lines_of(element: etree._Element) -> list[str]:
    """Return what a byline says: of several links to people each, of a long one what stands out."""
    text = text_up_to(element, LONGEST)
    links = [text_up_to(part, LONGEST_NAME) for part in element.iter("a")]
    if len(links) > 1 and all(map(is_signature, links)):
        return links
    if len(text) <= LONGEST:
        return [text]
    inner = (text_up_to(part, LONGEST_NAME) for part in element.iter("a", "strong", "b"))
    return [text for text in inner if is_signature(text)][:1]
