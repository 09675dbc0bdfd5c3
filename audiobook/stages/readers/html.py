"""Web pages: what a saved page is about, without what stands around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change, Chapter, Document, Kind, LeftOut, Meta, Paragraph, count_words
from audiobook.stages.readers.markup import flow, parse_html, refuse_depth, refuse_flood
from audiobook.stages.readers.page import (
    article,
    authors,
    book,
    boxes,
    dates,
    declared,
    headline,
    plain,
    simplifying,
    source,
    stored,
)
from audiobook.stages.readers.page.headline import folded
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

_MOST_BYTES = 32 * 2**20
# trafilatura needs some kB for each tag.
_MOST_TAGS = 80_000
# The sum of how deep elements lie: of 3,000, each 500 deep for want of ends, it is 1.5 million.
_MOST_DEPTH = 4_000_000
# A page that asks for a password and has fewer characters of text is a login wall.
_LOGIN_SAYS = 300
# The title is among the first paragraphs, after the section and the date.
_TITLE_WITHIN = 5
_SHORTEST_LEAD = 30
_LEAD_WITHIN = 8  # paragraphs between the headline and the text
# Words of a heading, and of one that ends in a full stop.
_LONGEST_HEADING, _LONGEST_SENTENCE = 30, 10

# How a page asks to pay or sign in, and within how many paragraphs after its text.
_WALL = re.compile(
    r"(?:đăng nhập|đăng ký|đăng kí|mua (?:gói|báo)|trả phí|nâng cấp|thành viên|sign in|log in"
    r"|subscribe|register|create an account)\b.{0,60}\b(?:để|mới được|to|for)\b.{0,20}"
    r"\b(?:đọc|xem|read|continue|access|full|unlimited)\b",
    re.IGNORECASE,
)
_WALL_WITHIN = 8
_EXAMPLE = 60

INCOMPLETE = message("the page asks to pay or to sign in: its text may be incomplete")
"""The step of the change that says so."""

_SAID = (Kind.PROSE, Kind.VERSE, Kind.QUOTE)


def read(data: bytes, name: str) -> Document:
    """Read a saved web page into a document of one chapter that begins with its title.

    The main text is found by trafilatura, and read as the page marks it up; the chapters of a book
    are read whole, and keep their headings. Title, authors and date are those that the page
    declares or shows. The changes say how many words stand around the main text, and list the
    prose beside it and the boxes inside it that are left out.

    Args:
        data: the page in UTF-8, whatever it says of itself.
        name: what to call it in messages.

    Raises:
        SourceError: it is larger or deeper than pages are, has no main text, or the packages that
            find it are not installed.
    """
    if len(data) > _MOST_BYTES:
        raise SourceError(
            message("{name} is a page of {size} MB", name=name, size=len(data) // 2**20),
            message("save the text alone, or in parts"),
        )
    parts = source.split_page(data.decode("utf-8-sig"))
    page = parts.markup.encode()
    refuse_flood(page, name, _MOST_TAGS)
    root = parse_html(page, name)
    refuse_depth(root, name, _MOST_DEPTH)
    notices = boxes.take_notices(root)
    simplifying.reveal(root)
    plain.mark(root)
    chapters = book.find(root)
    shown, places, _, lost = flow(root)
    about = declared.gather(root, parts.linked)
    stored_paragraphs = [
        paragraph for text in about.bodies for paragraph in stored.paragraphs(text, name)
    ]
    has_program = b"<script" in data.lower()
    is_bare = plain.is_bare(root) and not has_program
    is_all_text = chapters is None and plain.is_all_text(root) and not has_program
    linked = plain.linked_headings(root, places)
    simple = simplifying.simplify(root)
    around = plain.elements_around(root, places)
    cards = linked - plain.linked_headings(root, places)
    if chapters is not None:
        main_text = article.at_places(shown, book.places(shown, places, chapters.element))
    else:
        texts = [paragraph.text for paragraph in stored_paragraphs]
        main_text = article.find(shown, simple, texts, around, cards, name)
    if is_all_text:
        # As other programs save what somebody wrote: every line counts, however short.
        main_text = article.at_places(
            shown, sorted({*main_text.places, *book.places(shown, places, root)})
        )
    elif is_bare and not any(paragraph.kind in _SAID for paragraph in main_text.paragraphs):
        # A page of a few words is all text, but for the links below it.
        has_links = root.find(".//a[@href]") is not None
        main_text = article.at_places(shown, sorted(around) if has_links else [*range(len(shown))])
    paragraphs = (
        main_text.paragraphs
        or stored_paragraphs
        or stored.paragraphs(stored.longest(parts.data), name)
    )
    length = sum(len(paragraph.text) for paragraph in paragraphs if paragraph.kind in _SAID)
    if not length or (length < _LOGIN_SAYS and _asks_for_password(root)):
        raise SourceError(
            message(
                "{name} holds no article (a login wall, or a page that a program fills)", name=name
            ),
            message(
                "open it in a browser, signed in, and save the page or copy its text to a file"
            ),
        )
    meta = _meta_of(about, root, main_text.beginning, paragraphs)
    if chapters is not None:
        meta = _meta_of_book(meta, about, chapters)
    else:
        paragraphs = [*_lead(shown, meta, paragraphs), *paragraphs]
        paragraphs = [
            _as_prose(paragraph) if _is_long(paragraph) else paragraph for paragraph in paragraphs
        ]
        paragraphs = _with_title_first(meta, paragraphs)
    changes = [
        *article.left_out(shown, main_text.places, paragraphs, around),
        *map(_as_aside, lost.changes()),
        *_change_of_wall(about, shown, main_text.places),
        *_change_of_notices(notices),
    ]
    return Document(meta=meta, chapters=(Chapter("", tuple(paragraphs)),), changes=tuple(changes))


def _as_aside(change: Change) -> Change:
    """Return a change with its pieces beside the text, for they may stand anywhere on a page."""
    pieces = (replace(piece, is_beside=True) for piece in change.left_out)
    return replace(change, left_out=tuple(pieces))


def _change_of_notices(notices: Sequence[str]) -> Iterator[Change]:
    """Yield the change that lists the notices of an encyclopedia, if there are any."""
    if notices:
        pieces = tuple(LeftOut(text=text, after="") for text in notices)
        yield Change(
            step=message("notices that lead to other articles left out"),
            count=len(pieces),
            example=pieces[0].text[:_EXAMPLE],
            left_out=pieces,
        )


def _meta_of_book(meta: Meta, about: declared.Declared, chapters: book.BookElement) -> Meta:
    """Return what a page says of its book: the title is its own, not that of a chapter."""
    is_chapter = folded(meta.title) in map(folded, chapters.headings)
    return replace(meta, title=about.title) if is_chapter and about.title else meta


def _change_of_wall(
    about: declared.Declared, shown: Sequence[Paragraph], places: Sequence[int]
) -> Iterator[Change]:
    """Yield the change that says that a page asks to pay or to sign in where its text ends."""
    end = places[-1] if places else 0
    asking = [
        paragraph for paragraph in shown[end : end + _WALL_WITHIN] if _WALL.search(paragraph.text)
    ]
    if asking or about.is_paid:
        yield Change(
            step=INCOMPLETE, count=1, example=(asking[0].text if asking else "")[:_EXAMPLE]
        )


def _asks_for_password(root: etree._Element) -> bool:
    return any(field.get("type") == "password" for field in root.iter("input"))


def _is_long(paragraph: Paragraph) -> bool:
    """Whether a heading says more than headings do, as the lead of many newspapers."""
    long = _is_sentence(paragraph) or count_words(paragraph.text) > _LONGEST_HEADING
    return paragraph.kind is Kind.HEADING and paragraph.level > 1 and long


def _as_prose(paragraph: Paragraph) -> Paragraph:
    return Paragraph(paragraph.text)


def _with_title_first(meta: Meta, paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return a page's paragraphs with its title as the first heading."""
    for place, paragraph in enumerate(paragraphs[:_TITLE_WITHIN]):
        text = headline.without_kicker(paragraph.text, [meta.title])
        if folded(text) == folded(meta.title):
            paragraphs[place] = Paragraph(text, Kind.HEADING, 1)
            return paragraphs
    if meta.title:
        paragraphs.insert(0, Paragraph(meta.title, Kind.HEADING, 1))
    return paragraphs


def _lead(
    shown: Sequence[Paragraph], meta: Meta, paragraphs: Sequence[Paragraph]
) -> list[Paragraph]:
    """Return the lead of an article if it stands outside its main text, as newspapers have it.

    It is the paragraph of the page that begins with the page's own description, or whole
    sentences between the headline and the text.
    """
    begins = folded(meta.description)
    if len(begins) >= _SHORTEST_LEAD:
        if any(folded(paragraph.text).startswith(begins) for paragraph in paragraphs):
            return []
        for paragraph in shown:
            if folded(paragraph.text).startswith(begins):
                return [_as_prose(paragraph)]
    first = next((place for place, paragraph in enumerate(shown) if paragraph is paragraphs[0]), 0)
    title = folded(meta.title)
    for place in range(first - 1, max(first - _LEAD_WITHIN, 0) - 1, -1):
        if folded(shown[place].text) == title:
            between = shown[place + 1 : first]
            return [_as_prose(paragraph) for paragraph in between if _is_sentence(paragraph)][:1]
    return []


def _is_sentence(paragraph: Paragraph) -> bool:
    return count_words(paragraph.text) > _LONGEST_SENTENCE and paragraph.text.endswith(".")


def _meta_of(
    about: declared.Declared,
    root: etree._Element,
    near: Sequence[Paragraph],
    paragraphs: Sequence[Paragraph],
) -> Meta:
    """Return what a page says of its article."""
    descriptions = [
        *about.meta_contents("og:description", "description"),
        *about.texts("description"),
    ]
    meta = Meta(
        title=headline.choose(about, near),
        author=authors.choose(about, root, near, paragraphs),
        date=dates.choose(about, root),
        publisher=about.publisher,
        description=next(iter(descriptions), ""),
    )
    return replace(meta, language=about.language) if about.language else meta
