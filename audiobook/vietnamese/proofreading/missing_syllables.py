"""Words that lack their middle syllable: phi (hành) gia, hướng (dẫn) viên."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.vietnamese.proofreading.finding import Finding, Misprint
from audiobook.vietnamese.proofreading.tokens import pair_from
from audiobook.vietnamese.words import dictionary, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.vietnamese.proofreading.text import Text

_ODDS = 4.0
# Endings for a person that take a word of two syllables before them.
_FOR_PERSONS = frozenset("gia giả sĩ sư viên".split())
_SELDOM_ALONE = 20  # times in the tagged sentences


def find_lacking(text: Text) -> Iterator[Finding]:
    """Yield the places where a word of three syllables lacks the middle one.

    Its first and last syllable must never stand side by side otherwise, and neither may form a word
    with its other neighbour. Either the text has the full word twice and neither syllable is a
    common word, or the full word names a person and its first two syllables are a word, too.
    """
    shortened = dictionary().shortened
    full_words = {
        pair: full_word
        for pair in text.pairs.keys() & shortened.keys()
        if not text.is_seen(pair) and (full_word := _likely_word(text, shortened[pair]))
    }
    words = dictionary().words
    for line, index in text.places(full_words):
        first, last = line[index : index + 2]
        pair_before, pair_after = pair_from(line, index - 1), pair_from(line, index + 1)
        if pair_before in words or pair_after in words or text.pairs[pair_before] > 1:
            continue
        if not text.is_name(first) and not text.is_name(last):
            written = f"{first.written} {last.written}"
            middle = spellings(full_words[pair_from(line, index)].split()[1])[0]
            suggestion = f"{first.written} {middle} {last.written}"
            problem = message("“{words}” lacks a syllable", words=written)
            misprint = Misprint(
                start=first.start,
                end=last.end,
                written=written,
                suggestion=suggestion,
                message=problem,
                sure=False,
            )
            yield Finding(_ODDS, misprint)


def _likely_word(text: Text, candidates: list[str]) -> str:
    """Return the only likely one of some words; empty if there is none or more than one."""
    likely = [
        word
        for word in candidates
        if _names_a_person(word) or (text.fixed[word] > 1 and not _has_common_ends(word))
    ]
    return likely[0] if len(likely) == 1 else ""


def _names_a_person(word: str) -> bool:
    first, middle, last = word.split()
    return last in _FOR_PERSONS and f"{first} {middle}" in dictionary().words


def _has_common_ends(word: str) -> bool:
    first, _, last = word.split()
    return any(dictionary().alone.get(part, 0) > _SELDOM_ALONE for part in (first, last))
