"""Finds the foreign words of a text, with the particles and initials of names."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.foreign_words import (
    WORD,
    Spoken,
    is_acronym,
    is_foreign,
    known_words,
    say_word,
    table_row,
)
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.transliteration import tongue

# Characters without a space: a web address must be seen as one, so that no part is respelled.
_RUN = re.compile(r"[\w'’.@#:/\\&?=%+~-]++")
_ADDRESS = re.compile(r"[@#\\_]|://|(?i:www\.)|\.[a-z]|[^\W0-9]\.[0-9]")
_WORD_IN_RUN = re.compile(rf"(?<![^\W0-9]){WORD.pattern}(?![^\W0-9])")
# Beside a digit only a word written like a name counts; others are codes or units: Mig21, 5000mAh.
_NAME_BY_DIGIT = re.compile(r"[A-Z][a-z]{2,}")
# Before a foreign name these are not Vietnamese words: De Gaulle, St. John. In small letters they
# must stand between two foreign names: Leonardo da Vinci.
_PARTICLES = {
    "de": "đờ",
    "da": "đa",
    "di": "đi",
    "du": "đuy",
    "le": "lơ",
    "von": "phôn",
    "guy": "gai",
    "st": "xanh",
    "the": "đơ",
    "del": "đen",
    "dos": "đốt",
    "des": "đê",
    "ten": "ten",
}
_OPENING = "([“\"‘'«"
_PARTICLE_ENDS = frozenset("." + "".join(name[-1] + name[-1].upper() for name in _PARTICLES))
# After a foreign name they belong to it even if the next word could be Vietnamese: Marine Le Pen.
# Of two in a row the second may be a Vietnamese word, too: Oscar de la Renta.
_PARTICLE_AFTER = re.compile(
    rf"\s((?i:{'|'.join(_PARTICLES)})\.?)(?=\s(?:(?:la|las|los|le|den|der)\s)?([A-ZÀ-Þ]\w{{0,24}}))"
)
# Initials before a foreign name or between two: J.K. Rowling, George W. Bush.
_INITIALS_BEFORE = re.compile(r"(?<![\w.])[A-Z]\.(?:[\s-]?[A-Z]\.){0,3}\s?\Z")
_INITIALS_AFTER = re.compile(r"\s([A-Z]\.(?:\s?[A-Z]\.){0,2})(?=\s[A-ZÀ-Þ])")
_LONGEST_INITIALS = 14
_DE_IS_SAID_IN_FULL = ("italian", "spanish", "portuguese")
_LONGEST_REMEMBERED = 24


class Respelling(NamedTuple):
    """A foreign word in a text, and what to write for it."""

    start: int
    """Position in the text, in characters."""
    end: int
    spoken: str
    is_guess: bool
    """Whether it was made from the letters, by rule, rather than found in the table."""


class _Phrase(NamedTuple):
    """A name of several words: the text around the last word of it that is foreign."""

    text_before: str
    text_after: str
    row: Spoken


def respell_foreign(text: str) -> list[Respelling]:
    """Return the foreign words of a sentence, respelled, in order.

    Each is read on its own, except the names of several words in the table; particles before a
    name are read with it (Charles de Gaulle). Web addresses, handles and hashtags stay as they
    are. Beside digits only a word of the table or a capitalised one counts: the Mig of Mig21.

    >>> respell_foreign("Ông Thomas Reiter, thomas@esa.int")  # doctest: +NORMALIZE_WHITESPACE
    [Respelling(start=4, end=10, spoken='tô mát', is_guess=False),
     Respelling(start=11, end=17, spoken='rai tơ', is_guess=True)]
    """
    respellings: list[Respelling] = []
    for run in _RUN.finditer(text):
        written = run[0]
        is_short = len(written) <= _LONGEST_REMEMBERED
        for start, end, row, phrases in (_read_short_run if is_short else _read_run)(written):
            word = Respelling(run.start() + start, run.start() + end, *row)
            if phrases:
                word = _phrase_around(text, word, phrases)
                while respellings and respellings[-1].end > word.start:
                    respellings.pop()
            last_end = respellings[-1].end if respellings else 0
            if prefix := _particle_before(text, last_end, word) or _initials_before(
                text, last_end, word
            ):
                respellings.append(prefix)
            respellings.append(word)
            if suffix := _continuation_after(text, word):
                respellings.append(suffix)
    return respellings


def _initials_before(text: str, last_end: int, word: Respelling) -> Respelling | None:
    """Return the initials before a foreign name, if they begin after the last respelling."""
    if not text[word.start].isupper() or text[word.start - 1 : word.start] not in (" ", "."):
        return None
    first = max(last_end, word.start - _LONGEST_INITIALS)
    match = _INITIALS_BEFORE.search(text, first, word.start)
    if not match:
        return None
    end = match.start() + len(match[0].rstrip())
    return Respelling(match.start(), end, spell(match[0]), is_guess=True)


def _continuation_after(text: str, word: Respelling) -> Respelling | None:
    """Return the initials or the particle that continue a foreign name.

    Initials inside a name are read with English letter names: George W. Bush, but C. Ronaldo.
    """
    if not text[word.start].isupper():
        return None
    if match := _INITIALS_AFTER.match(text, word.end):
        return Respelling(*match.span(1), spell(match[1], "english"), is_guess=True)
    if match := _PARTICLE_AFTER.match(text, word.end):
        spoken = _particle_of(match[1], match[2])
        return Respelling(*match.span(1), spoken, is_guess=False)
    return None


def _particle_of(written: str, name: str) -> str:
    particle = written.lower().removesuffix(".")
    if particle == "de" and tongue(name) in _DE_IS_SAID_IN_FULL:
        return "đê"
    return _PARTICLES[particle]


def _phrase_around(text: str, word: Respelling, phrases: list[_Phrase]) -> Respelling:
    """Return the name of several words that a word belongs to, or the word itself."""
    for text_before, text_after, row in phrases:
        start, end = word.start - len(text_before), word.end + len(text_after)
        if (
            start >= 0
            and text[start : word.start].lower() == text_before
            and text[word.end : end].lower() == text_after
            and not text[max(start - 1, 0) : start].isalnum()
            and not text[end : end + 1].isalnum()
        ):
            return Respelling(start, end, *row)
    return word


def _particle_before(text: str, last_end: int, word: Respelling) -> Respelling | None:
    """Return the particle before a foreign name, if it begins after the last respelling."""
    end = word.start - 1
    if end <= last_end or text[end - 1] not in _PARTICLE_ENDS or text[end] != " ":
        return None
    start = text.rfind(" ", last_end, end) + 1
    while text[start] in _OPENING:
        start += 1
    name = text[start:end].lower().removesuffix(".")
    if name not in _PARTICLES or start < last_end or not text[word.start].isupper():
        return None
    if text[start].islower() and (not last_end or start > last_end + 1):
        return None
    spoken = _particle_of(name, text[word.start : word.end])
    return Respelling(start, end, spoken, is_guess=False)


def _read_run(run: str) -> tuple[tuple[int, int, Spoken, list[_Phrase]], ...]:
    """Return, for each foreign word of a run, its place, what is spoken, and phrases it may end."""
    if is_vietnamese(run) and not table_row(run):
        return ()
    if _ADDRESS.search(run):
        return ()
    return tuple(
        (*match.span(), say_word(match[0]), _phrases().get(match[0].lower(), []))
        for match in _WORD_IN_RUN.finditer(run)
        if _needs_respelling(match)
    )


_read_short_run = remember_words(_read_run)


def _needs_respelling(match: re.Match[str]) -> bool:
    word = match[0]
    if table_row(word):
        return not is_acronym(word)
    beside = (
        match.string[max(match.start() - 1, 0) : match.start()]
        + match.string[match.end() : match.end() + 1]
    )
    if any(map(str.isdigit, beside)) and not _NAME_BY_DIGIT.fullmatch(word):
        return False
    return is_foreign(word)


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """Return the names of several words by the last foreign word of each."""
    phrases: dict[str, list[_Phrase]] = {}
    for written, row in known_words().items():
        if " " in written or "-" in written:
            last_foreign = [word for word in WORD.finditer(written) if is_foreign(word[0])][-1]
            phrase = _Phrase(written[: last_foreign.start()], written[last_foreign.end() :], row)
            phrases.setdefault(last_foreign[0], []).append(phrase)
    return phrases
