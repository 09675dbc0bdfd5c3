"""Written to spoken: one scan finds what may need reading, the first rule that fits reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from audiobook.vietnamese import (
    acronyms,
    codes,
    dates,
    fractions,
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
from audiobook.vietnamese.rule import Accent, Rule

# What a rule can start with; prose without it costs one search. A word no rule takes is skipped
# whole, but for its digits.
_STARTS = (
    rf"[0-9]|[$€£¥₫₩]|/|{maths.START}|[²³]|(?<=[0-9)]\s)x(?=\s[0-9(])|(?<=\s)[-–−](?=\s[0-9(])|\((?=\+84|0)"
    rf"|(?<!\w)(?:[-−+](?=[0-9])|{acronyms.MIXED_CASE}|{acronyms.NUMBERED}"
    r"|[A-ZĐ](?=[A-ZĐƯ&.$0-9]|-[0-9])|[IVX](?!\w))"
)
_CANDIDATE = re.compile(_STARTS)
_LINK_OR_CANDIDATE = re.compile(rf"{links.START}|{_STARTS}")
_TOKEN = re.compile(r"[^\W0-9]+|.", re.DOTALL)

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


def explain(text: str, accent: str = "north", *, respell: bool = False) -> list[Reading]:
    """Return the readings that `normalize` makes, in the order of the text.

    Args:
        text: one sentence or line, NFC.
        accent: north, central or south.
        respell: write foreign words in Vietnamese syllables, for engines that know no others.

    Raises:
        ValueError: there is no such accent.
    """
    if accent not in get_args(Accent):
        raise ValueError(f"no such accent: {accent!r} (north, central or south)")
    known: Accent = accent  # type: ignore[assignment]  # checked above
    readings: list[Reading] = []
    position = 0
    candidates, rules = _CANDIDATE, _RULES
    if links.MAYBE.search(text):
        candidates, rules = _LINK_OR_CANDIDATE, (*links.RULES, *_RULES)
    while candidate := candidates.search(text, position):
        start = candidate.start()
        for rule in rules:
            match = rule.pattern.match(text, start)
            if match and (spoken := rule.read(match, known)) is not None:
                readings.append(Reading(start, match.end(), match[0], spoken, rule.name))
                position = match.end()
                break
        else:
            token = _TOKEN.match(text, start)
            position = token.end() if token else len(text)
    return _with_respellings(text, readings) if respell else readings


def _with_respellings(text: str, readings: list[Reading]) -> list[Reading]:
    """Add the foreign words between what the rules have read."""
    added: list[Reading] = []
    position = 0
    for reading in [*readings, None]:
        end = reading.start if reading else len(text)
        for word in respell_foreign(text[position:end]):
            start, stop = position + word.start, position + word.end
            added.append(Reading(start, stop, text[start:stop], word.spoken, "foreign word"))
        if reading:
            added.append(reading)
            position = reading.end
    return added


def normalize(text: str, accent: str = "north", *, respell: bool = False) -> str:
    """Turn what is written into what is said, one sentence or line at a time.

    Punctuation and case of what is not read out are kept.

    >>> normalize("Ngày 2/9/1945, 3,5% dân số.")
    'Ngày hai tháng chín năm một nghìn chín trăm bốn mươi lăm, ba phẩy năm phần trăm dân số.'
    """
    readings = explain(text, accent, respell=respell)
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
