"""Foreign names and words: finding them, and writing them in Vietnamese syllables.

Common words stand in a table (`data/foreign.tsv`), Vietnamese words that were run together are
split, and the letters of all others are turned into syllables (`transliteration.py`).
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from math import inf
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.syllables import bare, is_misspelt, is_vietnamese
from audiobook.vietnamese.table import load_table
from audiobook.vietnamese.transliteration import has_vowel, tongue, transliterate

_LETTER = r"[a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"
_WORD = re.compile(rf"{_LETTER}++(?:['’]{_LETTER}++)*+")
# Characters without a space: a web address must be seen as one, so that no part is respelled.
_RUN = re.compile(r"[\w'’.@#:/\\&?=%+~-]++")
_ADDRESS = re.compile(r"[@#\\_]|://|(?i:www\.)|\.[a-z]|[^\W0-9]\.[0-9]")
_WORD_IN_RUN = re.compile(rf"(?<![^\W0-9]){_WORD.pattern}(?![^\W0-9])")
# Beside a digit only a word written like a name counts; others are codes or units: Mig21, 5000mAh.
_NAME_BY_DIGIT = re.compile(r"[A-Z][a-z]{2,}")
# A consonant that a name may have in place of a vowel: Krk, Vlk.
_VOWELLESS_NAME = re.compile(r"[A-Z][a-z]?([rl])(?!\1)[a-z]{1,3}")
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
# Parts of a name that are each spoken on their own: O'Brien, McAvoy, MacArthur, DeepMind.
_FIRST_PART = re.compile(r"(O['’]|Mc|Mac)(?=[A-Z])(.+)")
_FIRST_PARTS = {"o'": "ô", "o’": "ô", "mc": "mắc", "mac": "mắc"}
_PARTS = re.compile(r"(?:[A-Z][a-z]+){2,3}")
_PART = re.compile(r"[A-Z][a-z]+")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_ROMAN = re.compile(r"[IVXLCDM]+|[ivx]+")
_LONGEST_ACRONYM = 5
_LONGEST_REMEMBERED = 24
_LONGEST_SYLLABLE = 7
# Letters that hardly any other language has: a word with them that is not Vietnamese is misspelled,
# or is several words run together.
_OURS = r"ơưảạẻẹẽỉịỏọủụỷỵỹ\u1ea4-\u1eb7\u1ebe-\u1ec7\u1ed0-\u1ee3\u1ee8-\u1ef1"
_VIETNAMESE_LETTER = re.compile(rf"[{_OURS}]")
# These letters are rare in names, too: words with them may be Vietnamese words run together.
_MAY_BE_OURS = re.compile(rf"[{_OURS}đăâàìòùĩũ]")
_ONE_SYLLABLE = re.compile(
    r"(?:ngh?|gh?|gi|[cknpt]h|qu|tr|[bcdđhklmnprstvx])?[aăâeêioôơuưy]+(?:[bcdđfghjklmnpqrstvwxz]*)"
)
_VOWELS = frozenset("aeiouy")
_TONES = {ord(mark): None for mark in "\u0300\u0301\u0303\u0309\u0323"}


class Respelling(NamedTuple):
    """A foreign word in a text, and what to write for it."""

    start: int
    """Position in the text, in characters."""
    end: int
    spoken: str
    is_guess: bool
    """Whether it was made from the letters, by rule, rather than found in the table."""


class _Spoken(NamedTuple):
    """What is spoken for a word or a phrase."""

    spoken: str
    is_guess: bool


class _Phrase(NamedTuple):
    """A name of several words: the text around the last word of it that is foreign."""

    text_before: str
    text_after: str
    row: _Spoken


def is_foreign(word: str) -> bool:
    """Whether the spelling alone shows that a word is not Vietnamese.

    Acronyms (up to five capitals), Roman numerals, words without a vowel (except names such as
    Krk) and Vietnamese words that lack a mark or have a wrong one do not count as foreign.

    >>> [is_foreign(word) for word in ("Thomas", "radar", "Long", "Nguyen", "NATO", "XVIII")]
    [True, True, False, False, False, False]
    """
    return len(word) > 1 and _is_spelled_foreign(word)


def respell(word: str) -> str:
    """Return a foreign word in Vietnamese syllables, separated by spaces, in lower case.

    Characters other than letters separate words; letters that are not Latin stay as they are.

    >>> respell("Reiter"), respell("Giulia"), respell("Ronaldo")
    ('rai tơ', 'giu li a', 'rô nan đô')
    """
    return _spoken_for(word)[0]


def _spoken_for(word: str) -> _Spoken:
    """Return what is spoken for a foreign word, and whether it is a guess."""
    word = unicodedata.normalize("NFC", word)
    row = _table_row(word)
    if row:
        return row
    parts = []
    position = 0
    is_guess = False
    for match in _WORD.finditer(word):
        parts.append(_letters_alone(word[position : match.start()]))
        spoken, by_letters = _respell_word(match[0])
        parts.append(spoken)
        is_guess |= by_letters
        position = match.end()
    parts.append(_letters_alone(word[position:]))
    return _Spoken(" ".join(filter(None, parts)), is_guess)


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


def _read_run(run: str) -> tuple[tuple[int, int, _Spoken, list[_Phrase]], ...]:
    """Return, for each foreign word of a run, its place, what is spoken, and phrases it may end."""
    if is_vietnamese(run) and not _table_row(run):
        return ()
    if _ADDRESS.search(run):
        return ()
    return tuple(
        (*match.span(), _spoken_for(match[0]), _phrases().get(match[0].lower(), []))
        for match in _WORD_IN_RUN.finditer(run)
        if _needs_respelling(match)
    )


_read_short_run = lru_cache(1 << 16)(_read_run)


def _needs_respelling(match: re.Match[str]) -> bool:
    word = match[0]
    if _table_row(word):
        return not _is_acronym(word)
    beside = (
        match.string[max(match.start() - 1, 0) : match.start()]
        + match.string[match.end() : match.end() + 1]
    )
    if any(map(str.isdigit, beside)) and not _NAME_BY_DIGIT.fullmatch(word):
        return False
    return is_foreign(word)


def _is_acronym(word: str) -> bool:
    return (len(word) <= _LONGEST_ACRONYM and word.isupper()) or bool(_ROMAN.fullmatch(word))


def _is_spelled_foreign(word: str) -> bool:
    if is_vietnamese(word) or _is_acronym(word) or not _WORD.fullmatch(word):
        return False
    lower = unicodedata.normalize("NFC", word.lower())
    if _table_row(word):
        return True
    ours = lower.replace("ð", "đ")  # Đ and Ð look the same in capitals
    if is_vietnamese(ours) or is_misspelt(ours):
        return False
    if not has_vowel(lower):
        return _VOWELLESS_NAME.fullmatch(word) is not None
    if not lower.isascii() and lower[0] == bare(lower[1]) and is_vietnamese(lower[1:]):
        return False  # a large initial before the first letter: Aáo
    if _VIETNAMESE_LETTER.search(lower):
        toneless = unicodedata.normalize("NFD", lower).translate(_TONES)
        return _ONE_SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is None
    return True


def _table_row(word: str) -> _Spoken | None:
    return _table().get(word.lower().replace("’", "'"))


@cache
def _table() -> dict[str, _Spoken]:
    return {
        written.lower(): _Spoken(spoken, source != "usage")
        for written, spoken, source in load_table("foreign.tsv")
    }


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """Return the names of several words by the last foreign word of each."""
    phrases: dict[str, list[_Phrase]] = {}
    for written, row in _table().items():
        if " " in written or "-" in written:
            last_foreign = [word for word in _WORD.finditer(written) if is_foreign(word[0])][-1]
            phrase = _Phrase(written[: last_foreign.start()], written[last_foreign.end() :], row)
            phrases.setdefault(last_foreign[0], []).append(phrase)
    return phrases


def _letters_alone(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _respell_word(word: str) -> tuple[str, bool]:
    """Respell a word of Latin letters and apostrophes, and tell whether that is a guess."""
    lower = _POSSESSIVE.sub("", word.lower()) or word.lower()
    row = _table_row(word) or _table_row(lower)
    if row:
        return row
    if is_vietnamese(lower):
        return lower, False
    if _MAY_BE_OURS.search(lower) and (syllables := _part_syllables(word)):
        return " ".join(syllables), True
    if first := _FIRST_PART.fullmatch(word):
        return f"{_FIRST_PARTS[first[1].lower()]} {_respell_part(first[2])}", True
    if _PARTS.fullmatch(word):
        return " ".join(map(_respell_part, _PART.findall(word))), True
    return transliterate(lower), True


def _respell_part(part: str) -> str:
    """Return what is spoken for a part of a name, from the table or from its letters."""
    lower = _POSSESSIVE.sub("", part.lower())
    row = _table_row(lower)
    return row.spoken if row else transliterate(lower)


def _part_syllables(word: str) -> list[str]:
    """Split words run together (khôngphải, Oasinhtơn) into the fewest syllables, if possible.

    A syllable that begins with a vowel counts half as much again: nó tới, not nót ới.
    """
    costs = [0.0] * (len(word) + 1)
    ends = [0] * len(word)
    for start in range(len(word) - 1, -1, -1):
        costs[start] = inf
        for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(word)) + 1):
            if costs[end] + 1 < costs[start] and _is_whole_syllable(word[start:end]):
                costs[start] = costs[end] + (1.5 if bare(word[start]) in _VOWELS else 1)
                ends[start] = end
    if costs[0] == inf:
        return []
    syllables = []
    start = 0
    while start < len(word):
        syllables.append(word[start : ends[start]].lower())
        start = ends[start]
    return syllables


@lru_cache(1 << 14)
def _is_whole_syllable(part: str) -> bool:
    if not is_vietnamese(part) or not (part.isupper() or part[1:].islower() or len(part) == 1):
        return False
    toneless = unicodedata.normalize("NFD", part).translate(_TONES)
    marked = len(toneless) < len(unicodedata.normalize("NFD", part))
    return marked or not toneless.lower().endswith(("p", "t", "c", "ch"))
