"""Which language a sentence is in, if it is not Vietnamese."""

from __future__ import annotations

import unicodedata
from functools import cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese
from audiobook.vietnamese.table import load_pairs, load_table

UNKNOWN = "und"
"""The BCP 47 tag for a language that is not recognised."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Letters that hardly any other language has: in Vietnamese one of every five or six letters.
_OURS = re.compile(r"[ăđơưĂĐƠƯ\u1EA0-\u1EF9]")
_OURS_SHARE = 1 / 14
# A sentence is foreign if it has at least two foreign words, if they are half of its words, and if
# they are three times as many as the words that can only be Vietnamese.
_FEWEST, _SHARE, _TIMES_OURS = 2, 0.5, 3
# Of a longer sentence only the beginning is looked at.
_LONGEST = 2_000
# How words of a language end, and what their uninflected form has instead.
_ENDINGS = {
    "en": (
        *(("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y")),
        *(("ing", ""), ("ing", "e")),
    ),
    "fr": (("", ""), ("s", ""), ("x", ""), ("es", ""), ("e", ""), ("aux", "al")),
}
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
    """Return the BCP 47 tag of the language of a sentence, "" if it is Vietnamese.

    A sentence is foreign if most of its words are not Vietnamese; names among Vietnamese words do
    not make it foreign, nor do Vietnamese words without their marks. The commonest words show the
    language, or the script (Cyrillic counts as Russian); otherwise it is `UNKNOWN`.

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


@cache
def languages() -> tuple[str, ...]:
    """Return the BCP 47 tags of the languages that are recognised, English and French first."""
    return tuple(dict.fromkeys(("en", "fr", *_function_words(), *_SCRIPTS.values())))


def is_foreign(word: str) -> bool:
    """Return whether a word can not be Vietnamese, even without its marks."""
    return not is_vietnamese(word) and not (word.isascii() and is_syllable(word))


def languages_of(word: str) -> list[str]:
    """Return the languages of whose commonest words this is one, written in small letters."""
    return [tag for tag, function_words in _function_words().items() if word in function_words]


def is_common(word: str, language: str) -> bool:
    """Return whether a word in small letters is a common one of a language, inflected or not.

    Common words are known of English and French.

    >>> is_common("gardens", "en"), is_common("enfants", "fr"), is_common("Thomas", "en")
    (True, True, False)
    """
    words = _common_words().get(language, frozenset())
    return any(
        word.removesuffix(ending) + stem in words
        for ending, stem in _ENDINGS.get(language, ())
        if word.endswith(ending) and (not ending or len(word) - len(ending) > 1)
    )


def _language_of_words(words: list[str]) -> str:
    counts = dict.fromkeys(_function_words(), 0)
    foreign_count = vietnamese_count = function_word_count = 0
    for index, word in enumerate(words):
        lower = word.lower()
        foreign = is_foreign(word)
        if index and word[0].isupper() and len(word) > 1:
            vietnamese_count += not word.isascii() and not foreign
            continue  # a name shows little
        languages = languages_of(lower)
        for tag in languages:
            counts[tag] += 1
        if foreign and len(word) > 1 and not (word.isupper() and len(words) > 1):
            foreign_count += 1
        elif languages:
            function_word_count += 1
        vietnamese_count += not word.isascii() and not foreign
    best_tag = max(counts, key=lambda tag: counts[tag])
    foreign_total = foreign_count + min(function_word_count, counts[best_tag])
    if (
        not foreign_count
        or foreign_total < _FEWEST
        or foreign_total < len(words) * _SHARE
        or vietnamese_count * _TIMES_OURS > foreign_total
    ):
        return ""
    is_unique = counts[best_tag] and list(counts.values()).count(counts[best_tag]) == 1
    return best_tag if is_unique else UNKNOWN


def _language_of_script(words: list[str]) -> str:
    """Return the language whose script most letters are in; empty for Latin letters."""
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


@cache
def _common_words() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for language, row in load_table("common_words.tsv"):
        words.setdefault(language, set()).update(row.split())
    return {language: frozenset(common) for language, common in words.items()}
