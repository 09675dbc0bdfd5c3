"""Written to spoken text: one scan finds candidates, and the first rule that fits reads each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, get_args

from audiobook.messages import message
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.foreign import respell_foreign
from audiobook.vietnamese.letters import CAPITALS, RAISED, unify_letters
from audiobook.vietnamese.plain import is_plain
from audiobook.vietnamese.rules import (
    abbreviations,
    acronyms,
    chat,
    codes,
    computers,
    emoticons,
    han,
    initials,
    links,
    lone_letters,
    maths,
    music,
    notes,
    ordinals,
    programs,
    science,
    scripture,
    units,
)
from audiobook.vietnamese.rules.order import RARE, rules_for
from audiobook.vietnamese.rules.rule import Accent, Guess, Pattern
from audiobook.vietnamese.table import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.vietnamese.lexicon import Lexicon

# What a rule can start with; prose without it costs one search. A word that no rule reads is
# skipped up to its first digit. Each branch begins with a character or a class, so that the search
# passes quickly over others. Letters are tried only where a word starts, which takes half as long
# as trying every branch at every letter. The commonest branches come first.
_SIGN_STARTS = (
    rf"[0-9$€£¥₫₩/·⁺⁻⁰¹²³⁴-⁹{maths.ARROWS}{maths.SIGNS}{maths.ORNAMENTS}]",
    r"[#~Øø](?=\s?[0-9])",
    r"\^(?=[-−]?[0-9a-z]|[\^_])",
    r"x(?=[0-9])(?<=[cm0-9]m.)",
    rf"[:;](?:(?<=[\w)] .)(?= [0-9(])|{emoticons.MOUTH})",
    r"[xX](?:(?<=[0-9].)(?=\s?[0-9])|(?<=[\w)%]\s.)(?=\s[0-9(]))",
    emoticons.SHOUT,
    r"[-–−](?:(?<!\w.)(?=[0-9∞]|[a-z](?![^\W0-9]))|(?=-?>)|(?<=\s.)(?=\s[0-9a-z(π√]|\s(?:thứ|tháng|ngày|tuần|tầng))"
    rf"|{emoticons.DASH})",
    r"\((?=\+?84|0)",
    notes.START,
)
_NO_LETTER = r"(?![^\W0-9])"
_MIXED_CASE = (*acronyms.MIXED_CASE, *units.ALONE)
_CAPITAL_STARTS = (
    rf"[A-ZĐ](?:[A-ZĐƯ&.$0-9]|-(?:[0-9]|[A-Z]{{2}})|{codes.WORD_GOES_ON})",
    r"[IVX][ivx]{0,5}(?!\w)",
    r"F/[0-9]|[ABC]/H[0-9]",
    rf"[TQPHXĐ]{abbreviations.NUMBERED}",
    r"T[2-7](?!\w)",
    r"K[Mm]\s?[0-9]",
    acronyms.GLUED,
    initials.DIGRAPH,
    emoticons.TEARS,
    music.START,
    scripture.START,
    any_of((word for word in _MIXED_CASE if word[0].isupper()), lambda _word: _NO_LETTER),
)
_SMALL_STARTS = (
    rf"[tqphxđ]{abbreviations.NUMBERED}",
    abbreviations.WORD_CLASS,
    r"t[2-7](?!\w)",
    r"k[Mm]\s?[0-9]",
    r"f/[0-9]",
    scripture.SEE,
    ordinals.STORM,
    any_of((word for word in _MIXED_CASE if not word[0].isupper()), lambda _word: _NO_LETTER),
)
_SMALL = "".join({re.escape(word[0]) for word in _MIXED_CASE if not word[0].isupper()})
_STARTS = "|".join(
    (
        rf"[{lone_letters.CAPITAL_CONSONANTS}{lone_letters.SMALL_CONSONANTS}](?<!\w.)(?<=(?={lone_letters.START}).)",
        rf"[tqphxđkcs{_SMALL}](?<!\w.)(?<=(?={'|'.join(_SMALL_STARTS)}).)",
        rf"[{CAPITALS}](?<!\w.)(?<=(?={'|'.join(_CAPITAL_STARTS)}).)",
        *_SIGN_STARTS,
    )
)
_CANDIDATE = re.compile(_STARTS)
_ACCENTS = frozenset(get_args(Accent))
# Han characters are read where they stand, even behind a word without a space.
_TOKEN = re.compile(rf"(?:(?!{RAISED})[^\W0-9\u2e80-\u9fff\uf900-\ufaff])+|.", re.DOTALL)

_LEXICON, _FOREIGN_WORD = message("lexicon"), message("foreign word")
"""The names of what reads a text besides the rules."""


class _Starts:
    """Finds where readings can start: the first place that one of several patterns finds.

    Joined to one pattern for every set of rare kinds, they would take longer to compile than a book
    takes to be read.
    """

    def __init__(self, text: str, patterns: Iterable[Pattern]) -> None:
        self._text = text
        self._places = [(pattern, -1) for pattern in patterns]

    def first_from(self, position: int) -> int | None:
        """Return the first place from a position on; positions do not go back."""
        nowhere = len(self._text) + 1
        for number, (pattern, start) in enumerate(self._places):
            if start < position:
                match = pattern.search(self._text, position)
                self._places[number] = pattern, match.start() if match else nowhere
        first = min(start for _, start in self._places)
        return None if first == nowhere else first


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One place where the spoken text differs from the written one."""

    start: int
    """Position in the written text, in characters."""
    end: int
    written: str
    spoken: str
    rule: str
    is_guess: bool = False
    """Whether only the letters or digits themselves show how it is read."""


def explain(
    text: str, accent: str = "north", *, respell: bool = False, lexicon: Lexicon | None = None
) -> list[Reading]:
    """Return the readings that `normalize` makes, in the order of the text.

    Args:
        text: one sentence or line; positions count its letters as `unify_letters` returns them.
        accent: north, central or south.
        respell: write foreign words in Vietnamese syllables, for engines that cannot read others.
        lexicon: the entries of the user; they go before all rules.

    Raises:
        ValueError: there is no such accent.
    """
    return _explain_unified(unify_letters(text), accent, respell=respell, lexicon=lexicon)


def _explain_unified(
    text: str, accent: str, *, respell: bool, lexicon: Lexicon | None
) -> list[Reading]:
    if accent not in _ACCENTS:
        raise ValueError(
            message("no such accent: {accent!r} (north, central or south)", accent=accent)
        )
    valid_accent: Accent = accent  # type: ignore[assignment]  # checked above
    readings = []
    if lexicon:
        readings = [
            Reading(
                start=place.start,
                end=place.end,
                written=text[place.start : place.end],
                spoken=normalize(place.spoken, accent, respell=respell)
                if place.is_pattern
                else place.spoken,
                rule=_LEXICON,
            )
            for place in lexicon.find(text)
        ]
    ruled = [] if is_plain(text) else list(_apply_rules(text, readings, valid_accent))
    if respell:
        ruled = [replace(reading, spoken=_respell_spoken(reading.spoken)) for reading in ruled]
        covered = sorted((reading.start, reading.end) for reading in (*readings, *ruled))
        ruled += _respell_unread(text, covered)
    return sorted((*readings, *ruled), key=lambda reading: reading.start)


def _respell_spoken(spoken: str) -> str:
    """Respell the foreign words in the reading of a rule."""
    return _put_readings(spoken, list(_respell_unread(spoken, [])))


def _apply_rules(text: str, taught: list[Reading], accent: Accent) -> Iterator[Reading]:
    """Yield the readings of the rules outside the places that the lexicon reads.

    The rules see the text around those places, too.
    """
    present = (
        links.MAYBE.search(text) is not None,
        computers.MAYBE.search(text) is not None,
        programs.MAYBE.search(text) is not None,
        han.SIGN.search(text) is not None,
        science.may_be(text),
        chat.may_be(text),
    )
    starts = _Starts(
        text, (_CANDIDATE, *(start for kind in compress(RARE, present) for start in kind.STARTS))
    )
    characters = frozenset(text)
    borders = [*((reading.start, reading.end) for reading in taught), (len(text), len(text))]
    following = iter(borders)
    end, resume = next(following)
    position = 0
    while (start := starts.first_from(position)) is not None:
        while start >= end < len(text):
            position = max(position, resume)
            end, resume = next(following)
        if start < position:
            continue  # it begins within a place that the lexicon reads
        for rule in rules_for(text[start : start + 1], present):
            if rule.needs and characters.isdisjoint(rule.needs):
                continue
            match = rule.pattern.match(text, start)
            if match and match.end() <= end and (spoken := rule.read(match, accent)) is not None:
                is_guess = rule.is_guess or isinstance(spoken, Guess)
                yield Reading(
                    start=start,
                    end=match.end(),
                    written=match[0],
                    spoken=spoken,
                    rule=rule.name,
                    is_guess=is_guess,
                )
                position = match.end()
                break
        else:
            token = _TOKEN.match(text, start)
            position = min(token.end() if token else len(text), end)


def _respell_unread(text: str, covered: list[tuple[int, int]]) -> Iterator[Reading]:
    """Respell foreign words, and acronyms spoken as words, outside the places already read."""
    acronym_words = [
        (*match.span(), acronyms.WORDS[match[0]], False) for match in acronyms.WORD.finditer(text)
    ]
    position = last_end = 0
    foreign_words = sorted((*acronym_words, *respell_foreign(text)), key=itemgetter(0))
    for start, end, spoken, is_guess in foreign_words:
        while position < len(covered) and covered[position][1] <= start:
            position += 1
        if start >= last_end and (position == len(covered) or end <= covered[position][0]):
            yield Reading(
                start=start,
                end=end,
                written=text[start:end],
                spoken=spoken,
                rule=_FOREIGN_WORD,
                is_guess=is_guess,
            )
            last_end = end


def normalize(
    text: str, accent: str = "north", *, respell: bool = False, lexicon: Lexicon | None = None
) -> str:
    """Return the spoken form of one written sentence or line.

    Text that needs no reading keeps its punctuation and case. The arguments are those of `explain`.

    >>> normalize("Ngày 2/9/1945, 3,5% dân số.")
    'Ngày hai tháng chín năm một nghìn chín trăm bốn mươi lăm, ba phẩy năm phần trăm dân số.'
    """
    text = unify_letters(text)
    return _put_readings(text, _explain_unified(text, accent, respell=respell, lexicon=lexicon))


def say(text: str, readings: list[Reading]) -> str:
    """Return a text with the readings of `explain` in their places."""
    return _put_readings(unify_letters(text), readings)


def _put_readings(text: str, readings: list[Reading]) -> str:
    if not readings:
        return text
    parts: list[str] = []
    position = 0
    for reading in readings:
        _append_spaced(parts, text[position : reading.start])
        _append_spaced(parts, reading.spoken)
        position = reading.end
    _append_spaced(parts, text[position:])
    return "".join(parts)


def _append_spaced(parts: list[str], part: str) -> None:
    """Add a part, with a space before it if letters would grow together."""
    if parts and part[:1].isalnum() and parts[-1][-1].isalnum():
        parts.append(" ")
    if part:
        parts.append(part)
