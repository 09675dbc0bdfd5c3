"""Headings in order, before and after dividing: leads, repeated titles, chapters without text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.model import Chapter, Kind
from audiobook.stages.chapters.heading import is_number
from audiobook.vietnamese import is_speakable
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import LONGEST, SMALL, parse_division, strip_frame
from audiobook.vietnamese.syllables import tone_last

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Paragraph
    from audiobook.vietnamese.divisions import Division

_WORDS = re.compile(r"\w+")
_BETWEEN_TITLES = " – "
# Words of a heading that is a sentence: one that ends as sentences do, and one that does not but
# is the only one of its level, right below the title.
_SENTENCE_ENDS = (".", "!", "?", "…")
_LEAST_SENTENCE, _LEAST_LEAD = 8, 12


def without_leads(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Make prose of headings that are sentences: the lead of an article is its first paragraph."""
    levels = Counter(paragraph.level for paragraph in paragraphs if paragraph.kind is Kind.HEADING)
    revised: list[Paragraph] = []
    for paragraph in paragraphs:
        above = revised[-1] if revised else None
        is_below_title = (
            above is not None
            and above.kind is Kind.HEADING
            and levels[paragraph.level] == 1
            and above.level < paragraph.level
        )
        if paragraph.kind is Kind.HEADING and _is_sentence(paragraph.text, is_below_title):
            paragraph = replace(paragraph, kind=Kind.PROSE, level=0)
        revised.append(paragraph)
    return revised


def _is_sentence(text: str, is_below_title: bool) -> bool:
    if text.isupper() or (len(text) <= LONGEST and parse_division(text)):
        return False
    words = len(text.split())
    if text.endswith((".", ".”", '."')) and not text.endswith("..."):
        return words >= _LEAST_SENTENCE
    return is_below_title and words >= _LEAST_LEAD


def repeated_titles(chapters: Sequence[Chapter]) -> set[int]:
    """Return the positions of title lines that say no more than the title right beside them.

    The positions count the paragraphs of all chapters.
    """
    repeated: set[int] = set()
    first = 0
    for chapter in chapters:
        repeated.update(first + place for place in _repeated_in_chapter(chapter.paragraphs))
        first += len(chapter.paragraphs)
    return repeated


def _repeated_in_chapter(paragraphs: Sequence[Paragraph]) -> set[int]:
    repeated: set[int] = set()
    lines = [numbered for numbered in enumerate(paragraphs) if numbered[1].kind is not Kind.BREAK]
    titles = [
        (parse_division(numbered.text), numbered.kind is Kind.HEADING) for _, numbered in lines
    ]
    last = -1
    for place, (position, paragraph) in enumerate(lines):
        division, is_heading = titles[place]
        is_title = is_heading or division is not None
        following = lines[place + 1][1].text if place + 1 < len(lines) else ""
        if place and _repeats_title_below(
            lines[place - 1][1], titles[place - 1][0], division, following
        ):
            repeated.add(lines[place - 1][0])
            last = place - 2 if place > 1 and titles[place - 2][0] else -1
        goes_on = following[:1].islower()
        if last >= 0 and (is_title or not goes_on):
            above, (earlier, _) = lines[last][1].text, titles[last]
            if _is_same(above, earlier, paragraph.text, division):
                is_fuller = _is_fuller(division, earlier)
                repeated.add(lines[last][0] if is_fuller and is_title else position)
                last = place if is_fuller and is_title else last
                continue
        last = place if is_title else -1
    return repeated


def _repeats_title_below(
    above: Paragraph,
    earlier: Division | None,
    division: Division | None,
    following: str,
) -> bool:
    """Whether a line is only the title that the numbered heading right below it has too.

    Args:
        above: the line.
        earlier: what it names.
        division: what the heading names.
        following: the text below the heading, which may be its title.
    """
    if earlier or not division or not division.number or len(above.text) > LONGEST:
        return False
    title = division.title or following
    is_sentence = above.text.endswith(_SENTENCE_ENDS)
    return (
        not is_sentence
        and len(title) <= LONGEST
        and _folded_words(above.text) == _folded_words(title) != []
    )


def _is_fuller(division: Division | None, earlier: Division | None) -> bool:
    """Whether a title line has more words than the line above that names the same chapter."""
    if division is None or earlier is None:
        return False
    words, earlier_words = len(_folded_words(division.title)), len(_folded_words(earlier.title))
    return words > earlier_words or (words == earlier_words and bool(earlier.prefix))


def _is_same(text: str, division: Division | None, other_text: str, other: Division | None) -> bool:
    if strip_frame(text).casefold() == strip_frame(other_text).casefold():
        return True
    if division is None or not division.number:
        return False
    if other is None:
        is_sentence = other_text.endswith(_SENTENCE_ENDS)
        return not is_sentence and _folded_words(division.title) == _folded_words(other_text) != []
    if (division.rank, division.number) != (other.rank, other.number):
        return False
    shorter, longer = sorted((_folded_words(division.title), _folded_words(other.title)), key=len)
    if not shorter:
        return bool(division.prefix or other.prefix or longer) or division.title == other.title
    return longer[: len(shorter)] == shorter


def _folded_words(title: str) -> list[str]:
    """Return the words of a title, capitals, marks and the places of tones aside."""
    return [tone_last(word) for word in _WORDS.findall(title.casefold())]


def join_empty(chapters: Sequence[Chapter], book_title: str) -> list[Chapter]:
    """Join each chapter without text to the one that follows, so that no chapter is empty.

    The first chapter of a part then bears the title of the part too and stands at its level. What
    is left at the end goes to the chapter before.

    Args:
        chapters: as they were divided.
        book_title: a title that need not stand in that of the first chapter too.
    """
    joined: list[Chapter] = []
    empty: list[Chapter] = []
    for chapter in chapters:
        if not _has_text(chapter):
            empty.append(chapter)
            continue
        joined.append(_joined_below(empty, chapter, book_title))
        empty = []
    for chapter in empty:
        if joined:
            joined[-1] = _with_more(joined[-1], chapter)
        else:
            joined.append(chapter)
    return joined


def _has_text(chapter: Chapter) -> bool:
    return any(
        paragraph.kind not in (Kind.HEADING, Kind.BREAK) and is_speakable(paragraph.text)
        for paragraph in chapter.paragraphs
    )


def _with_more(chapter: Chapter, empty: Chapter) -> Chapter:
    return replace(chapter, paragraphs=(*chapter.paragraphs, *empty.paragraphs))


def _joined_below(empty: Sequence[Chapter], chapter: Chapter, book_title: str) -> Chapter:
    titles = [
        other
        for other in empty
        if other.title
        and other.title.casefold() != book_title.casefold()
        and not (other.level > chapter.level and _is_small(other.title))
    ]
    if not empty:
        return chapter
    paragraphs = tuple(paragraph for other in (*empty, chapter) for paragraph in other.paragraphs)
    if titles and _adds_nothing(titles[-1].title, chapter.title):
        names = [other.title for other in titles]
    else:
        names = [other.title for other in titles] + [chapter.title]
    title = _BETWEEN_TITLES.join(dict.fromkeys(filter(None, names)))
    level = min([other.level for other in titles] + [chapter.level])
    return replace(chapter, title=title, paragraphs=paragraphs, level=level)


def _is_small(title: str) -> bool:
    division = parse_division(title)
    return division is not None and division.rank >= SMALL


def _adds_nothing(title: str, below: str) -> bool:
    """Whether the heading below a title only numbers a piece of it: "Chương 1", then "Phần I"."""
    outer, inner = parse_division(title), parse_division(below)
    if is_number(below):
        return True
    return bool(
        outer and inner and outer.unit and inner.is_bare and inner.unit and inner.rank < outer.rank
    )
