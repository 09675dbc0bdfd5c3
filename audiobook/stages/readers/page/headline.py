"""The headline of a page: what its article is called, without the name of the site."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from audiobook.stages.readers.page.declared import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiobook.model import Paragraph
    from audiobook.stages.readers.page.declared import Declared

_HEADINGS = 3
_SHOWN = 2  # votes of a place where the article begins
_ALONE = 2  # votes of being the only heading of the first rank
_PUNCTUATION = ",;:.!?…|–—·•»-"
_KICKED = 2  # spaces in a headline that stands behind a kicker
_MOST_PARTS = 6  # between separators
_BETWEEN = " |–—·•»:-"
_META = ("og:title", "twitter:title", "title", "dc.title", "sailthru.title", "parsely-title")


def choose(declared: Declared, beginning: Sequence[Paragraph]) -> str:
    """Return the headline that most of a page agrees on, as its own heading spells it.

    Args:
        declared: what the page says of itself.
        beginning: the paragraphs where the article begins, among which the headline stands.
    """
    others = [*declared.texts("headline"), *declared.meta_contents(*_META), declared.title]
    headings = [without_kicker(heading, others) for heading in declared.headings[:_HEADINGS]]
    titles = [*headings, *others]
    lines = {
        folded(without_kicker(paragraph.text, headings)): place
        for place, paragraph in enumerate(beginning)
    }
    candidates = [
        headline for title in titles if (headline := _without_site(title, declared, titles, lines))
    ]
    votes = Counter(map(folded, candidates))
    # The one heading of the first rank is what readers take for the headline.
    alone = set(map(folded, headings)) if len(set(declared.headings)) == 1 else set()
    alone -= _end_of_title(declared)

    def weigh(headline: str) -> tuple[int, int]:
        key = folded(headline)
        return (
            votes[key] + _SHOWN * (key in lines) + _ALONE * (key in alone),
            lines.get(key, -1),
        )

    headline = max(candidates, key=weigh, default="")
    if headline.isascii() and folded(headline) in lines:
        # Old pages spell their titles without accents, for the sake of old browsers.
        shown = " ".join(beginning[lines[folded(headline)]].text.split())
        if any(letter.isalpha() and not letter.isascii() for letter in shown):
            return shown
    return headline


def _end_of_title(declared: Declared) -> set[str]:
    """Return the last part of the window's title: where a heading says that, it names the site."""
    return {folded(part) for part in SEPARATOR.split(declared.title)[1:][-1:]}


def without_kicker(heading: str, titles: Iterable[str]) -> str:
    """Return a heading without the words before the headline that no sign sets apart from it.

    The page gives the headline without them elsewhere, as a title or a part of one.
    """
    for title in titles:
        for part in (title, *SEPARATOR.split(title)[:_MOST_PARTS]):
            kicker = heading.removesuffix(part).rstrip()
            is_headline = part.count(" ") >= _KICKED and not part[0].islower()
            if is_headline and kicker not in ("", heading) and kicker[-1] not in _PUNCTUATION:
                return part
    return heading


def folded(text: str) -> str:
    """Return text for comparison: its letters and digits, without accents and case."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(
        "".join(c if c.isalnum() else " " for c in letters if not _is_accent(c)).split()
    )


def _is_accent(letter: str) -> bool:
    return unicodedata.combining(letter) > 0


def _without_site(
    title: str, declared: Declared, others: Iterable[str], lines: Mapping[str, int]
) -> str:
    """Return a title without the site's name, and the topic or section, before or behind it.

    They are known by the name of the site, or by the page: it gives the headline without them
    elsewhere.
    """
    if declared.is_site(title):
        return ""
    if folded(title) in lines:
        return title
    other_titles = {folded(other) for other in others} - {folded(title)}
    after_colon = title.partition(": ")[2]
    if after_colon and folded(after_colon) in other_titles:
        return after_colon
    parts = [part for part in _title_parts(title) if not declared.is_site(part)]
    elsewhere = [part for part in parts if folded(part) in other_titles or folded(part) in lines]
    if elsewhere:
        # A heading of the page, or what stands nearest to the text, and of that the most.
        headings = set(map(folded, declared.headings)) - _end_of_title(declared)

        def rank(part: str) -> tuple[bool, int, int]:
            return folded(part) in headings, lines.get(folded(part), -1), len(part)

        return max(elsewhere, key=rank)
    for part in parts:
        if declared.is_site(title.removeprefix(part).removesuffix(part).strip(_BETWEEN)):
            return part
    return title


def _title_parts(title: str) -> list[str]:
    """Return the parts of a title between its separators, and runs of them, the longest first."""
    gaps = list(SEPARATOR.finditer(title))[:_MOST_PARTS]
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(title)]
    parts = [title[start:end].strip() for start in starts for end in ends if start < end]
    return sorted({part for part in parts if part and part != title}, key=len, reverse=True)
