"""The article of a web page: which of its paragraphs are the text, and which stand around it."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.model import Change, Kind, LeftOut, count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Paragraph

_WORD = re.compile(r"\w+")
_RUN = 4  # words
# Shorter lines come more than once on a page: a name in the menu, a heading in the side bar.
_TELLING = 6  # words
# So many of its runs of words make a paragraph one of the main text.
_SHARE = 0.6
# Short lines of the main text may stand so many paragraphs before its first long one.
_AROUND = 3
# The headline of an article is among so many paragraphs before it, and so many of its own.
_BEFORE, _WITHIN = 12, 3
_CONTEXT = 40  # characters
_EXAMPLE = 60


# What stands among the paragraphs of an article and is for tidying to judge.
_ASIDE = (Kind.BREAK, Kind.CAPTION, Kind.NOTE)


class Article(NamedTuple):
    """The main text of a page."""

    paragraphs: list[Paragraph]
    beginning: list[Paragraph]
    """Where it begins, and what stands right before: the headline is among that."""
    changes: tuple[Change, ...]
    """How much of the page it leaves out."""


def find(shown: Sequence[Paragraph], page: str, given: Sequence[str], name: str) -> Article:
    """Find the article among the paragraphs of a page.

    Args:
        shown: all that the page shows, in order.
        page: its markup.
        given: lines of which the page itself says that they are the article.
        name: what to call it in messages.

    Raises:
        SourceError: the package that knows what is main text is not installed.
    """
    kept = _select(shown, [_main_text(page, name), given])
    first = kept[0] if kept else 0
    beginning = [*shown[max(first - _BEFORE, 0) : first + _WITHIN]]
    paragraphs = _with_real_captions([shown[number] for number in kept])
    return Article(paragraphs, beginning, tuple(_left_out(shown, kept)))


def _with_real_captions(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, captions as prose where they are most of the text.

    A class that is named so says nothing then.
    """
    captions = [each for each in paragraphs if each.kind is Kind.CAPTION]
    if 2 * sum(len(each.text) for each in captions) < sum(len(each.text) for each in paragraphs):
        return paragraphs
    return [
        replace(each, kind=Kind.PROSE) if each.kind is Kind.CAPTION else each for each in paragraphs
    ]


def words(text: str) -> list[str]:
    """Return the words of a text, spelled for comparison."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _main_text(page: str, name: str) -> list[str]:
    """Return the lines of the main text of a page, none if there is no such text."""
    try:
        import trafilatura
    except ImportError as problem:
        raise SourceError(
            f"{name} is a web page, which needs more packages", "pip install 'audiobook[web]'"
        ) from problem
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its errors are ours
    return (trafilatura.extract(page, include_comments=False) or "").splitlines()


def _select(shown: Sequence[Paragraph], texts: Sequence[Sequence[str]]) -> list[int]:
    """Return which paragraphs of a page stand in one of some texts, each given in lines."""
    runs: Counter[tuple[str, ...]] = Counter()
    short: Counter[tuple[str, ...]] = Counter()
    for lines in texts:
        runs |= Counter(run for line in lines for run in _runs(words(line)))
        short |= Counter(tuple(words(line)) for line in lines)
    kept = set()
    for number, paragraph in enumerate(shown):
        own = words(paragraph.text)
        if len(own) >= _TELLING:
            mine = Counter(_runs(own))
            # Each run counts once: what comes back elsewhere on the page is not the text again.
            if (mine & runs).total() >= _SHARE * mine.total():
                runs -= mine
                kept.add(number)
    first, last = min(kept, default=0), max(kept, default=len(shown) - 1)
    for number in range(max(first - _AROUND, 0), min(last + _AROUND + 1, len(shown))):
        key = tuple(words(shown[number].text))
        if number in kept:
            continue
        if shown[number].kind in _ASIDE:
            if first < number < last:
                kept.add(number)
        elif short[key] and (len(key) < _TELLING or not kept):
            short[key] -= 1
            kept.add(number)
    kept.update(
        number for number, each in enumerate(shown) if number > last and each.kind is Kind.NOTE
    )
    return sorted(kept)


def _runs(own: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for first in range(max(1, len(own) - _RUN + 1)):
        yield tuple(own[first : first + _RUN])


def _left_out(shown: Sequence[Paragraph], kept: Sequence[int]) -> Iterator[Change]:
    if not kept:
        return
    first, last = kept[0], kept[-1]
    around = [*shown[:first], *shown[last + 1 :]]
    if count := sum(count_words(each.text) for each in around):
        yield Change("words of the page around the article", count, around[0].text[:_EXAMPLE])
    inside = sorted(set(range(first, last)) - set(kept))
    pieces = [LeftOut(shown[number].text, shown[number - 1].text[-_CONTEXT:]) for number in inside]
    if pieces:
        yield Change(
            "boxes in the article left out",
            len(pieces),
            pieces[0].text[:_EXAMPLE],
            left_out=tuple(pieces),
        )
