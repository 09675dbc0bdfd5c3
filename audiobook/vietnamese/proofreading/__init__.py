"""Likely misprints: what is not a word with its neighbours while a near spelling is one.

A syllable comes under suspicion when it is none of Vietnamese, or when it was never seen beside
either neighbour: not in a word, not in the news that underthesea learned from, not twice in the
text itself. Each near spelling (another tone, another mark, one letter) that was seen beside one of
them is then weighed; what speaks for a misprint and what against it adds up to log odds. Most
weights are those of a logistic regression on sentences with one slip put in, rounded; those of no
syllable, no word, a neighbour taken and a rhyme, and what counts as likely and sure, were set by
hand. Where both spellings are good syllables three things more count, weighed by 300 findings in
books that were read and judged: how many lists have the one that is written as a word; how sure
the word and tag models are of it in its sentence; and the text, for a scan full of plain misprints
has more of the doubtful ones, too, a clean book hardly any, and in one with a vocabulary of its own
strange neighbours mean little. ``bench/proofing.py`` measures what they find and how often they
are wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from math import log, log2
from typing import TYPE_CHECKING

from audiobook.vietnamese.foreign import is_foreign
from audiobook.vietnamese.proofreading.finding import Finding, Misprint
from audiobook.vietnamese.proofreading.surface import (
    doubled,
    has_strange_letters,
    misplaced_numbers,
    unreadable,
)
from audiobook.vietnamese.proofreading.tagging import certainty
from audiobook.vietnamese.proofreading.tokens import (
    Neighbour,
    Token,
    follows_hyphen,
    neighbours_of,
    pairs_at,
    tokenize,
)
from audiobook.vietnamese.syllables import bare, is_misspelt, is_vietnamese
from audiobook.vietnamese.words import Slip, dictionary, near, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Misprint", "correct", "find_misprints"]

# Log odds of a misprint.
_PRIOR = -2.9
_SLIP = {Slip.LETTER: 0.0, Slip.TONE: 2.9, Slip.MARK: 3.8, Slip.PLACE: 5.0}
_BESIDE_BOTH = 2.6  # the near spelling suits both neighbours
_NO_SYLLABLE = 4.0
_PLAIN_LETTERS = -1.1  # no syllable, of the letters a to z: it may be foreign
_NO_WORD = 3.5  # a syllable that is not a word by itself, and comes but once
_LISTED = -1.0  # for each source where the syllable is a word, which may stand beside anything
_SUGGESTS_FREE = 0.7
_IN_A_LIST = 0.45  # for each source that has the word suggested
_SEEN_HERE = 1.3  # for each time the text doubles what is suggested
_COMMON_HERE = -0.7  # for each time the text doubles what is suspected
_COMMON_NEIGHBOUR = -0.35
_NEIGHBOUR_TAKEN = -1.0  # the neighbour makes a word with its other one
_RHYME = -1.5  # lằn nhằn for cằn nhằn: of words that echo themselves every region has its own
_RIGHT = 4.0  # a right syllable, before its sentence and its text are looked at
_CUT = -3.0  # times the log probability of the words of its sentence as they are cut there
_TAGGED = -3.0  # times the probability of its part of speech
_AROUND = 6  # syllables shown to the models on either side
# How many plain misprints a text has decides how likely the doubtful ones are: log of their rate
# over the usual one, as if so many words of a usual text had been read before; within limits.
_PLAIN, _USUAL_RATE, _READ_BEFORE = 5.0, 0.0003, 5_000
_CLEANEST, _DIRTIEST = -2.5, 0.7
_RATE = 2.0
# How many of its words are strangers to their neighbours tells how little that means there.
_USUAL_STRANGERS, _MET_BEFORE = 0.35, 100
_STRANGERS = -4.0
# A few sentences are shown to a proofreader for a reason: that much more, and for so many words.
_SHORT, _FEW_WORDS = 0.45, 200
_MANY_SOURCES = 3
_LIKELY = -0.25
_WORTH_A_LOOK = -4.5  # before its sentence is looked at
_SURE = 3.0
# A second suggestion this close to the first leaves it open which one was meant.
_CLEARLY_BETTER = 2.0

_MISSPELT = "is not spelled as Vietnamese"
_LACKS = "lacks a syllable"
_VOWEL = re.compile("[aeiouy]|[^a-zđ]")

# What the models take for one token: a syllable, a number, a mark.
_TAGGABLE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_ONSET = re.compile(r"(?:ngh?|gh?|gi|[cknpt]h|qu|tr|[bcdđhklmnprstvx])?")

_A_FOR_A_CIRCUMFLEX = str.maketrans("âầấẩẫậ", "aàáảãạ")
_Y = "yỳýỷỹỵ"
_I_FOR_Y = str.maketrans(_Y, "iìíỉĩị")


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
    findings = [*unreadable(text), *doubled(text), *misplaced_numbers(text)]
    findings += _Proof(text).findings()
    findings.sort(key=lambda finding: -finding.odds)
    taken = bytearray(len(text))
    found = []
    for _, misprint in findings:
        if not any(taken[misprint.start : misprint.end]):
            taken[misprint.start : misprint.end] = b"\1" * (misprint.end - misprint.start)
            found.append(misprint)
    return sorted(found, key=lambda misprint: misprint.start)


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


class _Proof:
    """One text under proof, and what it tells of itself; a line that comes back counts once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = list(tokenize(text))
        self._words = dictionary()
        self._syllables: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        self._spelled: Counter[str] = Counter()
        self._fixed: Counter[str] = Counter()
        self._names: set[str] = set()
        seen = set()
        for line in self._lines:
            key = tuple(token.written for token in line)
            if key not in seen:
                seen.add(key)
                self._count(line)

    def _count(self, line: list[Token]) -> None:
        before = None
        last = ""
        for token in line:
            self._syllables[token.syllable] += 1
            self._spelled[token.written.lower()] += 1
            if token.joins and before:
                pair = f"{before.syllable} {token.syllable}"
                self._pairs[pair] += 1
                if (whole := f"{last} {pair}") in self._words.fixed:
                    self._fixed[whole] += 1
                if token.written[0].isupper():
                    self._names.add(token.syllable)
            last = before.syllable if before and token.joins else ""
            before = token

    def findings(self) -> Iterator[Finding]:
        """Yield what is likely, given how many plain misprints there are."""
        suspects = [*self._suspects()]
        words = sum(map(len, self._lines))
        plain = sum(finding.odds >= _PLAIN for _, finding in suspects)
        rate = (plain + _USUAL_RATE * _READ_BEFORE) / (words + _READ_BEFORE)
        strangers = self._count_strangers() + _USUAL_STRANGERS * _MET_BEFORE
        share = strangers / (words + _MET_BEFORE)
        shift = _RIGHT + _RATE * min(max(log(rate / _USUAL_RATE), _CLEANEST), _DIRTIEST)
        shift += _STRANGERS * log(share / _USUAL_STRANGERS)
        shift += _SHORT * _FEW_WORDS / (words + _FEW_WORDS)
        for token, finding in suspects:
            odds = finding.odds + shift * is_vietnamese(token.written)
            if odds >= _LIKELY:
                yield finding._replace(odds=odds)

    def _suspects(self) -> Iterator[tuple[Token, Finding]]:
        for line in self._lines:
            for place, token in enumerate(line):
                if self._is_suspect(line, place):
                    finding = self._lacking(line, place) or self._weigh(line, place)
                    if finding:
                        yield token, finding

    def _is_suspect(self, line: list[Token], place: int) -> bool:
        token = line[place]
        if has_strange_letters(token.written):
            return False  # that alone is the misprint
        if self._is_name(token) or token.hyphened or follows_hyphen(line, place):
            return False
        if not is_vietnamese(token.written):
            return bool(_VOWEL.search(token.syllable)) and len(token.syllable) > 1
        if token.syllable not in self._words.syllables and self._syllables[token.syllable] > 1:
            return False  # the author's own
        return not any(map(self._is_seen, pairs_at(line, place)))

    def _count_strangers(self) -> int:
        """Count right syllables that neither list nor news has beside either neighbour."""
        return sum(
            is_vietnamese(token.written)
            and not self._is_name(token)
            and self._words.pairs.isdisjoint(pairs_at(line, place))
            for line in self._lines
            for place, token in enumerate(line)
        )

    def _is_name(self, token: Token) -> bool:
        if token.written.islower():
            return False
        return not token.written.istitle() or token.joins or token.syllable in self._names

    def _is_seen(self, pair: str) -> bool:
        return pair in self._words.pairs or self._pairs[pair] > 1

    def _weigh(self, line: list[Token], place: int) -> Finding | None:
        """Weigh every near spelling beside every neighbour; the best, if it is likely."""
        token = line[place]
        neighbours = [one for one in neighbours_of(line, place) if self._tells(one.token)]
        doubts = self._doubts(token)
        echoes = any(_rhyme(token.syllable, one.token.syllable) for one in neighbours)
        weighed = []
        for syllable, slip in near(token.syllable).items():
            fits = [
                (odds, neighbour)
                for neighbour in neighbours
                if (odds := self._weigh_pair(syllable, neighbour)) is not None
            ]
            if fits:
                if _is_old_spelling(token.syllable, syllable):
                    return None
                odds, neighbour = max(fits)
                odds += doubts + _SLIP[slip] + _BESIDE_BOTH * (len(fits) - 1)
                odds += _RHYME * echoes
                weighed.append(
                    (odds + _SUGGESTS_FREE * self._is_free(syllable), syllable, neighbour)
                )
        weighed.sort(reverse=True)
        if not weighed or weighed[0][0] < _WORTH_A_LOOK:
            return self._misspelt(token)
        odds, syllable, neighbour = weighed[0]
        clear = len(weighed) == 1 or odds - weighed[1][0] >= _CLEARLY_BETTER
        finding = self._finding(odds, token, syllable, neighbour.token, clear)
        if is_vietnamese(token.written):
            return finding._replace(odds=odds + self._in_sentence(line, place))
        return finding

    def _in_sentence(self, line: list[Token], place: int) -> float:
        """Weigh how well a right syllable suits its sentence."""
        token = line[place]
        start = line[max(0, place - _AROUND)].start
        end = line[min(len(line) - 1, place + _AROUND)].end
        left, right = (
            _TAGGABLE.findall(unicodedata.normalize("NFC", self._text[first:last]))
            for first, last in ((start, token.start), (token.end, end))
        )
        left, right = left[-2 * _AROUND :], right[: 2 * _AROUND]
        cut, tag = certainty([*left, token.written, *right], len(left))
        return _CUT * cut + _TAGGED * tag

    def _lacking(self, line: list[Token], place: int) -> Finding | None:
        """Tell where the middle of a fixed word of three syllables is missing: phi (hành) gia.

        Its first and last syllable must be strangers otherwise, and neither may make a word with
        its other neighbour. The text has the whole word twice, or many sources have it and one
        of the two is not a word by itself.
        """
        token = line[place]
        following = line[place + 1] if place + 1 < len(line) else None
        pair = f"{token.syllable} {following.syllable}" if following else ""
        if following is None or not following.joins or self._is_seen(pair):
            return None
        wholes = self._words.shortened.get(pair, [])
        free = self._is_free(token.syllable) and self._is_free(following.syllable)
        likely = [
            whole
            for whole in wholes
            if self._fixed[whole] > 1 or (self._words.fixed[whole] >= _MANY_SOURCES and not free)
        ]
        if len(likely) != 1:
            return None
        beyond = [one.beyond for one in neighbours_of(line, place) if not one.before]
        before = f"{line[place - 1].syllable} {token.syllable}" if token.joins else ""
        if any(pair in self._words.words for pair in (*beyond, before)):
            return None
        written = f"{token.written} {following.written}"
        middle = spellings(likely[0].split()[1])[0]
        better = f"{token.written} {middle} {following.written}"
        message = f"“{written}” {_LACKS}"
        misprint = Misprint(token.start, following.end, written, better, message, sure=False)
        return Finding(_PLAIN - 1, misprint)

    def _tells(self, neighbour: Token) -> bool:
        """Whether a neighbour tells what should stand beside it, as names do not."""
        return neighbour.syllable in self._words.syllables and not self._is_name(neighbour)

    def _misspelt(self, token: Token) -> Finding | None:
        """Name what is none of our syllables though it looks like one: its neighbours are mute."""
        written = token.written
        if written.isascii() or is_foreign(written) or not is_misspelt(written):
            return None
        moved = [syllable for syllable, slip in near(token.syllable).items() if slip is Slip.PLACE]
        suggestion = self._spell(moved[0], token) if len(moved) == 1 else ""
        message = f"“{written}” {_MISSPELT}"
        sure = bool(suggestion) and moved[0] in self._words.single
        misprint = Misprint(token.start, token.end, written, suggestion, message, sure)
        return Finding(_LIKELY, misprint)

    def _doubts(self, token: Token) -> float:
        """Weigh what speaks against the syllable itself, and for it."""
        odds = _PRIOR + _COMMON_HERE * log2(max(1, self._syllables[token.syllable]))
        if not is_vietnamese(token.written):
            odds += _NO_SYLLABLE + _PLAIN_LETTERS * token.written.isascii()
        elif token.syllable not in self._words.single and self._syllables[token.syllable] == 1:
            odds += _NO_WORD
        return odds + _LISTED * self._words.single.get(token.syllable, 0)

    def _is_free(self, syllable: str) -> bool:
        return syllable in self._words.free

    def _weigh_pair(self, syllable: str, neighbour: Neighbour) -> float | None:
        """Weigh what speaks for a syllable beside a neighbour; None if it was never seen there."""
        other = neighbour.token.syllable
        pair = f"{other} {syllable}" if neighbour.before else f"{syllable} {other}"
        if pair not in self._words.pairs and self._pairs[pair] < 2:
            return None
        return (
            _IN_A_LIST * self._words.words.get(pair, 0)
            + _SEEN_HERE * log2(1 + self._pairs[pair])
            + _COMMON_NEIGHBOUR * log2(max(1, self._syllables[other]))
            + _NEIGHBOUR_TAKEN * (neighbour.beyond in self._words.words)
        )

    def _finding(
        self, odds: float, token: Token, syllable: str, neighbour: Token, clear: bool
    ) -> Finding:
        suggestion = self._spell(syllable, token)
        first, last = sorted((token, neighbour))
        words = {token: (token.written, suggestion), neighbour: (neighbour.written,) * 2}
        written, better = map(" ".join, zip(words[first], words[last], strict=True))
        right = is_vietnamese(token.written)
        message = f"“{written}” {'is not a word' if right else _MISSPELT}"
        single = token.syllable in self._words.single
        rhymes = _rhyme(token.syllable, neighbour.syllable)
        sure = clear and odds >= _SURE and not (right and (single or rhymes))
        return Finding(odds, Misprint(first.start, last.end, written, better, message, sure))

    def _spell(self, syllable: str, token: Token) -> str:
        """Spell a folded syllable as this text does, else as the writer meant to."""
        with_y = token.written[-1].lower() in _Y
        best = max(
            spellings(syllable), key=lambda word: (self._spelled[word], (word[-1] in _Y) == with_y)
        )
        return best.capitalize() if token.written[0].isupper() else best


def _is_old_spelling(one: str, other: str) -> bool:
    """Whether only a and â differ before y and u (nhẩy, nhảy), or y and i (ỹ, ĩ)."""
    if one[-1] in "uy":
        return one.translate(_A_FOR_A_CIRCUMFLEX) == other.translate(_A_FOR_A_CIRCUMFLEX)
    return len(one) == 1 and one.translate(_I_FOR_Y) == other.translate(_I_FOR_Y)


def _rhyme(one: str, other: str) -> bool:
    return one != other and _rime(one) == _rime(other)


def _rime(syllable: str) -> str:
    return _ONSET.sub("", bare(syllable), count=1)
