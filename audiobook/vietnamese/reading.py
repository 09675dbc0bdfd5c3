"""Written to spoken: one scan finds what may need reading, the first rule that fits reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, get_args

from audiobook.vietnamese import (
    acronyms,
    codes,
    dates,
    fractions,
    han,
    links,
    maths,
    money,
    numbers,
    ordinals,
    phones,
    quantities,
    roman,
    times,
)
from audiobook.vietnamese.foreign import respell_foreign
from audiobook.vietnamese.letters import RAISED, unify_letters
from audiobook.vietnamese.rule import Accent, Rule
from audiobook.vietnamese.table import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.vietnamese.lexicon import Lexicon

# What a rule can start with; prose without it costs one search. A word no rule takes is skipped
# whole, but for its digits. Each branch begins with a letter or a class, which the search can
# pass over quickly; what must stand before comes after it.
_WORD_STARTS = r"(?<!\w.)"
_STARTS = "|".join(
    (
        rf"[0-9$€£¥₫₩/⁻⁰¹²³⁴-⁹{maths.SIGNS}]",
        r"[#~](?=\s?[0-9])",
        r"\^(?=[-−]?[0-9a-z])",
        r":(?<=[0-9)] .)(?= [0-9(])",
        rf"[Tt]{_WORD_STARTS}(?=[2-7]\s?[-–])",
        r"[xX](?:(?<=[0-9].)(?=[0-9])|(?<=[0-9)]\s.)(?=\s[0-9(]))",
        rf"[-–−](?:{_WORD_STARTS}(?=[0-9])|(?<=\s.)(?=\s[0-9a-z(]|\s(?:thứ|tháng|ngày|tuần|tầng)))",
        r"\((?=\+84|0)",
        acronyms.NUMBERED,
        codes.NAMED_NUMBER,
        rf"[Kk]{_WORD_STARTS}[Mm]\s?[0-9]",
        rf"[A-ZĐ]{_WORD_STARTS}(?=[A-ZĐƯ&.$0-9]|-[0-9])",
        rf"[IVX]{_WORD_STARTS}(?!\w)",
        any_of(
            (*acronyms.MIXED_CASE, *quantities.ALONE),
            lambda word: rf"(?<!\w{'.' * len(word)})(?!\w)",
        ),
    )
)
_CANDIDATE = re.compile(_STARTS)
_RARE_OR_CANDIDATE = re.compile(rf"{links.START}|{han.START}|{_STARTS}")
_TOKEN = re.compile(rf"(?:(?!{RAISED})[^\W0-9])+|.", re.DOTALL)

_RULES: tuple[Rule, ...] = (
    *times.RULES,
    *dates.RULES,
    *phones.RULES,
    *money.RULES,
    *quantities.RULES,
    *codes.RULES,
    *fractions.RULES,
    *ordinals.RULES,
    *numbers.RULES,
    *roman.RULES,
    *acronyms.RULES,
    *maths.RULES,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One place where what is said differs from what is written."""

    start: int
    """Position in the written text, in characters."""
    end: int
    written: str
    spoken: str
    rule: str
    is_guess: bool = False
    """Whether nothing but the letters or digits themselves tells how it is said."""


def explain(
    text: str, accent: str = "north", *, respell: bool = False, lexicon: Lexicon | None = None
) -> list[Reading]:
    """Return the readings that `normalize` makes, in the order of the text.

    Args:
        text: one sentence or line; positions are those of its letters unified.
        accent: north, central or south.
        respell: write foreign words in Vietnamese syllables, for engines that know no others.
        lexicon: what the user taught; it goes before all rules.

    Raises:
        ValueError: there is no such accent.
    """
    return _explain(unify_letters(text), accent, respell=respell, lexicon=lexicon)


def _explain(text: str, accent: str, *, respell: bool, lexicon: Lexicon | None) -> list[Reading]:
    if accent not in get_args(Accent):
        raise ValueError(f"no such accent: {accent!r} (north, central or south)")
    known: Accent = accent  # type: ignore[assignment]  # checked above
    readings = []
    if lexicon:
        readings = [
            Reading(start, end, text[start:end], spoken, "lexicon")
            for start, end, spoken in lexicon.find(text)
        ]
    gaps = _gaps(readings, len(text))
    found = [reading for start, end in gaps for reading in _read(text, start, end, known)]
    if respell:
        found = [replace(reading, spoken=_in_syllables(reading.spoken)) for reading in found]
        taken = sorted((reading.start, reading.end) for reading in (*readings, *found))
        found += _respellings(text, taken)
    return sorted((*readings, *found), key=lambda reading: reading.start)


def _in_syllables(spoken: str) -> str:
    """Respell what a rule left foreign."""
    return _put(spoken, list(_respellings(spoken, [])))


def _gaps(readings: list[Reading], length: int) -> list[tuple[int, int]]:
    """Return where nothing has been read yet."""
    starts = [0, *(reading.end for reading in readings)]
    return list(zip(starts, [*(reading.start for reading in readings), length], strict=True))


def _read(text: str, position: int, end: int, accent: Accent) -> Iterator[Reading]:
    """Apply the rules between two positions; they see the whole text around."""
    candidates, rules = _CANDIDATE, _RULES
    if links.MAYBE.search(text) or han.SIGN.search(text):
        candidates, rules = _RARE_OR_CANDIDATE, (*links.RULES, *han.RULES, *_RULES)
    while (candidate := candidates.search(text, position)) and candidate.start() < end:
        start = candidate.start()
        for rule in rules:
            match = rule.pattern.match(text, start)
            if match and match.end() <= end and (spoken := rule.read(match, accent)) is not None:
                yield Reading(start, match.end(), match[0], spoken, rule.name, rule.is_guess)
                position = match.end()
                break
        else:
            token = _TOKEN.match(text, start)
            position = token.end() if token else len(text)


def _respellings(text: str, taken: list[tuple[int, int]]) -> Iterator[Reading]:
    """Respell the foreign words, and acronyms said as words, that nothing has read."""
    words = [
        (*match.span(), acronyms.WORDS[match[0]], False) for match in acronyms.WORD.finditer(text)
    ]
    position = last = 0
    found = sorted((*words, *respell_foreign(text)), key=itemgetter(0))
    for start, end, spoken, is_guess in found:
        while position < len(taken) and taken[position][1] <= start:
            position += 1
        if start >= last and (position == len(taken) or end <= taken[position][0]):
            yield Reading(start, end, text[start:end], spoken, "foreign word", is_guess)
            last = end


def normalize(
    text: str, accent: str = "north", *, respell: bool = False, lexicon: Lexicon | None = None
) -> str:
    """Turn what is written into what is said, one sentence or line at a time.

    Punctuation and case of what is not read out are kept. The arguments are those of `explain`.

    >>> normalize("Ngày 2/9/1945, 3,5% dân số.")
    'Ngày hai tháng chín năm một nghìn chín trăm bốn mươi lăm, ba phẩy năm phần trăm dân số.'
    """
    text = unify_letters(text)
    return _put(text, _explain(text, accent, respell=respell, lexicon=lexicon))


def say(text: str, readings: list[Reading]) -> str:
    """Put the readings that `explain` made of a text in their places."""
    return _put(unify_letters(text), readings)


def _put(text: str, readings: list[Reading]) -> str:
    if not readings:
        return text
    parts: list[str] = []
    position = 0
    for reading in readings:
        _append(parts, text[position : reading.start])
        _append(parts, reading.spoken)
        position = reading.end
    _append(parts, text[position:])
    return "".join(parts)


def _append(parts: list[str], part: str) -> None:
    """Add a part, with a space where letters would grow together."""
    if parts and part[:1].isalnum() and parts[-1][-1].isalnum():
        parts.append(" ")
    if part:
        parts.append(part)
