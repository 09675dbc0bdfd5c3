"""Old spellings, and rhymes of echo words: they look like misprints and are none."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import bare

_ONSET = re.compile(r"(?:ngh?|gh?|gi|[cknpt]h|qu|tr|[bcdđhklmnprstvx])?")
_A_FOR_A_CIRCUMFLEX = str.maketrans("âầấẩẫậ", "aàáảãạ")
Y = "yỳýỷỹỵ"
"""The letter y with each tone."""
_I_FOR_Y = str.maketrans(Y, "iìíỉĩị")


def is_old_spelling(written: str, candidate: str) -> bool:
    """Whether only a and â before y and u (nhẩy, nhảy), or y and i alone (ỹ, ĩ), differ."""
    if written[-1] in "uy":
        return written.translate(_A_FOR_A_CIRCUMFLEX) == candidate.translate(_A_FOR_A_CIRCUMFLEX)
    return len(written) == 1 and written.translate(_I_FOR_Y) == candidate.translate(_I_FOR_Y)


def do_rhyme(first: str, second: str) -> bool:
    """Whether two different syllables have the same rime, whatever their tones and marks."""
    return first != second and _rime(first) == _rime(second)


def _rime(syllable: str) -> str:
    return _ONSET.sub("", bare(syllable), count=1)
