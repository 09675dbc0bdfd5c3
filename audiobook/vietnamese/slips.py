"""Slips of spelling: the known syllables that one slip makes of a written one."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from enum import Enum
from functools import cache

from audiobook.vietnamese.accents import sound_key, split_onset
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import bare
from audiobook.vietnamese.words import TONES, dictionary

# Letters of the longest syllable, nghiêng, and one inserted by mistake.
_LONGEST = 8


class Slip(Enum):
    """How two spellings differ."""

    PLACE = "the tone stands on another letter"
    TONE = "another tone"
    MARK = "another mark: o, ô and ơ, a, ă and â, e and ê, u and ư, d and đ"
    LETTER = "a letter more, less, another one, or two in the wrong order"
    SOUND = "another first letter that sounds the same in the north: s and x, ch and tr"
    ACCENT = "one that sounds the same to some, or was spelled so once: d, gi and r, l and n"
    HOOK = "hỏi for ngã, or the other way round"
    FINAL = "another last letter that sounds the same in the south: n and ng, t and c"


@remember_words
def near_spellings(written: str) -> dict[str, Slip]:
    """Return the known syllables from which one slip makes this spelling; all are folded.

    >>> near_spellings("phuơng")["phương"], near_spellings("hị")["họ"], near_spellings("xử")["sử"]
    (<Slip.MARK: ...>, <Slip.LETTER: ...>, <Slip.SOUND: ...>)
    """
    slips: dict[str, Slip] = {}
    if len(written) > _LONGEST:
        return slips
    toneless, tone = _take_tone(written)
    plain = bare(written)
    for shape in _shortened_forms(plain):
        for form in _forms_by_shape().get(shape, ()):
            for syllable, candidate, candidate_tone in _syllables_by_form()[form]:
                if (tone != candidate_tone and toneless != candidate) or syllable == written:
                    continue
                if form == plain:
                    slip = _slip_of_marks(toneless, candidate)
                    if slip is Slip.PLACE and tone != candidate_tone:
                        slip = Slip.TONE
                else:
                    slip = Slip.LETTER if _is_one_edit(toneless, candidate) else None
                if slip:
                    slips[syllable] = slip
    for syllable in syllables_of_sound(sound_key(written)):
        if syllable != written and slips.get(syllable) is not Slip.PLACE:
            slips[syllable] = _slip_of_sound(written, syllable)
    return slips


def _slip_of_marks(toneless: str, other: str) -> Slip | None:
    """Return the slip between two syllables that differ only in tones and marks, if it is one."""
    marks = sum(a != b for a, b in zip(toneless, other, strict=True))
    if marks == 0:
        return Slip.PLACE
    # The two marks of ươ are lost, or gained, together.
    return Slip.MARK if marks == 1 or (marks == 2 and "ươ" in toneless + other) else None


def _is_one_edit(first: str, second: str) -> bool:
    if len(first) == len(second):
        differences = [place for place in range(len(first)) if first[place] != second[place]]
        if len(differences) == 2 and differences[1] == differences[0] + 1:
            return (
                first[differences[0]] == second[differences[1]]
                and first[differences[1]] == second[differences[0]]
            )
        return len(differences) == 1
    shorter, longer = sorted((first, second), key=len)
    return len(longer) == len(shorter) + 1 and shorter in _shortened_forms(longer)


def _shortened_forms(form: str) -> set[str]:
    """Return a form itself and all forms that lack one of its letters."""
    return {form, *(form[:place] + form[place + 1 :] for place in range(len(form)))}


@remember_words
def _take_tone(syllable: str) -> tuple[str, str]:
    letters = unicodedata.normalize("NFD", syllable)
    tone = "".join(mark for mark in letters if mark in TONES)
    toneless = "".join(letter for letter in letters if letter not in TONES)
    return unicodedata.normalize("NFC", toneless), tone


@cache
def _syllables_by_form() -> dict[str, list[tuple[str, str, str]]]:
    """Return the known syllables by bare form, each with its toneless spelling and its tone."""
    syllables = defaultdict(list)
    for syllable in sorted(dictionary().syllables):
        syllables[bare(syllable)].append((syllable, *_take_tone(syllable)))
    return dict(syllables)


@cache
def _forms_by_shape() -> dict[str, list[str]]:
    """Return the bare forms by each of their shortened forms, which include themselves."""
    forms = defaultdict(list)
    for form in _syllables_by_form():
        for shape in _shortened_forms(form):
            forms[shape].append(form)
    return dict(forms)


@remember_words
def syllables_of_sound(sound: str) -> tuple[str, ...]:
    """Return the known syllables with a key of `sound_key`."""
    return tuple(_syllables_by_sound().get(sound, ()))


@cache
def _syllables_by_sound() -> dict[str, list[str]]:
    syllables = defaultdict(list)
    for syllable in sorted(dictionary().syllables):
        syllables[sound_key(syllable)].append(syllable)
    return dict(syllables)


def _slip_of_sound(written: str, candidate: str) -> Slip:
    """Return the slip between two syllables of one sound."""
    onset = split_onset(written)[0]
    if onset != split_onset(candidate)[0]:
        return Slip.SOUND if onset in ("s", "x", "ch", "tr") else Slip.ACCENT
    return Slip.HOOK if written[-1] == candidate[-1] or written[-1] not in "cgnt" else Slip.FINAL
