"""Foreign names and words: which they are, and Vietnamese syllables that say them.

Common words are read from a table (`data/foreign.tsv`). The others are turned into sounds, letter
group by letter group, as Vietnamese news does with European names, and the sounds into syllables:
a consonant that can close a syllable closes it (Messi: mét xi), one that cannot gets a vowel of its
own (Clinton: cờ lin tơn).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from math import inf
from typing import NamedTuple

from audiobook.vietnamese.syllables import bare, is_misspelt, is_vietnamese
from audiobook.vietnamese.table import load_pairs

_LETTER = r"[a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"
_WORD = re.compile(rf"{_LETTER}++(?:['’]{_LETTER}++)*+")
# What hangs together: a web address must be seen whole, so that no part of it is respelled.
_RUN = re.compile(r"[\w'’.@#:/\\&?=%+~-]++")
_ADDRESS = re.compile(r"[@#\\_]|://|(?i:www\.)|\.[a-z0-9]")
_WORD_IN_RUN = re.compile(rf"(?<!\w){_WORD.pattern}(?!\w)")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_ROMAN = re.compile(r"[IVXLCDM]+|[ivx]+")
_LONGEST_ACRONYM = 5
_LONGEST_REMEMBERED = 24
_LONGEST_SYLLABLE = 7
# Hardly another language has these: a word with them that is none of ours is spelled wrong, or
# several words run together.
_OURS = r"ơưảạẻẹẽỉịỏọủụỷỵỹ\u1ea4-\u1eb7\u1ebe-\u1ec7\u1ed0-\u1ee3\u1ee8-\u1ef1"
_VIETNAMESE_LETTER = re.compile(rf"[{_OURS}]")
# These too are rare in names: words that have them may be Vietnamese run together.
_MAY_BE_OURS = re.compile(rf"[{_OURS}đăâàìòùĩũ]")
_ONE_SYLLABLE = re.compile(
    r"(?:ngh?|gh?|gi|[cknpt]h|qu|tr|[bcdđhklmnprstvx])?[aăâeêioôơuưy]+(?:[bcdđfghjklmnpqrstvwxz]*)"
)
_TONES = {ord(mark): None for mark in "\u0300\u0301\u0303\u0309\u0323"}

# Letters beyond a to z. A capital is a sound that has one spelling here: E and O are never silent,
# C is ch, S is sh, J is the French j, N is nh, X is s.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("éèêëęėěæä", "E"),
        **dict.fromkeys("åôōő", "O"),
        **dict.fromkeys("čćĉ", "C"),
        **dict.fromkeys("šşș", "S"),
        **dict.fromkeys("žź", "J"),
        **dict.fromkeys("ñń", "N"),
        **dict.fromkeys("öøœâ", "ơ"),
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
_OWN = frozenset("abcdefghijklmnopqrstuvwxyzđơưEOCSJNX")
_V = "[aeiouyEOơư]"
_C = "[bcdfghjklmnpqrstvwxzđCSJNX]"

# Letter groups and the sounds they stand for, the first that fits. Consonants are written as
# Vietnamese onsets (c for every k), vowels as rimes; e is ê where the syllable is open.
_GROUPS: tuple[tuple[str, str], ...] = (
    # The beginnings and ends of words.
    (r"^mc(?=[^h])", "m a c"),
    (r"^kn|^gn", "n"),
    (r"^ps|^x", "x"),
    (r"tions?\Z", "x ơ n"),
    (rf"(?<={_C}[td])on\Z|(?<={_V}[tds])on\Z|(?<={_C}s)on\Z", "ơ n"),
    (r"burgh?\Z", "b u r c"),
    (r"ger\Z", "g ơ"),
    (rf"(?<={_C})er(?=(?:s[eo]n|man|ton)\Z)", "ơ"),
    (rf"(?<={_V})que\Z", "c"),
    (rf"(?<={_V})gue\Z", "g"),
    (r"(?<=[bcdfgkpt])le\Z", "l ồ"),
    (rf"(?<={_C})(?:er|ers|eur)\Z|(?<=[bcdgptv])re\Z", "ơ"),
    (rf"(?<={_C})er(?=[td]s?\Z)", "ơ"),
    (rf"(?<={_C})(?:ey|ie)\Z", "i"),
    (r"oe\Z|ow\Z|oh\Z|eaux?\Z", "ô"),
    (r"ea\Z", "ê a"),
    (r"eu\Z", "ơ"),
    (r"ue\Z", "u"),
    # English vowels, in words of one syllable.
    (rf"(?:(?<=^{_C})|(?<=^{_C}{_C}))a(?=[bcdfgklmnpstvxz]e\Z)", "ây"),
    (rf"(?:(?<=^{_C})|(?<=^{_C}{_C}))[iy](?=[bcdfgklmnpstvxz]e\Z)", "ai"),
    (rf"(?:(?<=^{_C})|(?<=^{_C}{_C}))y\Z", "ai"),
    (rf"(?:(?<=^{_C})|(?<=^{_C}{_C}))e(?=[bcdfgklmnpstvxz]e\Z)", "i"),
    # An e that ends a word is silent, but not after two consonants: Trieste, Dante.
    (rf"(?<={_V}{_C})e\Z|(?<={_V}ch)e\Z|(?<=ll|nn|tt|ss|rr|ff|pp|mm)e\Z", ""),
    (r"(?<=[nr][cgs])e\Z|(?<=[lr]v|nd)e\Z", ""),
    # Vowels.
    (r"eigh|aigh", "ây"),
    (r"igh", "ai"),
    (r"eau", "ô"),
    (r"aa+", "a"),
    (rf"ai|ei|[ae]y(?={_C})|ay(?={_V})", "ai"),
    (r"[ae]y\Z", "ây"),
    (rf"oi|oy(?!{_V})", "oi"),
    (r"au", "ao"),
    (rf"aw(?!{_V})", "o"),
    (r"ow(?=sk)", "ô p"),
    (rf"ow(?!{_V})", "ao"),
    (rf"ew(?!{_V})", "iu"),
    (r"eu", "oi"),
    (r"ee+|ea(?=[cdfgkmnpstv])|ii+|ij|iy|yi", "i"),
    (r"oo+|ou|uu+", "u"),
    # Consonants.
    (rf"(?<={_V})h(?!{_V})", ""),
    (r"schw", "s v"),
    (r"szcz|sch|sh|sz", "s"),
    (r"cz", "ch"),
    (rf"tsch|tch|ch(?={_V}|\Z)", "ch"),
    (r"c?qu(?=[aeiyE])", "c w"),
    (r"ch|ck|q", "c"),
    (r"cc(?=[eiyE])", "c x"),
    (rf"sc(?=[eiyE])|c(?=[eiyE])|^ts|tz(?={_V})", "x"),
    (r"tz", "t"),
    (r"zh|dj|dg(?=[eiyE])", "gi"),
    (r"dh", "đ"),
    (r"ph|pf", "ph"),
    (rf"gh(?={_V})|gu(?=[eiyE])", "g"),
    (r"gh", ""),
    (r"gu(?=[ao])", "g w"),
    (rf"gn(?={_V})", "nh"),
    (r"gg?i(?=[aouO])|g(?=[eiyE])|gg(?=[iy])", "gi"),
    (r"gg(?=[eE])", "g"),
    (r"kh", "kh"),
    (r"th", "t"),
    (r"rh|rr+", "r"),
    (r"ll+|lh", "l"),
    (rf"nh(?={_V})", "nh"),
    (rf"ng(?!{_V}|[lr])", "ng"),
    (r"n(?=g[aouO])", "ng"),
    (rf"(?<={_V})x(?={_V})", "c x"),
    (rf"x(?={_V})", "x"),
    (rf"wh?(?={_V})", "w"),
    (r"hh+", "h"),
)
_SINGLE = dict(
    pair.split(":")
    for pair in (
        "a:a b:b c:c d:đ đ:đ e:e f:ph g:g h:h i:i j:gi k:c l:l m:m n:n o:ô p:p q:c r:r s:x t:t u:u "
        "v:v w:v x:c y:i z:d ơ:ơ ư:ư E:ê O:ô C:ch S:s J:gi N:nh X:x"
    ).split()
)
_SOUNDS = [sounds.split() for _, sounds in _GROUPS]
_GROUP = re.compile("|".join(f"({group})" for group, _ in _GROUPS) + r"|.")

_VOWELS = frozenset("a e ê i ô o ơ ồ u ư ai ao ây oi iu".split())
_LIQUIDS = frozenset("rl")
_BEFORE_LIQUIDS = frozenset("b c đ g ph p t th v d x s".split())
_STOPS = frozenset("b c đ g p t ph".split())
# A consonant that ends a syllable.
_CODAS = {
    **dict.fromkeys(("p", "b", "ph", "v"), "p"),
    **dict.fromkeys(("t", "đ", "d", "x", "s", "gi", "tr"), "t"),
    "ch": "ch",
    **dict.fromkeys(("c", "g", "kh"), "c"),
    **dict.fromkeys(("n", "l", "nh"), "n"),
    "m": "m",
    "ng": "ng",
}
_GLIDED = {"a": "oa", "ai": "oai", "ao": "oao", "ây": "uây", "e": "oe", "ê": "uê", "i": "uy"}
# Rimes that are not a vowel and a coda put side by side; r stands for itself before a consonant.
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
_ACUTE = dict(zip("aeêioôơuư", "áéếíóốớúứ", strict=True))


class Respelling(NamedTuple):
    """A foreign word in a text, and what to write for it."""

    start: int
    """Position in the text, in characters."""
    end: int
    spoken: str


def is_foreign(word: str) -> bool:
    """Whether a word is none of Vietnamese, by its spelling alone.

    Acronyms (up to five capitals), Roman numerals, words without a vowel and Vietnamese words
    that lack their marks or have a wrong one are not.

    >>> [is_foreign(word) for word in ("Thomas", "radar", "Long", "Nguyen", "NATO", "XVIII")]
    [True, True, False, False, False, False]
    """
    return len(word) > 1 and _is_foreign(word)


def respell(word: str) -> str:
    """Say a foreign word in Vietnamese syllables, parted by spaces, in lower case.

    What is not a letter parts words; letters that are not Latin are left as they are.

    >>> respell("Reiter"), respell("Giulia"), respell("Ronaldo")
    ('rai tơ', 'giu li a', 'rô nan đô')
    """
    word = unicodedata.normalize("NFC", word)
    known = _known(word)
    if known:
        return known
    parts = []
    position = 0
    for match in _WORD.finditer(word):
        parts.append(_not_latin(word[position : match.start()]))
        parts.append(_respell_word(match[0]))
        position = match.end()
    parts.append(_not_latin(word[position:]))
    return " ".join(filter(None, parts))


def respell_foreign(text: str) -> list[Respelling]:
    """Find the foreign words of a text and respell them, in order, each on its own.

    Addresses of the net, handles, hashtags and words with digits are left alone.

    >>> respell_foreign("Ông Thomas Reiter, thomas@esa.int")
    [Respelling(start=4, end=10, spoken='tô mát'), Respelling(start=11, end=17, spoken='rai tơ')]
    """
    found: list[Respelling] = []
    for run in _RUN.finditer(text):
        written = run[0]
        short = len(written) <= _LONGEST_REMEMBERED
        for start, end, spoken in (_read_short_run if short else _read_run)(written):
            found.append(Respelling(run.start() + start, run.start() + end, spoken))
    return found


def _read_run(run: str) -> tuple[Respelling, ...]:
    if is_vietnamese(run) and not _known(run):
        return ()
    if _ADDRESS.search(run):
        return ()
    return tuple(
        Respelling(match.start(), match.end(), respell(match[0]))
        for match in _WORD_IN_RUN.finditer(run)
        if is_foreign(match[0]) or (_known(match[0]) and not _is_acronym(match[0]))
    )


_read_short_run = lru_cache(1 << 16)(_read_run)


def _is_acronym(word: str) -> bool:
    return (len(word) <= _LONGEST_ACRONYM and word.isupper()) or bool(_ROMAN.fullmatch(word))


def _is_foreign(word: str) -> bool:
    if is_vietnamese(word) or _is_acronym(word) or not _WORD.fullmatch(word):
        return False
    lower = unicodedata.normalize("NFC", word.lower())
    if _known(word):
        return True
    ours = lower.replace("ð", "đ")  # looks the same in capitals
    if is_vietnamese(ours) or is_misspelt(ours) or not re.search(_V, _bare_letters(lower)):
        return False
    if not lower.isascii() and lower[0] == bare(lower[1]) and is_vietnamese(lower[1:]):
        return False  # a large initial before the first letter: Aáo
    if _VIETNAMESE_LETTER.search(lower):
        toneless = unicodedata.normalize("NFD", lower).translate(_TONES)
        return _ONE_SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is None
    return True


def _known(word: str) -> str | None:
    return _table().get(word.lower().replace("’", "'"))


@cache
def _table() -> dict[str, str]:
    return {written.lower(): spoken for written, spoken in load_pairs("foreign.tsv").items()}


def _not_latin(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _respell_word(word: str) -> str:
    """Respell a word of Latin letters and apostrophes."""
    lower = _POSSESSIVE.sub("", word.lower()) or word.lower()
    known = _known(word) or _known(lower)
    if known:
        return known
    if is_vietnamese(lower):
        return lower
    if _MAY_BE_OURS.search(lower) and (syllables := _part_syllables(word)):
        return " ".join(syllables)
    return " ".join(_syllables(_sounds(_bare_letters(lower)))) or "ờ"


def _part_syllables(word: str) -> list[str]:
    """Part words run together (khôngphải, Oasinhtơn) into the fewest syllables, if possible.

    A syllable that begins with a vowel counts half as much again: nó tới, not nót ới.
    """
    costs = [0.0] * (len(word) + 1)
    ends = [0] * len(word)
    for start in range(len(word) - 1, -1, -1):
        costs[start] = inf
        for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(word)) + 1):
            if costs[end] + 1 < costs[start] and _is_whole_syllable(word[start:end]):
                costs[start] = costs[end] + (1.5 if bare(word[start]) in _V else 1)
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


def _bare_letters(word: str) -> str:
    """Fold letters with marks into those the letter groups are written in."""
    folded = []
    for letter in unicodedata.normalize("NFC", word).translate(_LETTERS):
        if letter in _OWN:
            folded.append(letter)
            continue
        decomposed = unicodedata.normalize("NFD", letter)
        for size in (3, 2, 1):  # ở is ơ, ế is ê, ï is i
            kept = unicodedata.normalize("NFC", decomposed[:size].translate(_TONES))
            kept = kept.translate(_LETTERS)
            if kept in _OWN:
                folded.append(kept)
                break
    return "".join(folded)


def _sounds(letters: str) -> list[str]:
    sounds: list[str] = []
    for match in _GROUP.finditer(letters):
        if match.lastindex:
            sounds += _SOUNDS[match.lastindex - 1]
        else:
            sounds.append(_SINGLE[match[0]])
    return sounds


def _syllables(sounds: list[str]) -> list[str]:
    """Join sounds into syllables: what stands between two vowels is shared out."""
    syllables: list[str] = []
    vowel = ""  # that of the syllable not yet closed, and its onset
    onset = ""
    cluster: list[str] = []
    for sound in sounds:
        if sound not in _VOWELS:
            cluster.append(sound)
            continue
        glide = bool(cluster) and cluster[-1] == "w"
        if glide:
            cluster.pop()
        if vowel:
            coda, cluster = _close(cluster)
            syllables.append(_spell(onset, vowel, coda))
        onset, weak = _open(cluster)
        syllables += weak
        vowel = sound
        if glide and sound in _GLIDED:
            vowel = _GLIDED[sound]
        elif glide and sound not in ("u", "ô", "o"):
            syllables.append(_spell(onset, "u", ""))
            onset = ""
        cluster = []
    cluster = [sound for sound in cluster if sound != "w"]
    if vowel:
        final = next((_CODAS[sound] for sound in cluster if sound in _CODAS), "")
        return [*syllables, _spell(onset, vowel, final)]
    return [_spell(sound, "ờ", "") for sound in cluster]


def _close(cluster: list[str]) -> tuple[str, list[str]]:
    """Return the coda that consonants between two vowels leave to the first, and the others."""
    if len(cluster) <= 1:
        return "", cluster
    first, second = cluster[0], cluster[1]
    if len(cluster) == 2 and second in _LIQUIDS and first in _BEFORE_LIQUIDS:
        return "", cluster
    if first == "r":
        return "r", cluster[1:]
    if first in _CODAS:
        return _CODAS[first], cluster[1:]
    return "", cluster[1:]


def _open(cluster: list[str]) -> tuple[str, list[str]]:
    """Return the onset of a syllable, and syllables of their own for consonants before it."""
    if not cluster:
        return "", []
    onset = cluster[-1]
    before = cluster[-2] if len(cluster) > 1 else ""
    weak: list[str] = []
    if before == "t" and onset == "r":
        onset = "tr"
        before = cluster[-3] if len(cluster) > 2 else ""
    elif onset in _LIQUIDS and before in _BEFORE_LIQUIDS:
        weak = [before]
        before = cluster[-3] if len(cluster) > 2 else ""
        if before in ("x", "s"):
            weak.insert(0, before)
        before = ""
    if before in ("x", "s") or (before and len(cluster) == 2 and not weak):
        weak.insert(0, before)
    return onset, [_spell(sound, "ờ", "") for sound in weak if sound != "w"]


def _spell(onset: str, vowel: str, coda: str) -> str:
    if onset == "w":
        onset = ""
    if vowel == "e" and not coda:
        vowel = "ê"
    if (len(vowel) > 1 and vowel in _VOWELS) or vowel in ("oai", "oao", "uây", "ồ", "ờ"):
        coda = ""  # ai, ao: nothing can follow
    if vowel + coda not in _RIMES and coda == "ch":
        coda = "t"
    rime = _RIMES.get(vowel + coda)
    if rime == "iếc" and not onset:
        rime = "ia"
    if rime is None:
        rime = vowel if coda == "r" else vowel + coda
        if coda in ("p", "t", "c"):
            last = len(vowel) - 1
            rime = rime[:last] + _ACUTE.get(rime[last], "ý") + rime[last + 1 :]
    return _join(onset, rime)


def _join(onset: str, rime: str) -> str:
    """Write an onset before a rime as the orthography wants it."""
    bare = unicodedata.normalize("NFD", rime)
    front = bare[0] in "eiy"
    if onset == "c":
        if bare[0] == "o" and bare[1:2] in ("a", "e"):
            return f"qu{rime[1:]}"
        if bare[0] == "u" and bare[1:2] in ("y", "e"):
            return f"q{rime}"
        if bare.startswith("ua\u0302"):
            return f"q{rime}"
        return f"k{rime}" if front else f"c{rime}"
    if onset == "gi":
        return f"g{rime}" if bare[0] == "i" else f"gi{rime}"
    if onset in ("g", "ng") and front:
        return f"{onset}h{rime}"
    return f"{onset}{rime}"
