"""Sentences that are in another language than Vietnamese, and in which."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from audiobook.vietnamese.syllables import is_syllable, is_vietnamese
from audiobook.vietnamese.table import load_pairs

UNKNOWN = "und"
"""BCP 47 for a language that could not be told."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Letters that no other language has, or hardly: Vietnamese has one in every five or six.
_OURS = re.compile(r"[ăđơưĂĐƠƯ\u1EA0-\u1EF9]")
_OURS_SHARE = 1 / 14
# So many foreign words make a sentence foreign, if they are half of its words and three times as
# many as the words that can only be Vietnamese.
_FEWEST, _SHARE, _TIMES_OURS = 2, 0.5, 3
# A sentence that is longer is known by its beginning.
_LONGEST = 2_000
_SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
}


def foreign_language(sentence: str) -> str:
    """Return the BCP 47 tag of the language a sentence is in if that is not Vietnamese, else "".

    Most of its words are none of Vietnamese; names among Vietnamese words do not make a sentence
    foreign, nor do Vietnamese words without their marks. The language is told by its commonest
    words, or by its letters (Cyrillic is taken for Russian); `UNKNOWN` where neither says.

    >>> foreign_language("To be or not to be, that is the question.")
    'en'
    >>> foreign_language("Ông Thomas Reiter bay lên trạm Mir.")
    ''
    """
    sentence = sentence[:_LONGEST]
    if len(_OURS.findall(sentence)) > len(sentence) * _OURS_SHARE:
        return ""
    words = _WORD.findall(unicodedata.normalize("NFC", sentence))
    if script := _language_of_script(words):
        return script
    return _language_of_words([word.replace("’", "'") for word in words])


def _language_of_words(words: list[str]) -> str:
    counts = dict.fromkeys(_function_words(), 0)
    strange = ours = recognised = 0
    for place, word in enumerate(words):
        lower = word.lower()
        alien = not is_vietnamese(word) and not (word.isascii() and is_syllable(word))
        if place and word[0].isupper() and len(word) > 1:
            ours += not word.isascii() and not alien
            continue  # a name says little
        languages = [
            tag for tag, function_words in _function_words().items() if lower in function_words
        ]
        for tag in languages:
            counts[tag] += 1
        if alien and len(word) > 1 and not (word.isupper() and len(words) > 1):
            strange += 1
        elif languages:
            recognised += 1
        ours += not word.isascii() and not alien
    best = max(counts, key=lambda tag: counts[tag])
    foreign = strange + min(recognised, counts[best])
    if (
        not strange
        or foreign < _FEWEST
        or foreign < len(words) * _SHARE
        or ours * _TIMES_OURS > foreign
    ):
        return ""
    is_told = counts[best] and list(counts.values()).count(counts[best]) == 1
    return best if is_told else UNKNOWN


def _language_of_script(words: list[str]) -> str:
    """Return the language that most letters are the script of; nothing for Latin letters."""
    letters = [letter for word in words for letter in word if not letter.isascii()]
    total = sum(map(len, words))
    if len(letters) * 2 <= total:
        return ""
    counts: dict[str, int] = {}
    for letter in letters:
        script = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
        if script in _SCRIPTS:
            tag = _SCRIPTS[script]
            counts[tag] = counts.get(tag, 0) + 1
    if sum(counts.values()) * 2 <= total:
        return ""
    if "ja" in counts and "zh" in counts:
        return "ja"
    return max(counts, key=lambda tag: counts[tag])


@cache
def _function_words() -> dict[str, frozenset[str]]:
    table = load_pairs("function_words.tsv")
    return {language: frozenset(words.split()) for language, words in table.items()}
