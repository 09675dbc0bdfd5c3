"""Foreign words in Vietnamese syllables: letters into sounds, sounds into syllables.

The letters show which language a word may be from (`data/tongues.tsv`): in Kowalski the w is a v,
in Washington it is not. Its letter groups are turned into sounds (`data/letter_groups.tsv`), as
Vietnamese news does with foreign names, and the sounds into syllables: a consonant that can close a
syllable closes it (Messi: mét xi), another gets a vowel of its own (Clinton: cờ lin tơn).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables_of_sounds import sounds_to_syllables
from audiobook.vietnamese.table import load_table

# The language of a longer word is not guessed: names are shorter.
_LONGEST_NAME = 24
_TONES = {ord(mark): None for mark in "\u0300\u0301\u0303\u0309\u0323"}

# Letters beyond a to z. A capital stands for a sound that has only one spelling here: E and O are
# never silent, C is ch, S is sh, J is the French j, N is nh, X is s; A is the nasal a.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("éèêëęėěæä", "E"),
        **dict.fromkeys("åôōő", "O"),
        **dict.fromkeys("čćĉ", "C"),
        **dict.fromkeys("šşș", "S"),
        **dict.fromkeys("žź", "J"),
        **dict.fromkeys("ñń", "N"),
        **dict.fromkeys("öøœâ", "ơ"),
        "ã": "A",
        "õ": "O",
        "ç": "X",
        "ß": "ss",
        "þ": "th",
        "ð": "đ",
        "ł": "l",
        "ı": "i",
        "ğ": "",
        "ŋ": "ng",
    }
)
_OWN = frozenset("abcdefghijklmnopqrstuvwxyzđơưAEOCSJNX")
_V = "[aeiouyAEOơư]"
_C = "[bcdfghjklmnpqrstvwxzđCSJNX]"
_HAS_VOWEL = re.compile(_V)
# The sound of a single letter where no group fits.
_SINGLE = dict(
    pair.split(":")
    for pair in (
        "a:a b:b c:c d:đ đ:đ e:e f:ph g:g h:h i:i j:gi k:c l:l m:m n:n o:ô p:p q:c r:r s:x t:t u:u "
        "v:v w:v x:c y:i z:d ơ:ơ ư:ư A:a E:ê O:ô C:ch S:s J:gi N:nh X:x"
    ).split()
)


# English names of two words, each spoken on its own: Greenwood is green and wood.
_COMPOUND = re.compile(
    r"([a-z]{3,12})(wood|burn|field|lake|land|mouth|port|fellow|thorne?|stone|house|brook|worth|side"
    r"|gate|style|light)"
    r"|(globe|white|life|live(?!r)|home|space|game|face|phone|fire|stone|wave|blue)(?=[bcdfghklmnprstw][aeioulrhy])"
    r"([a-z]{3,12})"
    r"|(data|base|time|dead|head|off|out|sun|under|air|pipe|run|user|web|down|over|free|main|guide)"
    r"(base|line|time|rise|file|code|name|type|page|case|frame|space|size|life|side|date)s?",
    re.IGNORECASE,
)


class _LetterGroups(NamedTuple):
    """The letter groups of a language: one pattern, and the sounds of each alternative in it."""

    pattern: re.Pattern[str]
    sounds: list[list[str]]


def transliterate(word: str) -> str:
    """Return a word of Latin letters in Vietnamese syllables, separated by spaces, in lower case.

    >>> transliterate("Kowalski"), transliterate("Beauvoir"), transliterate("Juan")
    ('cô van xờ ki', 'bô voa', 'hoan')
    """
    compound = _COMPOUND.fullmatch(word)
    parts = tuple(filter(None, compound.groups())) if compound else (word,)
    syllables = (
        " ".join(sounds_to_syllables(_letters_to_sounds(fold_letters(part), tongue(part))))
        for part in parts
    )
    return " ".join(filter(None, syllables)) or "ờ"


def has_vowel(word: str) -> bool:
    """Whether a word has a vowel (y is one), with any mark."""
    return _HAS_VOWEL.search(fold_letters(word)) is not None


def tongue(word: str) -> str:
    """Guess the language of a word from its letters; "any" if they do not show it.

    >>> tongue("Kowalski"), tongue("Zhang"), tongue("Thomas")
    ('polish', 'chinese', 'any')
    """
    if len(word) > _LONGEST_NAME:
        return "any"
    lower = unicodedata.normalize("NFC", word.lower())
    return next((name for name, pattern in _tongues() if pattern.search(lower)), "any")


def fold_letters(word: str) -> str:
    """Return a word in the letters of the letter groups: a to z and a few more."""
    folded = []
    for letter in unicodedata.normalize("NFC", word.lower()).translate(_LETTERS):
        if letter in _OWN:
            folded.append(letter)
            continue
        decomposed = unicodedata.normalize("NFD", letter)
        for size in (3, 2, 1):  # ở is ơ, ế is ê, ï is i
            plain = unicodedata.normalize("NFC", decomposed[:size].translate(_TONES))
            plain = plain.translate(_LETTERS)
            if plain in _OWN:
                folded.append(plain)
                break
    return "".join(folded)


@cache
def _tongues() -> list[tuple[str, re.Pattern[str]]]:
    return [(name, _compile(pattern)) for name, pattern, _, _ in load_table("tongues.tsv")]


@cache
def _letter_groups(name: str) -> _LetterGroups:
    rows = [row for row in load_table("letter_groups.tsv") if row[0] in (name, "any")]
    pattern = _compile("|".join(f"({group})" for _, group, _, _ in rows) + "|.")
    return _LetterGroups(pattern, [sounds.split() for _, _, sounds, _ in rows])


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{V}", _V).replace("{C}", _C))


def _letters_to_sounds(letters: str, name: str) -> list[str]:
    groups = _letter_groups(name)
    sounds: list[str] = []
    for match in groups.pattern.finditer(letters):
        if match.lastindex:
            sounds += groups.sounds[match.lastindex - 1]
        else:
            sounds.append(_SINGLE[match[0]])
    return sounds
