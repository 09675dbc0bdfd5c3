"""How likely a word is a misprint, and of what.

Each near spelling (another tone, another mark, one letter, another letter of the same sound) that
was seen beside a neighbour is weighed: the evidence for a misprint and against it adds up to log
odds. `weights` holds the weights of near spellings, and tells how all were found.
"""

from __future__ import annotations

import unicodedata
from math import log, log2
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import Message, message
from audiobook.vietnamese.foreign_words import is_foreign
from audiobook.vietnamese.languages import foreign_language
from audiobook.vietnamese.proofreading.finding import Finding, Misprint
from audiobook.vietnamese.proofreading.old_spellings import Y, do_rhyme, is_old_spelling
from audiobook.vietnamese.proofreading.tagging import cut_certainty, model_tokens, tag_certainty
from audiobook.vietnamese.proofreading.tokens import Neighbour, Token, neighbours_of
from audiobook.vietnamese.proofreading.weights import OF_NO_SYLLABLE, OF_RIGHT, Weights
from audiobook.vietnamese.slips import Slip, near_spellings
from audiobook.vietnamese.syllables import is_misspelt, is_vietnamese
from audiobook.vietnamese.words import dictionary, spellings

if TYPE_CHECKING:
    from audiobook.vietnamese.proofreading.text import Place, Text

# Log odds of a misprint: of a word that is not a syllable.
_NO_SYLLABLE = 1.1
_PLAIN_LETTERS = -1.1  # for a word of the letters a to z: it may be foreign
_COMMON_HERE = -0.7  # for each doubling of the count of the suspected word in the text
PLAIN = 5.0  # from here on a misprint counts as plain
_LIKELY = -0.25
# Of a right syllable.
_RIGHT = 0.4
_RIGHT_COMMON_HERE = -0.2
_NOT_A_WORD = 1.5  # if a syllable is not a word by itself and stands only once in the text
_LISTED = -0.55  # for each source in which the syllable is a word, which may stand anywhere
_ALONE = -0.17  # for each doubling of its count as a word in the tagged sentences
_OTHERS = -0.27  # times the log of the number of near spellings that suit the place
_CUT = 1.8  # times the log probability of the cut of its sentence there
_CUT_BETTER = 3.7  # times what the suggestion adds to that or takes away
_LOSES_MOST = -0.1
# For a common word whose part of speech is sure, and not surer with the suggestion.
_MEANT = -1.4
_COMMON_SOURCES, _SURE_TAG = 4, 0.9
_AROUND = 4  # syllables of context for the model on either side
_WORTH_A_LOOK = -0.9  # least odds for which the model is asked
_LIKELY_RIGHT = -0.3
_SURE = 3.0
# The best suggestion is sure only if it beats the next by so much.
_CLEARLY_BETTER = 2.0


_NONE: frozenset[str] = frozenset()


class Candidate(NamedTuple):
    """A near spelling that may be meant instead of a word."""

    odds: float
    syllable: str
    neighbour: Token
    """The neighbour that it suits best."""


class Weigher:
    """Weighs the suspected words of a text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._words = dictionary()

    def weigh_non_syllable(self, place: Place) -> Finding | None:
        """Return the finding for a word that is not a syllable, None if a misprint is unlikely."""
        token = place.token
        own_odds = _NO_SYLLABLE + _PLAIN_LETTERS * token.written.isascii()
        own_odds += _COMMON_HERE * log2(max(1, self._text.syllables[token.syllable]))
        candidates = sorted(self._candidates(place, OF_NO_SYLLABLE), reverse=True)
        if not candidates:
            return self._find_misspelling(token)
        if token.written.isascii() and foreign_language(self._context_as_written(place)):
            return None
        best = candidates[0]
        finding = self._make_finding(place, best._replace(odds=best.odds + own_odds), candidates)
        return finding if finding.odds >= _LIKELY else None

    def weigh_syllable(self, place: Place, shift: float) -> Finding | None:
        """Return the finding for a right syllable, None if a misprint is unlikely.

        Args:
            place: where the syllable stands.
            shift: log odds that are added for each syllable of this text.
        """
        token = place.token
        candidates = sorted(self._candidates(place, OF_RIGHT), reverse=True)
        if not candidates:
            return None
        best = candidates[0]
        odds = best.odds + self._own_odds(token) + _OTHERS * log(len(candidates)) + shift
        if odds < _WORTH_A_LOOK:
            return None
        left, right = self._context(place)
        certainty = cut_certainty([*left, token.written, *right], len(left))
        # No suggestion gains more than certainty.
        if odds + (_CUT - _CUT_BETTER) * certainty < _LIKELY_RIGHT:
            return None
        suggestion = spellings(best.syllable)[0]
        better_certainty = cut_certainty([*left, suggestion, *right], len(left))
        odds += _CUT * certainty + _CUT_BETTER * max(better_certainty - certainty, _LOSES_MOST)
        if odds >= _LIKELY_RIGHT and self._is_meant(token, suggestion, left, right):
            odds += _MEANT
        if odds < _LIKELY_RIGHT:
            return None
        return self._make_finding(place, best._replace(odds=odds), candidates)

    def _is_meant(self, token: Token, suggestion: str, left: list[str], right: list[str]) -> bool:
        """Whether a common word is meant: its part of speech is as sure as with the suggestion."""
        if self._words.single.get(token.syllable, 0) < _COMMON_SOURCES:
            return False
        probability = tag_certainty([*left, token.written, *right], len(left))
        if probability < _SURE_TAG:
            return False
        return tag_certainty([*left, suggestion, *right], len(left)) <= probability

    def _own_odds(self, token: Token) -> float:
        """Return the log odds from a right syllable itself, without its neighbours."""
        count = self._text.syllables[token.syllable]
        odds = _RIGHT + _RIGHT_COMMON_HERE * log2(max(1, count))
        odds += _LISTED * self._words.single.get(token.syllable, 0)
        odds += _ALONE * log2(1 + self._words.alone.get(token.syllable, 0))
        return odds + _NOT_A_WORD * (token.syllable not in self._words.single and count == 1)

    def _candidates(self, place: Place, weights: Weights) -> list[Candidate]:
        """Return the near spellings that suit a neighbour, with their odds."""
        written = place.token.syllable
        slips_by_spelling = near_spellings(written)
        fitting: dict[str, list[tuple[float, Token]]] = {}
        for neighbour in neighbours_of(*place):
            if self._text.tells(neighbour.token):
                for syllable in self._spellings_beside(neighbour, slips_by_spelling):
                    odds = self._pair_odds(syllable, neighbour, weights)
                    fitting.setdefault(syllable, []).append((odds, neighbour.token))
        if any(is_old_spelling(written, syllable) for syllable in fitting):
            return []
        candidates = []
        for syllable, beside in fitting.items():
            odds, token = max(beside)
            slip = weights.slips.get(slips_by_spelling[syllable], 0.0)
            odds += slip + weights.beside_both * (len(beside) - 1)
            odds += weights.suggests_free * (syllable in self._words.free)
            candidates.append(Candidate(odds, syllable, token))
        return candidates

    def _spellings_beside(
        self, neighbour: Neighbour, slips_by_spelling: dict[str, Slip]
    ) -> set[str]:
        """Return those of the near spellings that were seen beside a neighbour."""
        neighbour_syllable = neighbour.token.syllable
        suiting: set[str] = set()
        for source in (self._words, self._text):
            seen_beside = source.successors if neighbour.is_before else source.predecessors
            suiting |= slips_by_spelling.keys() & seen_beside.get(neighbour_syllable, _NONE)
        return suiting

    def _pair_odds(self, syllable: str, neighbour: Neighbour, weights: Weights) -> float:
        """Return the log odds for a near spelling beside a neighbour."""
        neighbour_syllable = neighbour.token.syllable
        pair = (
            f"{neighbour_syllable} {syllable}"
            if neighbour.is_before
            else f"{syllable} {neighbour_syllable}"
        )
        source_count = self._words.words.get(pair, 0)
        count_here = log2(1 + self._text.pairs[pair])
        neighbour_frequency = log2(max(1, self._text.syllables[neighbour_syllable]))
        is_taken = neighbour.beyond in self._words.words
        return (
            weights.in_a_list * source_count
            + weights.seen_here * count_here
            + weights.common_neighbour * neighbour_frequency
            + weights.neighbour_taken * is_taken
            + weights.neighbour_alone * log2(1 + self._words.alone.get(neighbour_syllable, 0))
        )

    def _context(self, place: Place) -> tuple[list[str], list[str]]:
        """Return the tokens before a word and after it for the model."""
        start, end = _context_range(place)
        left, right = (
            model_tokens(unicodedata.normalize("NFC", self._text.text[first:last]))
            for first, last in ((start, place.token.start), (place.token.end, end))
        )
        return left[-2 * _AROUND :], right[: 2 * _AROUND]

    def _context_as_written(self, place: Place) -> str:
        start, end = _context_range(place)
        return self._text.text[start:end]

    def _find_misspelling(self, token: Token) -> Finding | None:
        """Return the finding for a misspelled word whose neighbours suggest nothing, or None."""
        written = token.written
        if written.isascii() or is_foreign(written) or not is_misspelt(written):
            return None
        respelled = [
            syllable
            for syllable, slip in near_spellings(token.syllable).items()
            if slip is Slip.PLACE
        ]
        suggestion = self._spell(respelled[0], token) if len(respelled) == 1 else ""
        is_sure = bool(suggestion) and respelled[0] in self._words.single
        problem = _misspelt(written)
        misprint = Misprint(
            start=token.start,
            end=token.end,
            written=written,
            suggestion=suggestion,
            message=problem,
            sure=is_sure,
        )
        return Finding(_LIKELY, misprint)

    def _make_finding(self, place: Place, best: Candidate, candidates: list[Candidate]) -> Finding:
        token, neighbour = place.token, best.neighbour
        suggestion = self._spell(best.syllable, token)
        first, last = sorted((token, neighbour))
        words = {token: (token.written, suggestion), neighbour: (neighbour.written,) * 2}
        written, corrected = map(" ".join, zip(words[first], words[last], strict=True))
        is_syllable = is_vietnamese(token.written)
        problem = not_a_word(written) if is_syllable else _misspelt(written)
        is_clear = (
            len(candidates) == 1 or candidates[0].odds - candidates[1].odds >= _CLEARLY_BETTER
        )
        may_be_meant = token.syllable in self._words.single or any(
            do_rhyme(token.syllable, beside.token.syllable) for beside in neighbours_of(*place)
        )
        is_sure = is_clear and best.odds >= _SURE and not (is_syllable and may_be_meant)
        return Finding(
            best.odds,
            Misprint(
                start=first.start,
                end=last.end,
                written=written,
                suggestion=corrected,
                message=problem,
                sure=is_sure,
            ),
        )

    def _spell(self, syllable: str, token: Token) -> str:
        """Return a folded syllable spelled as in this text, or else with i or y as in the token."""
        has_y = token.written[-1].lower() in Y
        best = max(
            spellings(syllable),
            key=lambda word: (self._text.spelled[word], (word[-1] in Y) == has_y),
        )
        return best.capitalize() if token.written[0].isupper() else best


def _context_range(place: Place) -> tuple[int, int]:
    """Return where the context of a word begins and ends in the text."""
    line, index = place
    first, last = max(0, index - _AROUND), min(len(line) - 1, index + _AROUND)
    return line[first].start, line[last].end


def not_a_word(written: str) -> Message:
    """Return the message that syllables make no word."""
    return message("“{word}” is not a word", word=written)


def _misspelt(written: str) -> Message:
    return message("“{word}” is not spelled as Vietnamese", word=written)
