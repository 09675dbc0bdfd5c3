"""The lexicon: how a user wants words and phrases said, whatever the rules think."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.patterns import find_pattern
from audiobook.vietnamese.syllables import tone_last

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Teaching

_TOKEN = re.compile(r"\w+|[^\w\s]")


class TaughtPlace(NamedTuple):
    """A place in a text that the lexicon says how to say."""

    start: int
    """Position in the text, in characters."""
    end: int
    spoken: str
    is_pattern: bool = False
    """The rules read on in what is said: it may hold figures of the text."""


class _Phrase(NamedTuple):
    tokens: tuple[str, ...]
    """As written."""
    keys: tuple[str, ...]
    """In small letters, the tone after the letters: hoà and hòa are one."""
    case: bool
    spoken: str


class Lexicon:
    """Finds taught words and phrases, the longest first, in one walk over the words of a text."""

    def __init__(self, teachings: Iterable[Teaching] = ()) -> None:
        """Take what was taught; of two teachings for the same thing the later one counts."""
        self._phrases: dict[str, list[_Phrase]] = {}
        # Parts of words by how they are written; those where case does not count in small letters.
        self._cased: dict[str, str] = {}
        self._caseless: dict[str, str] = {}
        self._patterns: list[Teaching] = []
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
        """Whether anything was taught."""
        return bool(self._phrases or self._lengths or self._patterns)

    def find(self, text: str) -> list[TaughtPlace]:
        """Return what is taught about a text, in order; nothing overlaps.

        Whole words and phrases win over patterns, and those over parts of words.

        Raises:
            UsageError: a pattern takes too long.
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
        for pattern in self._patterns:
            places = find_pattern(pattern.written, pattern.spoken, text, case=pattern.case)
            for start, end, spoken in places:
                yield TaughtPlace(start, end, spoken, is_pattern=True)

    def _find_parts(self, text: str) -> Iterator[TaughtPlace]:
        """Yield parts of words, the longest at each place: however many there are, in one walk."""
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
