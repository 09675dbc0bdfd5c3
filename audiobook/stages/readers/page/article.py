"""The article of a web page: which of its paragraphs are the text, and which stand around it."""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change, Kind, LeftOut, count_words
from audiobook.stages.readers.page import boilerplate
from audiobook.system.requirements import install_hint
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lxml import etree

    from audiobook.model import Paragraph

_WORD = re.compile(r"\w+")
_RUN = 4  # words
# Shorter lines may come more than once on a page: a name in the menu, a heading in the side bar.
_TELLING = 6  # words
# A paragraph is of the main text if this share of its runs of words stands there.
_SHARE = 0.6
# Short lines of the main text may stand at most this many paragraphs before its first long one.
_AROUND = 3
# The headline is looked for among this many paragraphs before an article, and this many in it.
_BEFORE, _WITHIN = 12, 3
_CONTEXT = 40  # characters
_EXAMPLE = 60


# Kinds of paragraphs within an article of which tidying decides whether they are read.
_ASIDE = (Kind.BREAK, Kind.CAPTION, Kind.NOTE)


class Article(NamedTuple):
    """The main text of a page."""

    paragraphs: list[Paragraph]
    beginning: list[Paragraph]
    """Where it begins, and what stands right before: the headline is among that."""
    places: list[int]
    """Where its paragraphs stand on the page."""


def find(
    shown: Sequence[Paragraph],
    page: str,
    declared_lines: Sequence[str],
    around: Mapping[int, etree._Element],
    cards: Collection[int],
    name: str,
) -> Article:
    """Find the article among the paragraphs of a page.

    Args:
        shown: all that the page shows, in order.
        page: its markup.
        declared_lines: lines of which the page itself says that they are the article.
        around: in which element each plain paragraph stands, by its place on the page.
        cards: the places of the headings of other articles.
        name: what to call it in messages.

    Raises:
        SourceError: the package that knows what is main text is not installed.
    """
    places = _selected_places(shown, [_main_text(page, name), declared_lines], cards)
    return at_places(shown, sorted({*places, *_plain_paragraphs_between(places, around)}))


def at_places(shown: Sequence[Paragraph], places: list[int]) -> Article:
    """Return the article whose paragraphs have some places on a page."""
    first = places[0] if places else 0
    beginning = [*shown[max(first - _BEFORE, 0) : first + _WITHIN]]
    paragraphs = _with_real_captions([shown[number] for number in places])
    return Article(paragraphs, beginning, places)


def _plain_paragraphs_between(
    places: Sequence[int], around: Mapping[int, etree._Element]
) -> Iterator[int]:
    """Yield the plain paragraphs between those of the main text in the same element.

    Their text is not found where it is short, or where an initial or a formula parts it.
    """
    spans: dict[etree._Element, tuple[int, int]] = {}
    for place in places:
        if place in around:
            first, _ = spans.get(around[place], (place, place))
            spans[around[place]] = first, place
    for place, element in around.items():
        first, last = spans.get(element, (place, place))
        if first < place < last:
            yield place


def _with_real_captions(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, captions as prose where they are most of the text.

    A class that is named so says nothing then.
    """
    captions = [paragraph for paragraph in paragraphs if paragraph.kind is Kind.CAPTION]
    if 2 * sum(len(paragraph.text) for paragraph in captions) < sum(
        len(paragraph.text) for paragraph in paragraphs
    ):
        return paragraphs
    return [
        replace(paragraph, kind=Kind.PROSE) if paragraph.kind is Kind.CAPTION else paragraph
        for paragraph in paragraphs
    ]


def words(text: str) -> list[str]:
    """Return the words of a text, spelled for comparison."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _main_text(page: str, name: str) -> list[str]:
    """Return the lines of the main text of a page, none if there is no such text."""
    try:
        import trafilatura
        from trafilatura import external
    except ImportError as problem:
        raise SourceError(
            message("{name} is a web page, which needs more packages", name=name),
            install_hint("htmldate", "lxml-html-clean", "trafilatura"),
        ) from problem
    external.revise_paragraph_classification = boilerplate.judge  # type: ignore[attr-defined]
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its errors are ours
    return (trafilatura.extract(page, include_comments=False) or "").splitlines()


def _selected_places(
    shown: Sequence[Paragraph], texts: Sequence[Sequence[str]], cards: Collection[int]
) -> list[int]:
    """Return which paragraphs of a page stand in one of some texts, each given in lines."""
    runs: Counter[tuple[str, ...]] = Counter()
    short: Counter[tuple[str, ...]] = Counter()
    for lines in texts:
        runs |= Counter(run for line in lines for run in _word_runs(words(line)))
        short |= Counter(tuple(words(line)) for line in lines)
    places = set()
    for number, paragraph in enumerate(shown):
        own_words = words(paragraph.text)
        if len(own_words) >= _TELLING:
            own_runs = Counter(_word_runs(own_words))
            # Each run counts once: what comes back elsewhere on the page is not the text again.
            unmatched = {run: runs[run] for run in own_runs if run in runs}
            if (
                sum(min(own_runs[run], unmatched[run]) for run in unmatched)
                >= _SHARE * own_runs.total()
            ):
                for run, count in unmatched.items():
                    runs[run] = max(count - own_runs[run], 0)
                places.add(number)
    first, last = min(places, default=0), max(places, default=len(shown) - 1)
    for number in range(max(first - _AROUND, 0), min(last + _AROUND + 1, len(shown))):
        key = tuple(words(shown[number].text))
        if number in places:
            continue
        if shown[number].kind in _ASIDE:
            if first < number < last:
                places.add(number)
        elif short[key] and (len(key) < _TELLING or not places):
            short[key] -= 1
            places.add(number)
    for number in reversed(range(first + 1, last)):
        # A heading right above what is kept: links to edit it hide it from the main text.
        is_heading = shown[number].kind is Kind.HEADING and number not in cards
        if is_heading and number + 1 in places:
            places.add(number)
    while places and len(places) > 1 and shown[max(places)].kind is Kind.HEADING:
        places.remove(max(places))  # nothing follows that it could be the heading of
    places.update(
        number
        for number, paragraph in enumerate(shown)
        if number > last and paragraph.kind is Kind.NOTE
    )
    return sorted(places)


def _word_runs(text_words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for first in range(max(1, len(text_words) - _RUN + 1)):
        yield tuple(text_words[first : first + _RUN])


def left_out(
    shown: Sequence[Paragraph],
    places: Sequence[int],
    paragraphs_read: Sequence[Paragraph],
    around: Mapping[int, etree._Element],
) -> Iterator[Change]:
    """Yield the changes that list what of a page is not its article, word for word.

    Of what stands around the article the prose in the same element counts as text: it may go on.

    Args:
        shown: all that the page shows, in order.
        places: where the paragraphs of the article stand in it.
        paragraphs_read: all that is read: its headline and its lead may come from elsewhere.
        around: in which element each plain paragraph stands, by its place on the page.
    """
    if not places:
        return
    texts = {paragraph.text for paragraph in paragraphs_read}
    first, last = places[0], places[-1]
    outside = [
        place
        for place in (*range(first), *range(last + 1, len(shown)))
        if shown[place].text not in texts
    ]
    if count := sum(count_words(shown[place].text) for place in outside):
        elements = {around[place] for place in places if place in around}
        near = {place for place in outside if around.get(place) in elements}
        near = {place for place in near if _is_long(shown[place])}
        pieces = tuple(_pieces_outside(shown, outside, near))
        example = shown[outside[0]].text[:_EXAMPLE]
        yield Change(
            step=message("words of the page outside the article"),
            count=count,
            example=example,
            left_out=pieces,
        )
    inside = sorted(set(range(first, last)) - set(places))
    pieces = tuple(_piece(shown, place) for place in inside)
    if pieces:
        example = pieces[0].text[:_EXAMPLE]
        yield Change(
            step=message("boxes in the article left out"),
            count=len(pieces),
            example=example,
            left_out=pieces,
        )


def _pieces_outside(
    shown: Sequence[Paragraph], outside: Sequence[int], near: Collection[int]
) -> Iterator[LeftOut]:
    """Yield what stands around an article: prose near it by itself, the rest in runs."""
    runs: list[list[int]] = []
    for place in outside:
        follows = runs and runs[-1][-1] == place - 1 and place - 1 not in near
        if follows and place not in near:
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in runs:
        text = "\n".join(shown[place].text for place in run if shown[place].text)
        yield replace(_piece(shown, run[0]), text=text, is_beside=run[0] not in near)


def _piece(shown: Sequence[Paragraph], place: int) -> LeftOut:
    return LeftOut(text=shown[place].text, after=shown[place - 1].text[-_CONTEXT:] if place else "")


def _is_long(paragraph: Paragraph) -> bool:
    return count_words(paragraph.text) >= _TELLING
