"""The lexicon: the readings that a user chose for words and phrases, before all rules."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.patterns import PatternTime, find_pattern
from audiobook.vietnamese.syllables import tone_last

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Teaching

_TOKEN = re.compile(r"\w+|[^\w\s]")


class TaughtPlace(NamedTuple):
    """A place in a text that has an entry in the lexicon."""

    start: int
    """Position in the text, in characters."""
    end: int
    spoken: str
    is_pattern: bool = False
    """Whether the rules go on to read `spoken`, which may hold digits of the text."""


class _Phrase(NamedTuple):
    tokens: tuple[str, ...]
    """As written."""
    keys: tuple[str, ...]
    """In small letters, with the tone after the letters, so that hoà and hòa are equal."""
    case: bool
    spoken: str


class Lexicon:
    """Finds the words and phrases of a lexicon, the longest first, in one pass over a text."""

    def __init__(self, teachings: Iterable[Teaching] = ()) -> None:
        """Take the entries; of two for the same words the later one counts."""
        self._phrases: dict[str, list[_Phrase]] = {}
        # Parts of words by how they are written; in small letters where case does not count.
        self._cased: dict[str, str] = {}
        self._caseless: dict[str, str] = {}
        self._patterns: list[Teaching] = []
        self._time = PatternTime()
        latest = {
            (teaching.written, teaching.case, teaching.pattern): teaching for teaching in teachings
        }
        for teaching in latest.values():
            if teaching.pattern:
                self._patterns.append(teaching)
                continue
            if teaching.part:
                if teaching.case:
                    self._cased[teaching.written] = teaching.spoken
                else:
                    self._caseless[teaching.written.lower()] = teaching.spoken
                continue
            tokens = tuple(_TOKEN.findall(teaching.written))
            keys = tuple(map(_token_key, tokens))
            phrase = _Phrase(tokens, keys, teaching.case, teaching.spoken)
            self._phrases.setdefault(keys[0], []).append(phrase)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: (len(phrase.tokens), phrase.case), reverse=True)
        lengths: dict[str, set[int]] = {}
        for part in (*self._cased, *self._caseless):
            lengths.setdefault(part[0].lower(), set()).add(len(part))
        self._lengths = {
            first: sorted(part_lengths, reverse=True) for first, part_lengths in lengths.items()
        }

    def __bool__(self) -> bool:
        """Whether there is any entry."""
        return bool(self._phrases or self._lengths or self._patterns)

    def find(self, text: str) -> list[TaughtPlace]:
        """Return the places of a text that have entries, in order, without overlaps.

        Whole words and phrases win over patterns, and those over parts of words.

        Raises:
            UsageError: a pattern takes too long, or all together do.
        """
        places = list(self._find_phrases(text))
        if not self._lengths and not self._patterns:
            return places
        covered = bytearray(len(text))
        for place in places:
            covered[place.start : place.end] = b"\1" * (place.end - place.start)
        for place in chain(self._find_patterns(text), self._find_parts(text)):
            if not any(covered[place.start : place.end]):
                covered[place.start : place.end] = b"\1" * (place.end - place.start)
                places.append(place)
        return sorted(places)

    def _find_patterns(self, text: str) -> Iterator[TaughtPlace]:
        self._time.allow(text)
        for pattern in self._patterns:
            for start, end, spoken in find_pattern(
                pattern.written, pattern.spoken, text, case=pattern.case, together=self._time
            ):
                yield TaughtPlace(start, end, spoken, is_pattern=True)

    def _find_parts(self, text: str) -> Iterator[TaughtPlace]:
        """Yield the parts of words that have entries, the longest at each place, in one pass."""
        position = 0
        while position < len(text):
            for length in self._lengths.get(text[position].lower(), ()):
                part = text[position : position + length]
                spoken = self._cased.get(part) or self._caseless.get(part.lower())
                if spoken:
                    yield TaughtPlace(position, position + len(part), spoken)
                    position += len(part)
                    break
            else:
                position += 1

    def _find_phrases(self, text: str) -> Iterator[TaughtPlace]:
        if not self._phrases:
            return
        spans = list(_TOKEN.finditer(text))
        keys = [_token_key(span[0]) for span in spans]
        position = 0
        while position < len(spans):
            for phrase in self._phrases.get(keys[position], ()):
                end = position + len(phrase.keys)
                if tuple(keys[position:end]) == phrase.keys and (
                    not phrase.case or _are_same_tokens(spans[position:end], phrase.tokens)
                ):
                    yield TaughtPlace(spans[position].start(), spans[end - 1].end(), phrase.spoken)
                    position = end
                    break
            else:
                position += 1


def _are_same_tokens(spans: list[re.Match[str]], tokens: tuple[str, ...]) -> bool:
    return [tone_last(span[0]) for span in spans] == list(map(tone_last, tokens))


def _token_key(token: str) -> str:
    return tone_last(token.lower())
