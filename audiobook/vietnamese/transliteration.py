"""Foreign words in Vietnamese syllables: letters into sounds, sounds into syllables.

The letters show which language a word may be from (`data/tongues.tsv`): in Kowalski the w is a v,
in Washington it is not. Its letter groups are turned into sounds (`data/letter_groups.tsv`), as
Vietnamese news does with foreign names, and the sounds into syllables: a consonant that can close a
syllable closes it (Messi: mét xi), another gets a vowel of its own (Clinton: cờ lin tơn).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
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

# Sounds that begin with one of these are vowels; only those in _OPEN let a consonant close the
# syllable.
_VOWELS = frozenset("aăâeèêioôơồuưy")
_OPEN = frozenset("a ă e ê i o ô ơ u ư oa oe uê uô uy".split())
_LIQUIDS = frozenset("rl")
_BEFORE_LIQUIDS = frozenset("b c đ g ph p t th v d x s".split())
# Stops and nasals, which are hardly heard between two other consonants.
_UNHEARD = frozenset("b c đ g m n p t".split())
# The coda that stands for each consonant at the end of a syllable.
_CODAS = {
    **dict.fromkeys(("p", "b", "ph", "v"), "p"),
    **dict.fromkeys(("t", "đ", "d", "x", "s", "gi", "tr"), "t"),
    "ch": "ch",
    **dict.fromkeys(("c", "g", "kh"), "c"),
    **dict.fromkeys(("n", "l", "nh"), "n"),
    "m": "m",
    "ng": "ng",
}
_GLIDED = {
    "a": "oa",
    "ai": "oai",
    "ao": "oao",
    "anh": "oanh",
    "ăng": "oăng",
    "ây": "uây",
    "e": "oe",
    "è": "oe",
    "ê": "uê",
    "i": "uy",
}
# Rimes that are not simply vowel and coda; the coda r occurs only before a consonant.
_RIMES = {
    "ic": "ích",
    "ing": "inh",
    "êc": "ếch",
    "êng": "ênh",
    "ơc": "ớt",
    "ơng": "ơn",
    "ich": "ích",
    "êch": "ếch",
    "ưp": "ứt",
    "uêc": "uếch",
    "uêm": "uên",
    "uêng": "uênh",
    "uêp": "uyết",
    "uêt": "uyết",
    "oep": "oét",
    "oec": "oét",
    "oem": "oem",
    "oeng": "oen",
    "uyc": "uých",
    "uych": "uých",
    "uym": "uyn",
    "uyng": "uynh",
    "ar": "ác",
    "er": "éc",
    "êr": "éc",
    "ir": "iếc",
    "or": "óc",
    "ôr": "oóc",
    "ur": "uốc",
    "ơr": "ớt",
    "oar": "oác",
}
_ACUTE = dict(zip("aăeêioôơuư", "áắéếíóốớúứ", strict=True))


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
        " ".join(_sounds_to_syllables(_letters_to_sounds(fold_letters(part), tongue(part))))
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


def _sounds_to_syllables(sounds: list[str]) -> list[str]:
    """Return the syllables of sounds; consonants between two vowels go to either syllable."""
    syllables: list[str] = []
    vowel = ""  # the vowel of the syllable that is not yet closed, and its onset below
    onset = ""
    cluster: list[str] = []
    for sound in sounds:
        if sound == "W" and vowel:
            coda, cluster = _close_syllable(vowel, [*cluster, "w"])
            syllables.append(_spell_syllable(onset, vowel, coda))
            vowel = ""
            continue
        if sound[0] not in _VOWELS:
            cluster.append("w" if sound == "W" else sound)
            continue
        has_glide = bool(cluster) and cluster[-1] == "w"
        if has_glide:
            cluster.pop()
        if vowel:
            coda, cluster = _close_syllable(vowel, cluster)
            syllables.append(_spell_syllable(onset, vowel, coda))
        onset, weak_syllables = _open_syllable(cluster)
        syllables += weak_syllables
        vowel = sound
        if has_glide and sound in _GLIDED:
            vowel = _GLIDED[sound]
        elif has_glide and sound not in ("u", "ô", "o", "uô"):
            syllables.append(_spell_syllable(onset, "u", ""))
            onset = ""
        cluster = []
    cluster = [sound for sound in cluster if sound != "w"]
    if vowel:
        final = next((_CODAS[sound] for sound in cluster if sound in _CODAS), "")
        return [*syllables, _spell_syllable(onset, vowel, final)]
    return syllables or [_spell_syllable(sound, "ờ", "") for sound in cluster]


def _close_syllable(vowel: str, cluster: list[str]) -> tuple[str, list[str]]:
    """Return the coda that consonants between two vowels give to the first, and the others."""
    if len(cluster) <= 1:
        return "", cluster
    first, second = cluster[0], cluster[1]
    # A stop closes the syllable before an l, if it can be closed: Pablo, but not Langlais.
    is_split = second == "l" and first in _UNHEARD and vowel in _OPEN
    if len(cluster) == 2 and _can_begin_syllable(first, second) and not is_split:
        return "", cluster
    if first in ("x", "s") and vowel not in _OPEN:  # Vietstar: iệt is closed already
        return "", cluster
    coda = "r" if first == "r" else _CODAS.get(first, "")
    return coda, _without_stops(cluster[1:]) if coda else cluster[1:]


def _without_stops(cluster: list[str]) -> list[str]:
    """Return consonants without the middle one of three, hardly heard: Bergman, Dortmund."""
    first_heard = next(
        (
            place
            for place, (sound, following) in enumerate(pairwise(cluster))
            if sound not in _UNHEARD or _can_begin_syllable(sound, following)
        ),
        len(cluster) - 1,
    )
    return cluster[first_heard:]


def _can_begin_syllable(first: str, second: str) -> bool:
    """Whether two consonants can begin a syllable: the dr of Andrea, but not the tl of Atlanta."""
    if second == "l" and first in ("t", "đ", "d"):
        return False
    return second in _LIQUIDS and first in _BEFORE_LIQUIDS


def _open_syllable(cluster: list[str]) -> tuple[str, list[str]]:
    """Return the onset of a syllable, and extra syllables for the consonants before it."""
    if not cluster:
        return "", []
    onset = cluster[-1]
    previous = cluster[-2] if len(cluster) > 1 else ""
    weak_syllables: list[str] = []
    if previous == "t" and onset == "r":
        onset = "tr"
        previous = cluster[-3] if len(cluster) > 2 else ""
    elif onset in _LIQUIDS and previous in _BEFORE_LIQUIDS:
        weak_syllables = [previous]
        previous = cluster[-3] if len(cluster) > 2 else ""
        if previous in ("x", "s"):
            weak_syllables.insert(0, previous)
        previous = ""
    if previous in ("x", "s") or (previous and len(cluster) == 2 and not weak_syllables):
        weak_syllables.insert(0, previous)
    return onset, [_spell_syllable(sound, "ờ", "") for sound in weak_syllables if sound != "w"]


def _spell_syllable(onset: str, vowel: str, coda: str) -> str:
    if onset == "w":
        onset = ""
    if vowel == "e" and not coda:
        vowel = "ê"
    elif vowel == "è":
        vowel, coda = "e", ""
    if vowel not in _OPEN:  # ai, ông: nothing can follow
        coda = ""
    if vowel + coda not in _RIMES and coda == "ch":
        coda = "t"
    rime = _RIMES.get(vowel + coda)
    if rime == "iếc" and not onset:
        rime = "ia"
    if rime is None:
        rime = vowel if coda == "r" else vowel + coda
        if coda in ("p", "t", "c"):
            vowel_index = len(vowel) - 1
            rime = rime[:vowel_index] + _ACUTE.get(rime[vowel_index], "ý") + rime[vowel_index + 1 :]
    return _join_onset(onset, rime)


def _join_onset(onset: str, rime: str) -> str:
    """Return an onset and a rime joined by the rules of the orthography."""
    decomposed = unicodedata.normalize("NFD", rime)
    front = decomposed[0] in "eiy"
    if onset == "c":
        if decomposed[0] == "o" and decomposed[1:2] in ("a", "e"):
            return f"qu{rime[1:]}"
        if decomposed[0] == "u" and decomposed[1:2] in ("y", "e"):
            return f"q{rime}"
        if decomposed.startswith("ua\u0302"):
            return f"q{rime}"
        return f"k{rime}" if front else f"c{rime}"
    if onset == "gi":
        return f"g{rime}" if decomposed[0] == "i" else f"gi{rime}"
    if onset in ("g", "ng") and front:
        return f"{onset}h{rime}"
    return f"{onset}{rime}"
