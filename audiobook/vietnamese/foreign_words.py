"""Foreign words: which words are foreign, and how each is said in Vietnamese syllables.

Common words stand in a table (`data/foreign.tsv`), Vietnamese words that were run together are
split, and the letters of all others are turned into syllables (`transliteration.py`).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from math import inf
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import bare, is_misspelt, is_vietnamese
from audiobook.vietnamese.table import load_table
from audiobook.vietnamese.transliteration import has_vowel, transliterate

_LETTER = r"[a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"
WORD = re.compile(rf"{_LETTER}++(?:['’]{_LETTER}++)*+")
# A consonant that a name may have in place of a vowel: Krk, Vlk.
_VOWELLESS_NAME = re.compile(r"[A-Z][a-z]?([rl])(?!\1)[a-z]{1,3}")
# Parts of a name that are each spoken on their own: O'Brien, McAvoy, MacArthur, DeepMind.
_FIRST_PART = re.compile(r"(O['’]|Mc|Mac)(?=[A-Z])(.+)")
_FIRST_PARTS = {"o'": "ô", "o’": "ô", "mc": "mắc", "mac": "mắc"}
_PARTS = re.compile(r"(?:[A-Z][a-z]+){2,3}")
_PART = re.compile(r"[A-Z][a-z]+")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_ROMAN = re.compile(r"[IVXLCDM]+|[ivx]+")
_LONGEST_ACRONYM = 5
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


class Spoken(NamedTuple):
    """What is spoken for a word or a phrase."""

    spoken: str
    is_guess: bool


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
    return say_word(word)[0]


def say_word(word: str) -> Spoken:
    """Return what is spoken for a foreign word, and whether it is a guess."""
    word = unicodedata.normalize("NFC", word)
    row = table_row(word)
    if row:
        return row
    parts = []
    position = 0
    is_guess = False
    for match in WORD.finditer(word):
        parts.append(_letters_alone(word[position : match.start()]))
        spoken, by_letters = _respell_word(match[0])
        parts.append(spoken)
        is_guess |= by_letters
        position = match.end()
    parts.append(_letters_alone(word[position:]))
    return Spoken(" ".join(filter(None, parts)), is_guess)


def is_acronym(word: str) -> bool:
    """Whether a word is written as an acronym or a Roman numeral."""
    return (len(word) <= _LONGEST_ACRONYM and word.isupper()) or bool(_ROMAN.fullmatch(word))


def _is_spelled_foreign(word: str) -> bool:
    if is_vietnamese(word) or is_acronym(word) or not WORD.fullmatch(word):
        return False
    lower = unicodedata.normalize("NFC", word.lower())
    if table_row(word):
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


def table_row(word: str) -> Spoken | None:
    """Return what is spoken for a word of the table; None for others."""
    return known_words().get(word.lower().replace("’", "'"))


@cache
def known_words() -> dict[str, Spoken]:
    """Return what is spoken for the words and names of the table, in lower case."""
    return {
        written.lower(): Spoken(spoken, source != "usage")
        for written, spoken, source in load_table("foreign.tsv")
    }


def _letters_alone(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _respell_word(word: str) -> tuple[str, bool]:
    """Respell a word of Latin letters and apostrophes, and tell whether that is a guess."""
    lower = _POSSESSIVE.sub("", word.lower()) or word.lower()
    row = table_row(word) or table_row(lower)
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
    row = table_row(lower)
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


@remember_words
def _is_whole_syllable(part: str) -> bool:
    if not is_vietnamese(part) or not (part.isupper() or part[1:].islower() or len(part) == 1):
        return False
    toneless = unicodedata.normalize("NFD", part).translate(_TONES)
    marked = len(toneless) < len(unicodedata.normalize("NFD", part))
    return marked or not toneless.lower().endswith(("p", "t", "c", "ch"))
