"""Likely misprints: syllables that form no word with their neighbours while a near spelling does.

A word is suspected if it is not a Vietnamese syllable, or if it was never seen beside either
neighbour: not in a word, not in the sentences that underthesea learned from, not twice in the text
itself. Each near spelling that was seen beside a neighbour is then weighed (`weighing`). If both
spellings are syllables, three more things count: how sure the word model is of each in its
sentence; how many plain misprints the text has, because a scan full of them has more doubtful ones,
too, and a clean book hardly any; and how often its words are strangers to their neighbours, which
means little in a text with a vocabulary of its own. ``bench/proofing.py`` measures how many
misprints are found and how many findings are wrong.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.proofreading.finding import Finding, Misprint
from audiobook.vietnamese.proofreading.misheard import find_folk_spellings, find_misheard
from audiobook.vietnamese.proofreading.missing_syllables import find_lacking
from audiobook.vietnamese.proofreading.surface import (
    find_doubled,
    find_misplaced_numbers,
    find_unreadable,
    has_strange_letters,
)
from audiobook.vietnamese.proofreading.text import Place, Text
from audiobook.vietnamese.proofreading.weighing import PLAIN, Weigher
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Misprint", "correct", "find_misprints"]

# The rate of plain misprints in a text decides how likely its doubtful ones are: the log of the
# rate over the usual one, as if that many words of a usual text preceded it, within limits.
_USUAL_RATE, _USUAL_WORDS = 0.0003, 5_000
_LIMIT = 2.5
_RATE = 1.05
_STRANGERS = -0.6  # times the log of the share of strangers over the usual share
# A short text is proofread for a reason: so much is added, and less the longer the text is.
_SHORT, _FEW_WORDS = 0.3, 1_000

_VOWEL = re.compile("[aeiouy]|[^a-zđ]")


def find_misprints(text: str) -> list[Misprint]:
    """Return the likely misprints of a text, in order, without overlaps.

    A book gives better results than its chapters one by one, because what an author writes again
    and again is not a misprint. Names, acronyms and foreign words are not misprints either, nor is
    any spelling of hoà and hòa, kỹ and kĩ, nhảy and nhẩy. The text must be tidy: one space between
    words, one line for each paragraph.

    >>> [misprint.suggestion for misprint in find_misprints("Họ có phương tiên riêng.")]
    ['phương tiện']

    Raises:
        AudiobookError: the installed underthesea lacks its word lists or its models.
    """
    findings = [*find_unreadable(text), *find_doubled(text), *find_misplaced_numbers(text)]
    findings += _find_doubtful(Text(text))
    findings.sort(key=lambda finding: -finding.odds)
    covered = bytearray(len(text))
    misprints = []
    for _, misprint in findings:
        if not any(covered[misprint.start : misprint.end]):
            covered[misprint.start : misprint.end] = b"\1" * (misprint.end - misprint.start)
            misprints.append(misprint)
    return sorted(misprints, key=lambda misprint: misprint.start)


def correct(text: str, misprints: list[Misprint]) -> str:
    """Return a text with its sure misprints corrected.

    >>> text = "Những những con sông mởi rộng."
    >>> correct(text, find_misprints(text))
    'Những con sông mở rộng.'
    """
    parts = []
    position = 0
    for misprint in misprints:
        if misprint.sure:
            parts += [text[position : misprint.start], misprint.suggestion]
            position = misprint.end
    return "".join((*parts, text[position:]))


def _find_doubtful(text: Text) -> Iterator[Finding]:
    """Yield the findings that depend on neighbours.

    Words that are not syllables come first, because their number decides about the others.
    """
    weigher = Weigher(text)
    syllables: list[Place] = []
    plain_count = 0
    for place in text.suspects():
        token = place.token
        if has_strange_letters(token.written):
            continue  # found by `find_unreadable`
        if is_vietnamese(token.written):
            syllables.append(place)
        elif len(token.syllable) > 1 and _VOWEL.search(token.syllable):
            finding = weigher.weigh_non_syllable(place)
            if finding:
                plain_count += finding.odds >= PLAIN
                yield finding
    yield from find_folk_spellings(text)
    yield from find_misheard(text)
    yield from find_lacking(text)
    shift = _text_shift(text, plain_count)
    for place in syllables:
        finding = weigher.weigh_syllable(place, shift)
        if finding:
            yield finding


def _text_shift(text: Text, plain_count: int) -> float:
    """Return the log odds that are added for each doubtful syllable of a text.

    Args:
        text: the text under proof, its suspects already listed.
        plain_count: number of its plain misprints.
    """
    rate = (plain_count + _USUAL_RATE * _USUAL_WORDS) / (text.words + _USUAL_WORDS)
    shift = _RATE * min(max(log(rate / _USUAL_RATE), -_LIMIT), _LIMIT)
    shift += _STRANGERS * text.stranger_share
    return shift + _SHORT * _FEW_WORDS / (text.words + _FEW_WORDS)
