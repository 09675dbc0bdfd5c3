"""Likely misprints: what is not a word with its neighbours while a near spelling is one.

A syllable comes under suspicion when it is none of Vietnamese, or when it was never seen beside
either neighbour: not in a word, not in the sentences that underthesea learned from, not twice in
the text itself. Each near spelling that was seen beside one of them is then weighed (`weighing`).
Where both spellings are good syllables three things more count: how sure the word model is of each
in its sentence; how many plain misprints the text has, for a scan full of them has more
of the doubtful ones, too, a clean book hardly any; and how often its words are strangers to their
neighbours, for in a text with a vocabulary of its own that means little. ``bench/proofing.py``
measures what they find and how often they are wrong.
"""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING

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

# How many plain misprints a text has decides how likely the doubtful ones are: log of their rate
# over the usual one, as if so many words of a usual text had been read before; within limits.
_USUAL_RATE, _READ_BEFORE = 0.0003, 5_000
_LIMIT = 2.5
_RATE = 1.05
_STRANGERS = -0.6  # times the log of the share of strangers over the usual one
# A few sentences are shown to a proofreader for a reason: that much more, and for so many words.
_SHORT, _FEW_WORDS = 0.3, 1_000

_VOWEL = re.compile("[aeiouy]|[^a-zđ]")


def find_misprints(text: str) -> list[Misprint]:
    """Find likely misprints, in order, none overlapping another.

    A whole book tells more than its chapters one by one: what an author writes again and again is
    no misprint. Names, acronyms and foreign words are none either, nor are both spellings of hoà
    and hòa, of kỹ and kĩ, of nhảy and nhẩy. The text is one that has been tidied: words parted by
    one space, a paragraph in a line.

    >>> [(found.written, found.suggestion) for found in find_misprints("Họ có phương tiên riêng.")]
    [('phương tiên', 'phương tiện')]

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
    """Write the suggestions of the sure ones among the misprints found in a text.

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
    """Yield what its neighbours make doubtful; what is no syllable first, it tells of the rest."""
    weigher = Weigher(text)
    right: list[Place] = []
    plain = 0
    for place in text.suspects():
        token = place.token
        if has_strange_letters(token.written):
            continue  # that alone is the misprint
        if is_vietnamese(token.written):
            right.append(place)
        elif len(token.syllable) > 1 and _VOWEL.search(token.syllable):
            finding = weigher.weigh(place)
            if finding:
                plain += finding.odds >= PLAIN
                yield finding
    yield from find_folk_spellings(text)
    yield from find_misheard(text)
    yield from find_lacking(text)
    shift = _text_shift(text, plain)
    for place in right:
        finding = weigher.weigh_right(place, shift)
        if finding:
            yield finding


def _text_shift(text: Text, plain: int) -> float:
    """Return log odds for every doubtful word of a text, given its plain misprints."""
    rate = (plain + _USUAL_RATE * _READ_BEFORE) / (text.words + _READ_BEFORE)
    shift = _RATE * min(max(log(rate / _USUAL_RATE), -_LIMIT), _LIMIT)
    shift += _STRANGERS * text.stranger_share
    return shift + _SHORT * _FEW_WORDS / (text.words + _FEW_WORDS)
