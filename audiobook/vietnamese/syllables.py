"""Which strings of letters are Vietnamese syllables, with their marks or without."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.table import load_table

# Onset and rime as the orthography allows them, without marks and tones: enough to distinguish a
# Vietnamese word in capitals from an acronym.
_SHAPE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|ch|nh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:uye|uyu|uya|ueu|oai|oao|oay|oeo|uay|uoi|uou|ieu|yeu|"
    r"ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_TONES_AND_MARKS = {ord(mark): None for mark in "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# The vowels that carry a tone, with the tone and without.
_TONE_OF = {
    unicodedata.normalize("NFC", vowel + tone): tone for vowel in "aăâeêioôơuưy" for tone in _TONES
}
_TONELESS = {
    ord(toned): unicodedata.normalize("NFC", unicodedata.normalize("NFD", toned).replace(tone, ""))
    for toned, tone in _TONE_OF.items()
}
_STOP_TONES = frozenset("\u0301\u0323")
_STOPS = ("p", "t", "c", "ch")
# Letters of a syllable decomposed: nghiêng with a tone has nine.
_LONGEST = 12

_ONSETS = ("", *"b ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x c".split())
_FRONT = ("e", "ê", "i")
# Parts of place names that count as Vietnamese though their spelling breaks the rules.
_NAMES = frozenset("kông kạn đắk đăk lắk lăk".split())


def is_syllable(word: str) -> bool:
    """Whether a word has the shape of one Vietnamese syllable, whatever its marks.

    >>> is_syllable("ANH"), is_syllable("ESA"), is_syllable("ISS")
    (True, False, False)
    """
    return len(word) <= _LONGEST and _has_shape(word)


def is_vietnamese(word: str) -> bool:
    """Whether a word is spelled as one Vietnamese syllable, in small letters or capitals.

    Vowels need their marks (the table of rimes is `data/rimes.tsv`), the tone may be missing. Both
    placements of the tone are right where usage is divided: hoà and hòa, thuỷ and thủy.

    >>> is_vietnamese("Nguyễn"), is_vietnamese("hoà"), is_vietnamese("hòa"), is_vietnamese("Long")
    (True, True, True, True)
    >>> is_vietnamese("Nguyen"), is_vietnamese("ce"), is_vietnamese("hòac"), is_vietnamese("màt")
    (False, False, False, False)
    """
    return len(word) <= _LONGEST and _is_spelled_right(word)


def is_misspelt(word: str) -> bool:
    """Whether a word is not Vietnamese but would be with other marks, or with any.

    >>> is_misspelt("Nguyen"), is_misspelt("đuợc"), is_misspelt("tòan"), is_misspelt("Thomas")
    (True, True, True, False)
    """
    return (
        len(word) <= _LONGEST
        and not _is_spelled_right(word)
        and _cached_bare(word) in _bare_forms()
    )


def bare(word: str) -> str:
    """Return a word in lower case without tones and vowel marks; đ and other marks stay.

    >>> bare("Thuở"), bare("Đường"), bare("Müller")
    ('thuo', 'đuong', 'müller')
    """
    decomposed = unicodedata.normalize("NFD", word.lower()).translate(_TONES_AND_MARKS)
    return unicodedata.normalize("NFC", decomposed)


@remember_words
def tone_last(word: str) -> str:
    """Return a word with its tone after all letters, the same for both placements of the tone.

    >>> tone_last("hoà") == tone_last("hòa")
    True
    """
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in decomposed if mark in _TONES)
    letters = "".join(mark for mark in decomposed if mark not in _TONES)
    return unicodedata.normalize("NFC", letters) + tones


@remember_words
def _has_shape(word: str) -> bool:
    return _SHAPE.fullmatch(bare(word)) is not None


@remember_words
def _is_spelled_right(word: str) -> bool:
    lower = unicodedata.normalize("NFC", word.lower())
    base = lower.translate(_TONELESS)
    places = _tone_places().get(base)
    if places is None:
        return lower in _NAMES
    if base == lower:
        return True
    tones = [(place, _TONE_OF[sign]) for place, sign in enumerate(lower) if sign in _TONE_OF]
    if len(tones) > 1:
        return lower in _NAMES
    place, tone = tones[0]
    return place in places and (tone in _STOP_TONES or not base.endswith(_STOPS))


@remember_words
def _cached_bare(word: str) -> str:
    return bare(word)


@cache
def _bare_forms() -> frozenset[str]:
    return frozenset(
        form for base in _tone_places() for form in (bare(base), bare(base).replace("đ", "d"))
    )


@cache
def _tone_places() -> dict[str, frozenset[int]]:
    """Return which letters of each syllable, by index, may carry a tone; the keys have none."""
    syllables: dict[str, frozenset[int]] = {}
    for nucleus, finals, place_list in load_table("rimes.tsv"):
        places = [int(place) for place in place_list.split()]
        for final in finals.split():
            rime = nucleus + final.removeprefix("-")
            for onset in _ONSETS:
                if onset == "qu" and rime.startswith("uy"):  # one u is written for both
                    base, first = "q" + rime, 1
                elif _onset_fits(onset, rime):
                    base, first = onset + rime, len(onset)
                else:
                    continue
                carriers = frozenset(first + place for place in places)
                syllables[base] = syllables.get(base, frozenset()) | carriers
    return syllables


def _onset_fits(onset: str, rime: str) -> bool:
    """Whether the orthography writes an onset before a rime."""
    is_front = rime.startswith(_FRONT)
    if onset == "":
        return not rime.startswith("iê")
    if rime.startswith("yê"):
        return False
    match onset:
        case "c" | "ng":
            return not is_front and rime != "y"
        case "k":
            return is_front or rime == "y"
        case "gh" | "ngh":
            return is_front
        case "g":  # before i it stands for gi: gì, giếng
            return (not is_front and rime != "y") or (rime[0] == "i" and rime != "ia")
        case "gi":
            return rime[0] not in "iy"
        case "qu":
            return (rime[0] in "aăâeêiơ" and rime != "ia") or rime == "ôc"
        case _:
            return True
