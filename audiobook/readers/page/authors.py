"""Who wrote an article: its reporters, not its newspaper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.readers.page.article import words
from audiobook.readers.page.declared import line, named
from audiobook.vietnamese.letters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from audiobook.model import Paragraph
    from audiobook.readers.page.declared import Declared

_META = (
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "sailthru.author",
    "parsely-author",
    "article:author_name",
    "cxenseparse:author",
)
_TAGS = ("a", "span", "div", "p", "address", "li", "strong", "b", "em", "h3", "h4", "h5", "section")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:author|byline|tac-?gia|writer|reporter|phong-?vien)s?(?:-?name|-?info)?"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Who comments, and who wrote other articles.
_OTHERS = re.compile(r"comment|binh-?luan|related|lien-?quan|sidebar|recommend|most-read", re.I)
_LONGEST = 120  # characters of a line that names the authors
_LONGEST_NAME = 50
_MOST_WORDS = 6  # in a name
_LEADING = re.compile(
    r"(?:(?:written|posted|published|reported|story|words) )?by\b:? *|von +"
    r"|(?:tác giả|người viết|bài viết|bài và ảnh|bài, ảnh|bài|tin, ảnh|tin và ảnh|tin|thực hiện"
    r"|đăng bởi|viết bởi|authors?) *: *"
    r"|(?:nhóm )?(?:phóng viên|pv|ctv)\b[ .:]*",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"(?:theo|nguồn|source|according to|via)\b", re.IGNORECASE)
_MAIL = re.compile(r"\S*@\S*\.\S*")
_BETWEEN = re.compile(r"\s*[,;|&•]\s*|\s+(?:và|and|und|et)\s+|\s*/\s*", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]\s+")
_BESIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_NOBODY = re.compile(
    r"\b(?:admin|administrator|webmaster|editors?|editorial|staff|team|desk|redaktion|redazione"
    r"|redacción|reporters?|correspondents?|contributors?|columnist|journalist|writer|newsroom"
    r"|ban biên tập|bbt|t[oò][àa] soạn|biên tập viên|btv|phóng viên|pv|ctv|cộng tác viên|tổng hợp"
    r"|news|online|báo|tạp chí|đài|cổng thông tin|times|media|tv|photos?|ảnh|anonymous|unknown"
    r"|guest|user)\b",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:ttxvn|thông tấn xã|vna|reuters|afp|dpa|ap|sid|apa|efe|ansa|upi|xinhua|tân hoa xã"
    r"|associated press|press|agency|agencies|agentur|presse|pti|ians|bernama|kyodo)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"://|^https?$|@|\w\.(?:com|vn|net|org|info|de|ru)\b", re.IGNORECASE)
_CAPITAL = f"[{CAPITALS}]"
_SIGNATURE = re.compile(rf"{_CAPITAL}[\w.’'-]*+(?: {_CAPITAL}[\w.’'-]*+){{1,4}}")
_LAST = 4  # paragraphs in which an article is signed


def choose(declared: Declared, root: etree._Element, article: Sequence[Paragraph]) -> str:
    """Return the authors of an article, joined by commas; nothing if it names none.

    They are people, if the page names any anywhere, else the agency that it declares: that of
    the site is no name of an author.

    Args:
        declared: what the page says of itself.
        root: the page.
        article: its main text, at the end of which Vietnamese newspapers name their reporters.
    """
    agencies: dict[str, None] = {}
    for lines in _candidates(declared, root, article):
        people: dict[str, None] = {}
        for text in lines:
            for name in _names(text, declared):
                (agencies if _AGENCY.search(name) else people)[name] = None
        if people:
            return ", ".join(people)
    return next(iter(agencies), "")


def _candidates(
    declared: Declared, root: etree._Element, article: Sequence[Paragraph]
) -> Iterator[list[str]]:
    """Yield the lines that may name the authors, the surest first."""
    for key in ("author", "creator"):
        yield [
            name
            for node in declared.articles
            for name, kind in named(node.get(key), declared)
            if kind != "Organization" or _AGENCY.search(name)
        ]
    for key in _META:
        yield declared.all(key)
    for element in _bylines(root):
        yield [_line_of(element)]
    signatures = (_BESIDE.sub(" ", each.text).strip() for each in article[-_LAST:])
    yield [text for text in signatures if _is_signature(text)][-1:]


def _is_signature(text: str) -> bool:
    return all(_SIGNATURE.fullmatch(part) for part in _DASH.split(text))


def _bylines(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements that the page marks as a byline, with the clearer mark first."""
    marked: list[etree._Element] = []
    for element in root.iter(*_TAGS):
        marks = [element.get(key) or "" for key in ("class", "id", "data-role", "data-testid")]
        if _OTHERS.search(" ".join(marks)):
            continue
        if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").split():
            marked.insert(0, element)
        elif any(_BYLINE.search(mark) for mark in marks):
            marked.append(element)
    of_page = {around for heading in root.iter("h1") for around in heading.iterancestors()}
    for element in marked:
        around = (each for each in element.iterancestors() if each not in of_page)
        if not any(_OTHERS.search(each.get("class") or "") for each in around):
            yield element


def _line_of(element: etree._Element) -> str:
    """Return what a byline says: of a long one the name that stands out in it."""
    text = line(" ".join(map(str, element.itertext())))
    if len(text) <= _LONGEST:
        return text
    inner = (line(" ".join(map(str, each.itertext()))) for each in element.iter("a", "strong", "b"))
    return next((text for text in inner if _is_signature(text)), "")


def _names(text: str, declared: Declared) -> Iterator[str]:
    """Yield the names on a line, without what stands around them."""
    text = _without_leading(_MAIL.sub("", line(text)))
    if _SOURCE.match(text) or "://" in text:
        return
    for part in _BETWEEN.split(_BESIDE.sub(" ", text)):
        pieces = _DASH.split(part)
        for name in pieces if _is_signature(part) else pieces[:1]:
            name = declared.without_site(_without_leading(name).strip(" ,:;-–—"))
            if _is_name(name, declared):
                yield name


def _without_leading(text: str) -> str:
    leading = _LEADING.match(text)
    return text[leading.end() :] if leading else text


def _is_name(name: str, declared: Declared) -> bool:
    return (
        0 < len(words(name)) <= _MOST_WORDS
        and len(name) <= _LONGEST_NAME
        and not _ADDRESS.search(name)
        and not _NOBODY.search(name)
        and not declared.is_site(name)
        and name[0].isalpha()
        and not any(letter.isdigit() for letter in name)
    )
