"""How likely a word is a misprint, and of what.

Each near spelling (another tone, another mark, one letter, another letter of the same sound) that
was seen beside a neighbour is weighed; what speaks for a misprint and what against it adds up to
log odds. The weights of right syllables are those of a logistic regression, rounded: on 1,400 of
them in an encyclopaedia whose misprints are marked, in news, blogs, theses and novels, read and
judged, and on slips put in. Those of what is no syllable were set by hand.
"""

from __future__ import annotations

import re
import unicodedata
from math import log, log2
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.foreign import is_foreign
from audiobook.vietnamese.languages import foreign_language
from audiobook.vietnamese.proofreading.finding import Finding, Misprint
from audiobook.vietnamese.proofreading.tagging import cut_certainty, model_tokens, tag_certainty
from audiobook.vietnamese.proofreading.tokens import Neighbour, Token, neighbours_of
from audiobook.vietnamese.syllables import bare, is_misspelt, is_vietnamese
from audiobook.vietnamese.words import Slip, dictionary, near_spellings, spellings

if TYPE_CHECKING:
    from audiobook.vietnamese.proofreading.text import Place, Text

# Log odds of a misprint; first of what is no syllable.
_NO_SYLLABLE = 1.1
_PLAIN_LETTERS = -1.1  # of the letters a to z: it may be foreign
_SLIP = {Slip.TONE: 2.9, Slip.MARK: 3.8, Slip.PLACE: 5.0, Slip.HOOK: 2.9, Slip.FINAL: 1.0}
_BESIDE_BOTH = 2.6  # the near spelling suits both neighbours
_IN_A_LIST = 0.45  # for each source that has the word suggested
_SEEN_HERE = 1.3  # for each time the text doubles what is suggested
_COMMON_HERE = -0.7  # for each time the text doubles what is suspected
_COMMON_NEIGHBOUR = -0.35
_NEIGHBOUR_TAKEN = -1.0  # the neighbour makes a word with its other one
_SUGGESTS_FREE = 0.7
PLAIN = 5.0  # so much shows a plain misprint
_LIKELY = -0.25
# The same of right syllables.
_RIGHT = 0.4
_RIGHT_SLIP = {
    Slip.TONE: 1.0,
    Slip.MARK: 1.2,
    Slip.PLACE: 1.1,
    Slip.SOUND: 2.2,
    Slip.ACCENT: 1.7,  # less than measured: many of them are old spellings
    Slip.HOOK: 2.7,
    Slip.FINAL: 1.5,
}
_RIGHT_BESIDE_BOTH = 1.0
_RIGHT_IN_A_LIST = 0.38
_RIGHT_SEEN_HERE = 0.9
_RIGHT_COMMON_HERE = -0.2
_RIGHT_COMMON_NEIGHBOUR = -0.18
_RIGHT_NEIGHBOUR_TAKEN = -1.1
_RIGHT_NEIGHBOUR_ALONE = -0.11  # as _ALONE
_NOT_A_WORD = 1.5  # a syllable that is not a word by itself, and comes but once
_LISTED = -0.55  # for each source where the syllable is a word, which may stand beside anything
_ALONE = -0.17  # for each time its count as a word in the tagged sentences doubles
_OTHERS = -0.27  # times the log of the number of near spellings that suit the place
_CUT = 1.8  # times the log probability of the words of its sentence as they are cut there
_CUT_BETTER = 3.7  # times what that gains by the suggestion, or loses
_LOSES_MOST = -0.1
# A common word whose part of speech is sure as it stands, and no surer by the suggestion.
_MEANT = -1.4
_COMMON_SOURCES, _SURE_TAG = 4, 0.9
_AROUND = 4  # syllables shown to the model on either side
_WORTH_A_LOOK = -0.9  # before its sentence is looked at
_LIKELY_RIGHT = -0.3
_SURE = 3.0
# A second suggestion this close to the first leaves it open which one was meant.
_CLEARLY_BETTER = 2.0

NOT_A_WORD = "is not a word"
_MISSPELT = "is not spelled as Vietnamese"

_NONE: frozenset[str] = frozenset()
_ONSET = re.compile(r"(?:ngh?|gh?|gi|[cknpt]h|qu|tr|[bcdđhklmnprstvx])?")
_A_FOR_A_CIRCUMFLEX = str.maketrans("âầấẩẫậ", "aàáảãạ")
_Y = "yỳýỷỹỵ"
_I_FOR_Y = str.maketrans(_Y, "iìíỉĩị")


class Candidate(NamedTuple):
    """A near spelling in the place of a word."""

    odds: float
    syllable: str
    neighbour: Token
    """The one that it suits best."""


class Weigher:
    """Weighs the words of a text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._words = dictionary()

    def weigh(self, place: Place) -> Finding | None:
        """Weigh what is no syllable; None if no near spelling suits its neighbours."""
        token = place.token
        doubts = _NO_SYLLABLE + _PLAIN_LETTERS * token.written.isascii()
        doubts += _COMMON_HERE * log2(max(1, self._text.syllables[token.syllable]))
        weighed = sorted(self._candidates(place, right=False), reverse=True)
        if not weighed:
            return self._misspelt(token)
        if token.written.isascii() and foreign_language(self._around_as_written(place)):
            return None
        best = weighed[0]
        finding = self._finding(place, best._replace(odds=best.odds + doubts), weighed)
        return finding if finding.odds >= _LIKELY else None

    def weigh_right(self, place: Place, shift: float) -> Finding | None:
        """Weigh a right syllable; None if nothing speaks for another in its place.

        Args:
            place: where it stands.
            shift: log odds for every one of this text.
        """
        token = place.token
        weighed = sorted(self._candidates(place, right=True), reverse=True)
        if not weighed:
            return None
        best = weighed[0]
        odds = best.odds + self._doubts(token) + _OTHERS * log(len(weighed)) + shift
        if odds < _WORTH_A_LOOK:
            return None
        left, right = self._around(place)
        cut = cut_certainty([*left, token.written, *right], len(left))
        # No suggestion gains more than certainty.
        if odds + (_CUT - _CUT_BETTER) * cut < _LIKELY_RIGHT:
            return None
        suggestion = spellings(best.syllable)[0]
        better = cut_certainty([*left, suggestion, *right], len(left))
        odds += _CUT * cut + _CUT_BETTER * max(better - cut, _LOSES_MOST)
        if odds >= _LIKELY_RIGHT and self._is_meant(token, suggestion, left, right):
            odds += _MEANT
        if odds < _LIKELY_RIGHT:
            return None
        return self._finding(place, best._replace(odds=odds), weighed)

    def _is_meant(self, token: Token, suggestion: str, left: list[str], right: list[str]) -> bool:
        """Whether a common word is as sure of its part of speech as what is suggested."""
        if self._words.single.get(token.syllable, 0) < _COMMON_SOURCES:
            return False
        sure = tag_certainty([*left, token.written, *right], len(left))
        if sure < _SURE_TAG:
            return False
        return tag_certainty([*left, suggestion, *right], len(left)) <= sure

    def _doubts(self, token: Token) -> float:
        """Weigh what speaks against a right syllable itself, and for it."""
        count = self._text.syllables[token.syllable]
        odds = _RIGHT + _RIGHT_COMMON_HERE * log2(max(1, count))
        odds += _LISTED * self._words.single.get(token.syllable, 0)
        odds += _ALONE * log2(1 + self._words.alone.get(token.syllable, 0))
        return odds + _NOT_A_WORD * (token.syllable not in self._words.single and count == 1)

    def _candidates(self, place: Place, *, right: bool) -> list[Candidate]:
        """Weigh every near spelling beside every neighbour that tells."""
        written = place.token.syllable
        close = near_spellings(written)
        fits: dict[str, list[tuple[float, Token]]] = {}
        for neighbour in neighbours_of(*place):
            if self._text.tells(neighbour.token):
                for syllable in self._suiting(neighbour, close):
                    weight = self._pair_weight(syllable, neighbour, right=right)
                    fits.setdefault(syllable, []).append((weight, neighbour.token))
        if any(_is_old_spelling(written, syllable) for syllable in fits):
            return []
        slips, beside_both = (_RIGHT_SLIP, _RIGHT_BESIDE_BOTH) if right else (_SLIP, _BESIDE_BOTH)
        candidates = []
        for syllable, weights in fits.items():
            odds, token = max(weights)
            odds += slips.get(close[syllable], 0.0) + beside_both * (len(weights) - 1)
            if not right:
                odds += _SUGGESTS_FREE * (syllable in self._words.free)
            candidates.append(Candidate(odds, syllable, token))
        return candidates

    def _suiting(self, neighbour: Neighbour, close: dict[str, Slip]) -> set[str]:
        """Return the near spellings that were seen beside a neighbour."""
        neighbour_syllable = neighbour.token.syllable
        suiting: set[str] = set()
        for source in (self._words, self._text):
            seen_beside = source.successors if neighbour.is_before else source.predecessors
            suiting |= close.keys() & seen_beside.get(neighbour_syllable, _NONE)
        return suiting

    def _pair_weight(self, syllable: str, neighbour: Neighbour, *, right: bool) -> float:
        """Weigh what speaks for a syllable beside a neighbour."""
        neighbour_syllable = neighbour.token.syllable
        pair = (
            f"{neighbour_syllable} {syllable}"
            if neighbour.is_before
            else f"{syllable} {neighbour_syllable}"
        )
        sources = self._words.words.get(pair, 0)
        count_here = log2(1 + self._text.pairs[pair])
        common = log2(max(1, self._text.syllables[neighbour_syllable]))
        is_taken = neighbour.beyond in self._words.words
        if right:
            return (
                _RIGHT_IN_A_LIST * sources
                + _RIGHT_SEEN_HERE * count_here
                + _RIGHT_COMMON_NEIGHBOUR * common
                + _RIGHT_NEIGHBOUR_TAKEN * is_taken
                + _RIGHT_NEIGHBOUR_ALONE * log2(1 + self._words.alone.get(neighbour_syllable, 0))
            )
        return (
            _IN_A_LIST * sources
            + _SEEN_HERE * count_here
            + _COMMON_NEIGHBOUR * common
            + _NEIGHBOUR_TAKEN * is_taken
        )

    def _around(self, place: Place) -> tuple[list[str], list[str]]:
        """Return what the model is shown before a word and after it."""
        start, end = _window(place)
        left, right = (
            model_tokens(unicodedata.normalize("NFC", self._text.text[first:last]))
            for first, last in ((start, place.token.start), (place.token.end, end))
        )
        return left[-2 * _AROUND :], right[: 2 * _AROUND]

    def _around_as_written(self, place: Place) -> str:
        start, end = _window(place)
        return self._text.text[start:end]

    def _misspelt(self, token: Token) -> Finding | None:
        """Name what is none of our syllables though it looks like one: its neighbours are mute."""
        written = token.written
        if written.isascii() or is_foreign(written) or not is_misspelt(written):
            return None
        moved = [
            syllable
            for syllable, slip in near_spellings(token.syllable).items()
            if slip is Slip.PLACE
        ]
        suggestion = self._spell(moved[0], token) if len(moved) == 1 else ""
        message = f"“{written}” {_MISSPELT}"
        sure = bool(suggestion) and moved[0] in self._words.single
        misprint = Misprint(token.start, token.end, written, suggestion, message, sure)
        return Finding(_LIKELY, misprint)

    def _finding(self, place: Place, best: Candidate, weighed: list[Candidate]) -> Finding:
        token, neighbour = place.token, best.neighbour
        suggestion = self._spell(best.syllable, token)
        first, last = sorted((token, neighbour))
        words = {token: (token.written, suggestion), neighbour: (neighbour.written,) * 2}
        written, better = map(" ".join, zip(words[first], words[last], strict=True))
        right = is_vietnamese(token.written)
        message = f"“{written}” {NOT_A_WORD if right else _MISSPELT}"
        clear = len(weighed) == 1 or weighed[0].odds - weighed[1].odds >= _CLEARLY_BETTER
        may_be_meant = token.syllable in self._words.single or any(
            _rhyme(token.syllable, beside.token.syllable) for beside in neighbours_of(*place)
        )
        sure = clear and best.odds >= _SURE and not (right and may_be_meant)
        return Finding(best.odds, Misprint(first.start, last.end, written, better, message, sure))

    def _spell(self, syllable: str, token: Token) -> str:
        """Spell a folded syllable as this text does, else as the writer meant to."""
        with_y = token.written[-1].lower() in _Y
        best = max(
            spellings(syllable),
            key=lambda word: (self._text.spelled[word], (word[-1] in _Y) == with_y),
        )
        return best.capitalize() if token.written[0].isupper() else best


def _window(place: Place) -> tuple[int, int]:
    """Return where the words around one begin and end."""
    line, index = place
    first, last = max(0, index - _AROUND), min(len(line) - 1, index + _AROUND)
    return line[first].start, line[last].end


def _is_old_spelling(written: str, candidate: str) -> bool:
    """Whether only a and â differ before y and u (nhẩy, nhảy), or y and i (ỹ, ĩ)."""
    if written[-1] in "uy":
        return written.translate(_A_FOR_A_CIRCUMFLEX) == candidate.translate(_A_FOR_A_CIRCUMFLEX)
    return len(written) == 1 and written.translate(_I_FOR_Y) == candidate.translate(_I_FOR_Y)


def _rhyme(first: str, second: str) -> bool:
    return first != second and _rime(first) == _rime(second)


def _rime(syllable: str) -> str:
    return _ONSET.sub("", bare(syllable), count=1)
