"""Which syllables rhyme in Vietnamese verse: the same class of tone, and rimes that sound alike."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.accents import split_onset
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import is_vietnamese

_OBLIQUE_TONES = frozenset("\u0301\u0303\u0309\u0323")  # sắc, ngã, hỏi, nặng
_TONES = {ord(tone): None for tone in "\u0300\u0301\u0303\u0309\u0323"}
_RIME = re.compile(r"(?P<nucleus>[aăâeêioôơuưy]+?)(?P<coda>ch|ng|nh|[cmnptioyu]?)")
# Verse lets vowels of one region of the mouth rhyme: tre with về, lòng with chung, mây with hay.
_FRONT, _MIDDLE, _BACK = "eêiy", "aăâơư", "oôu"
# Codas that rhyme: thuyền with bên and tình, lòng with sông.
_CODAS = {"nh": "n", "ng": "n", "m": "n", "ch": "t", "c": "t", "p": "t", "i": "y", "o": "u"}


class _Rime(NamedTuple):
    regions: frozenset[str]
    coda: str
    is_level: bool


def is_level(syllable: str) -> bool:
    """Whether a syllable has a level tone (bằng: ngang or huyền), not an oblique one (trắc).

    >>> is_level("nhau"), is_level("lòng"), is_level("mệnh")
    (True, True, False)
    """
    return _OBLIQUE_TONES.isdisjoint(unicodedata.normalize("NFD", syllable))


def rhymes(syllable: str, other: str) -> bool:
    """Whether two syllables rhyme as Vietnamese verse asks: nearly the same rime, one tone class.

    >>> rhymes("ta", "là"), rhymes("dâu", "đau"), rhymes("nhau", "mệnh"), rhymes("vui", "vụi")
    (True, True, False, False)
    """
    first, second = _rime_of(syllable.lower()), _rime_of(other.lower())
    if first is None or second is None or first[1:] != second[1:]:
        return False
    return not first.regions.isdisjoint(second.regions)


@remember_words
def _rime_of(syllable: str) -> _Rime | None:
    """Return the part of a syllable that rhymes, None if it is not a Vietnamese syllable."""
    if not is_vietnamese(syllable):
        return None
    letters = unicodedata.normalize("NFD", syllable).translate(_TONES)
    _, rime = split_onset(unicodedata.normalize("NFC", letters))
    match = _RIME.fullmatch(rime)
    if match is None:
        return None
    nucleus, coda = match["nucleus"], match["coda"]
    if rime == "uy":
        nucleus, coda = "i", ""
    # A glide before the vowel does not count: hoa with ta, thuyền with tiên.
    if len(nucleus) > 1 and nucleus[0] in "ou" and nucleus not in ("uô", "ua"):
        nucleus = nucleus[1:]
    vowel = nucleus[0] if nucleus in ("ia", "ya", "ua", "ưa") else nucleus[-1]
    return _Rime(_regions_of(vowel, coda), _CODAS.get(coda, coda), is_level(syllable))


def _regions_of(vowel: str, coda: str) -> frozenset[str]:
    if vowel in _FRONT or (vowel == "a" and coda in ("nh", "ch")):  # anh with tình
        return frozenset((_FRONT,))
    if vowel == "ơ" or coda in ("i", "y"):  # sơn with nguồn and chân, trời with rồi
        return frozenset((_MIDDLE, _BACK))
    return frozenset((_MIDDLE if vowel in _MIDDLE else _BACK,))
