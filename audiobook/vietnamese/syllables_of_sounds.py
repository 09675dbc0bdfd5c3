"""Vietnamese syllables of foreign sounds; each consonant closes one or gets a vowel of its own."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

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


def sounds_to_syllables(sounds: list[str]) -> list[str]:
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
